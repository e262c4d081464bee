"""Everything that is measured of a network, one entry an instrument: those of every network, and those of families."""

from collections.abc import Mapping

from nnviz.records.tier import Tier
from nnviz.training.instruments.angles import gradient_update, successive_gradients
from nnviz.training.instruments.answers import confusion, gallery, sample
from nnviz.training.instruments.branches import branch_costs, branch_shares
from nnviz.training.instruments.codes import atlas, decoded, latent
from nnviz.training.instruments.density import density
from nnviz.training.instruments.filters import feature_maps, first_filters
from nnviz.training.instruments.hessian_trace import hessian_trace
from nnviz.training.instruments.instrument import Instrument
from nnviz.training.instruments.layer_reads import layer_reads
from nnviz.training.instruments.layers import dead_units, layers
from nnviz.training.instruments.parameters import buffers, filters, parameters, values, weights
from nnviz.training.instruments.plane import field, fit
from nnviz.training.instruments.quality import alpha, noise_scale
from nnviz.training.instruments.reconstructions import reconstructions
from nnviz.training.instruments.rollout import forecast, generated, sums
from nnviz.training.instruments.samples import samples, verdicts
from nnviz.training.instruments.sharpness import sharpness
from nnviz.training.instruments.spectra import effective_rank, spectrum
from nnviz.training.instruments.steps import gates, gradient_flow, reading
from nnviz.training.instruments.units import saturated_units, twin_units
from nnviz.training.instruments.witnesses import witnesses

INSTRUMENTS_OF_ALL: Mapping[str, Instrument] = {
    "layers": Instrument(layers, is_kept=True),
    "dead_units": Instrument(dead_units, is_kept=True),
    "parameters": Instrument(parameters, is_kept=True),
    "sharpness": Instrument(sharpness, is_kept=True, tier=Tier.FULL),
    "hessian_trace": Instrument(hessian_trace, is_kept=True, tier=Tier.FULL),
    "field": Instrument(field),
    "fit": Instrument(fit),
    "confusion": Instrument(confusion),
    "gallery": Instrument(gallery),
    "sample": Instrument(sample),
    "filters": Instrument(filters),
    "weights": Instrument(weights),
    "values": Instrument(values, is_copy=True),
    "buffers": Instrument(buffers, is_copy=True),
    "successive_gradients": Instrument(successive_gradients, is_kept=True, tier=Tier.BUSINESS),
    "gradient_update": Instrument(gradient_update, is_kept=True, tier=Tier.BUSINESS),
    "saturated_units": Instrument(saturated_units, is_kept=True, tier=Tier.BUSINESS),
    "twin_units": Instrument(twin_units, is_kept=True, tier=Tier.BUSINESS),
    "witnesses": Instrument(witnesses, is_kept=True, tier=Tier.BUSINESS),
    "alpha": Instrument(alpha, is_kept=True, tier=Tier.BUSINESS),
    "noise_scale": Instrument(noise_scale, is_kept=True, tier=Tier.FULL),
    "effective_rank": Instrument(effective_rank, is_kept=True, tier=Tier.FULL),
    "spectrum": Instrument(spectrum, is_kept=True, tier=Tier.FULL),
}
FAMILY_INSTRUMENTS: Mapping[str, Instrument] = {
    "first_filters": Instrument(first_filters, is_kept=True),
    "feature_maps": Instrument(feature_maps, asks=("picture",)),
    "branch_shares": Instrument(branch_shares, is_kept=True),
    "branch_costs": Instrument(branch_costs),
    "layer_reads": Instrument(layer_reads, is_kept=True),
    "gradient_flow": Instrument(gradient_flow, is_kept=True),
    "gates": Instrument(gates, asks=("picture",)),
    "sums": Instrument(sums),
    "forecast": Instrument(forecast, asks=("picture",)),
    "reading": Instrument(reading, asks=("picture",)),
    "generated": Instrument(generated, is_kept=True),
    "latent": Instrument(latent, is_kept=True),
    "decoded": Instrument(decoded, asks=("place",)),
    "atlas": Instrument(atlas, is_kept=True),
    "reconstructions": Instrument(reconstructions, is_kept=True),
    "density": Instrument(density, is_kept=True),
    "samples": Instrument(samples, is_kept=True),
    "verdicts": Instrument(verdicts, is_kept=True),
}
INSTRUMENTS: Mapping[str, Instrument] = {**INSTRUMENTS_OF_ALL, **FAMILY_INSTRUMENTS}
