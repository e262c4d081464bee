"""What can be seen of a network beyond its records: one entry a sight, taken while measuring."""

from collections.abc import Mapping

from nnviz.training.sights.branches import branch_costs, branch_shares
from nnviz.training.sights.codes import atlas, decoded, latent
from nnviz.training.sights.density import density
from nnviz.training.sights.filters import feature_maps, first_filters
from nnviz.training.sights.going_on import forecast, generated, sums
from nnviz.training.sights.listening import listening
from nnviz.training.sights.made import samples, verdicts
from nnviz.training.sights.reconstructions import reconstructions
from nnviz.training.sights.sight import Taken
from nnviz.training.sights.steps import gates, gradient_flow, reading

SIGHTS: Mapping[str, Taken] = {
    "first_filters": Taken(first_filters, is_kept=True),
    "feature_maps": Taken(feature_maps, asks=("picture",)),
    "branch_shares": Taken(branch_shares, is_kept=True),
    "branch_costs": Taken(branch_costs),
    "listening": Taken(listening, is_kept=True),
    "gradient_flow": Taken(gradient_flow, is_kept=True),
    "gates": Taken(gates, asks=("picture",)),
    "sums": Taken(sums),
    "forecast": Taken(forecast, asks=("picture",)),
    "reading": Taken(reading, asks=("picture",)),
    "generated": Taken(generated, is_kept=True),
    "latent": Taken(latent, is_kept=True),
    "decoded": Taken(decoded, asks=("place",)),
    "atlas": Taken(atlas, is_kept=True),
    "reconstructions": Taken(reconstructions, is_kept=True),
    "density": Taken(density, is_kept=True),
    "samples": Taken(samples, is_kept=True),
    "verdicts": Taken(verdicts, is_kept=True),
}
