"""The autoencoder against loops by hand, scikit-learn's PCA and the claims of its page."""

import copy
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any, cast

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.decomposition import PCA
from torch import Tensor
from torch.nn import functional as F

from nnviz.catalog import ACTIVATIONS, MODELS, check_spec
from nnviz.catalog.data import Data
from nnviz.catalog.links import read_experiment
from nnviz.catalog.losses import LOSSES
from nnviz.catalog.networks.autoencoder import Autoencoder
from nnviz.catalog.noise import Noise
from nnviz.catalog.principal import principal_components
from nnviz.catalog.task import ModelContext
from nnviz.charts import CHARTS
from nnviz.charts.chart import View
from nnviz.charts.facts import stepped
from nnviz.charts.palette import CLASS_COLOURS
from nnviz.records.run import Record, Snapshot
from nnviz.records.shapes import NOTHING, Cloud, Question, Sheet
from nnviz.runs.run import Run
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training import Detail, Experiment
from nnviz.training.instruments import INSTRUMENTS
from nnviz.training.instruments.codes import atlas, decoded, latent
from nnviz.training.measure import Observer
from nnviz.training.origin import seed_of
from nnviz.ui.families.models.autoencoder import PAGE
from tests.seeds import FEW, claims, edited, loss, stories

FAMILY = MODELS["autoencoder"]
KEPT_BYTES = 20_000  # of one kept found


def spec_with(**knobs: float | str) -> ExperimentSpec:
    return FAMILY.usual.with_(model=FAMILY.usual.model.with_knobs(**knobs))


def trained(spec: ExperimentSpec, updates: int) -> Experiment:
    experiment = Experiment(spec)
    experiment.advance(updates)
    return experiment


def look_at(experiment: Experiment) -> ModelContext:
    return replace(experiment.look, noise=Noise.fixed())


def encoded(experiment: Experiment, x: Tensor) -> Tensor:
    with torch.no_grad():
        return cast(Tensor, cast(Any, experiment.model).encoder(x))


def drawn(experiment: Experiment, code: Tensor) -> Tensor:
    with torch.no_grad():
        return cast(Tensor, cast(Any, experiment.model).decoder(code))


def as_bytes(data: Data, x: Tensor) -> Any:
    """Turn normalised pixels into brightness bytes with numpy alone."""
    levels = np.clip(x.detach().numpy() * np.float32(data.scale) + np.float32(data.offset), 0, 1)
    return np.round(255 * levels).reshape(-1, *cast(tuple[int, int], data.picture))


def fixed_draws(like: Tensor) -> Tensor:
    """Draw what measuring draws first."""
    draws = torch.Generator()
    draws.set_state(Noise.fixed().state)
    return torch.randn(like.shape, generator=draws)


def found(name: str, experiment: Experiment, question: Question = NOTHING) -> Any:
    with torch.no_grad():
        return INSTRUMENTS[name].take(look_at(experiment), question)


def large_look(bottleneck: int = 2, noise: float = 0.0) -> ModelContext:
    """Return an untrained network for 28x28 pictures of noise, ten classes."""
    generator = torch.Generator().manual_seed(1)
    x, y = torch.randn(400, 784, generator=generator), torch.arange(400) % 10
    data = Data(x, y, x, y, tuple("0123456789"), (28, 28), 0.3, 0.2)
    torch.manual_seed(1)
    model = Autoencoder(784, (28, 28), "conv", (4, 8), bottleneck).eval()
    return ModelContext(model, data, LOSSES["mse"].build(), {"bottleneck": bottleneck, "noise": noise}, Noise.fixed())


# ---- the network and its training


@pytest.mark.parametrize("kind", ["dense", "conv"])
def test_what_comes_back_is_the_decoders_drawing_of_the_encoders_code(kind: str) -> None:
    experiment = Experiment(spec_with(kind=kind, bottleneck=3))
    x = experiment.data.test_x[:5]
    code = encoded(experiment, x)
    assert code.shape == (5, 3)
    with torch.no_grad():
        assert torch.equal(experiment.model(x), drawn(experiment, code))


@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_it_learns_bit_for_bit_as_a_loop_by_hand_does(noise: float) -> None:
    spec = spec_with(noise=noise)
    experiment = Experiment(spec)
    model = copy.deepcopy(experiment.model).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    order, draws = experiment.origin.generator(), torch.Generator().manual_seed(seed_of(spec, "noise"))
    x, seen = experiment.data.train_x, []
    for indices in torch.randperm(len(x), generator=order).split(64)[:5]:  # type: ignore[no-untyped-call]
        clean = x[indices]
        dirty = clean + noise * torch.randn(clean.shape, generator=draws) if noise else clean
        loss = F.mse_loss(model(dirty), clean)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        seen.append(loss.item())
    experiment.advance(5)
    assert experiment.curve.freeze().losses.tolist() == seen


@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_a_record_holds_the_errors_of_the_network_of_pca_and_of_the_noisy_pictures(noise: float) -> None:
    experiment = trained(spec_with(noise=noise), 20)
    data, record = experiment.data, Observer(experiment).measure()
    train, test = (x + noise * fixed_draws(x) for x in (data.train_x[:2000], data.test_x))
    fitted = PCA(2).fit(data.train_x.double().numpy())
    by_pca = fitted.inverse_transform(fitted.transform(test.double().numpy()))
    with torch.no_grad():
        errors = [((experiment.model(seen) - x) ** 2).mean().item() for seen, x in
                  ((train, data.train_x[:2000]), (test, data.test_x))]  # fmt: skip
    assert_allclose([record.train_loss, record.test_loss], errors, rtol=1e-5)
    assert_allclose(record.scores["pca"], ((by_pca - data.test_x.numpy()) ** 2).mean(), rtol=1e-5)
    assert record.train_accuracy is None
    assert record.test_accuracy is None
    if noise:
        assert_allclose(record.scores["noisy"], ((test - data.test_x) ** 2).mean().item(), rtol=1e-5)
    else:
        assert "noisy" not in record.scores


@pytest.mark.parametrize("count", [1, 2, 8, 32])
def test_principal_components_are_those_of_scikit_learn(count: int) -> None:
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(9000, 40, generator=generator) @ torch.randn(40, 40, generator=generator) + 5
    found = principal_components(Data(x, x, x, x), count)
    expected = PCA(count, svd_solver="full").fit(x.double().numpy())
    assert_allclose(found.mean, expected.mean_, rtol=1e-4)
    assert_allclose(np.abs((found.axes.double().numpy() * expected.components_).sum(1)), 1, atol=1e-4)


@pytest.mark.parametrize(
    ("model", "words"), [("hidden=0", "hidden must be"), ("bottleneck=5", "bottleneck must be"), ("noise=-1", "noise")]
)
def test_a_link_with_a_bad_knob_is_refused_in_one_sentence(model: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as raised:
        read_experiment({"model": f"autoencoder:{model}", "loss": "mse"})
    assert "\n" not in str(raised.value)


def test_hidden_layers_have_one_spelling() -> None:
    assert FAMILY.values(spec_with(hidden="64, 32").model)["hidden"] == "64,32"
    assert check_spec(spec_with(hidden=""))


# ---- what it reaches


def share_of_pca(records: Sequence[Record]) -> list[float]:
    """Return each seed's error as a share of that of principal component analysis."""
    return [record.test_loss / record.scores["pca"] for record in records]


@cache
def journeys() -> list[tuple[Experiment, list[Record]]]:
    """Train the usual network with each of a few seeds, with records after 200, 1,000 and 2,000 updates."""
    found = []
    for seed in FEW:
        experiment, records = Experiment(FAMILY.usual.with_(seed=seed)), []
        for updates in (200, 800, 1000):
            experiment.advance(updates)
            records.append(Observer(experiment).measure(Detail.SCORES))
        found.append((experiment, records))
    return found


@claims("autoencoder", "idea", "Two numbers against PCA")
def test_it_is_below_pca_after_200_updates_and_40_percent_after_2000_and_its_map_parts_the_classes_better() -> None:
    early, _, late = zip(*(records for _, records in journeys()), strict=True)
    assert max(share_of_pca(early)) < 0.95
    assert 0.52 < mean(share_of_pca(late)) < 0.65
    parted = []
    for experiment, _ in journeys():
        data, fitted = experiment.data, principal_components(experiment.data, 2)
        by_pca = (data.test_x - fitted.mean) @ fitted.axes.t()
        parted.append([agreement(codes, data.test_y) for codes in (encoded(experiment, data.test_x), by_pca)])
    own, other = (mean(column) for column in zip(*parted, strict=True))
    assert 0.75 < own < 0.87
    assert 0.55 < other < 0.65


def agreement(codes: Tensor, y: Tensor) -> float:
    """Return the share of examples whose nearest neighbour is of their own class."""
    distances = torch.cdist(codes, codes).fill_diagonal_(math.inf)
    return (y[distances.argmin(1)] == y).float().mean().item()


@claims("autoencoder", "Two numbers against PCA")
def test_without_activation_it_comes_down_to_pca_and_never_below() -> None:
    linear = FAMILY.twins["linear"].edit(FAMILY.usual)
    data = Experiment(linear).data
    fitted = principal_components(data, 2)
    least = (fitted.given_back(data.train_x) - data.train_x).square().mean().item()
    moments = stories(linear, 500, 1000, seeds=FEW)
    assert all(record.train_loss >= least * (1 - 1e-6) for records in moments for record in records)
    assert loss(moments[-1]) < 1.03 * least


@claims("autoencoder", "Eight numbers", "One number")
def test_eight_numbers_give_back_far_more_than_two_and_one_on_a_bent_line_more_than_two_of_pca() -> None:
    eight, one = (stories(spec_with(bottleneck=count), 1000, seeds=FEW)[0] for count in (8, 1))
    two = [records[1] for _, records in journeys()]
    assert mean(record.test_loss for record in eight) < 0.5 * mean(record.test_loss for record in two)
    assert 0.08 < mean(record.test_loss for record in eight) < 0.11
    assert 0.21 < mean(record.test_loss for record in two) < 0.27
    assert 0.31 < mean(record.test_loss for record in one) < 0.36 < two[0].scores["pca"]


@claims("autoencoder", "Take the noise away")
def test_with_noise_what_comes_back_is_far_nearer_to_the_clean_picture_than_what_went_in() -> None:
    (records,) = stories(spec_with(bottleneck=32, noise=1), 1500, seeds=FEW)
    assert mean(record.test_loss / record.scores["noisy"] for record in records) < 1 / 5
    assert mean(share_of_pca(records)) < 0.5


@claims("autoencoder", "MNIST")
def test_on_mnist_it_is_below_pca_within_500_updates(data_folder: Path) -> None:
    assert max(share_of_pca(stories(edited(PAGE, "MNIST", FAMILY.usual), 400, seeds=FEW)[0])) < 0.97


def test_the_convolutional_kind_beats_pca_too() -> None:
    record = Observer(trained(spec_with(kind="conv"), 300)).measure(Detail.SCORES)
    assert record.test_loss < 0.9 * record.scores["pca"]


# ---- instruments


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_reconstructions_are_what_the_network_makes_of_the_pictures_shown(noise: float) -> None:
    experiment = trained(spec_with(noise=noise), 30)
    sheet, data = found("reconstructions", experiment), experiment.data
    clean = data.test_x[:20]
    seen = clean + noise * fixed_draws(clean)
    with torch.no_grad():
        lines = [clean, seen, experiment.model(seen)] if noise else [clean, experiment.model(clean)]
    images = sheet.images.reshape(2, len(lines), 10, 8, 8)
    names = ("picture", "with noise", "comes back") if noise else ("picture", "comes back")
    assert tuple(map(str, sheet.lines)) == names * 2
    assert sheet.across == 10
    for place, x in enumerate(lines):
        assert_allclose(images[:, place].reshape(20, 8, 8), as_bytes(data, x), atol=1)


def test_the_map_shows_the_encoders_two_numbers_in_the_classes_colours() -> None:
    experiment = trained(FAMILY.usual, 30)
    cloud, data = found("latent", experiment), experiment.data
    assert_allclose(cloud.points, encoded(experiment, data.test_x[:300]), rtol=1e-5)
    assert_array_equal(cloud.classes, data.test_y[:300])
    for column, (low, high) in enumerate((cloud.x, cloud.y)):
        assert low <= min(0, cloud.points[:, column].min())
        assert high >= max(0, cloud.points[:, column].max())


def test_the_map_of_a_wider_code_shows_its_first_two_principal_components() -> None:
    experiment = trained(spec_with(bottleneck=8), 30)
    cloud = found("latent", experiment)
    expected = PCA(2).fit_transform(encoded(experiment, experiment.data.test_x[:300]).double().numpy())
    signs = np.sign((cloud.points * expected).sum(0))
    assert_allclose(cloud.points * signs, expected, atol=1e-3)
    assert "8 numbers" in str(cloud.x_label)


def test_the_map_of_one_number_is_a_line_for_each_class() -> None:
    experiment = trained(spec_with(bottleneck=1), 30)
    cloud = found("latent", experiment)
    assert_allclose(cloud.points[:, 0], encoded(experiment, experiment.data.test_x[:300])[:, 0], rtol=1e-5)
    assert_array_equal(cloud.points[:, 1], cloud.classes)
    assert len(found("atlas", experiment).images) == 9


@pytest.mark.parametrize("bottleneck", [1, 2, 8])
def test_the_decoder_draws_the_place_asked_for_beside_the_nearest_test_picture(bottleneck: int) -> None:
    experiment = trained(spec_with(bottleneck=bottleneck), 30)
    cloud, data = found("latent", experiment), experiment.data
    x, y = map(float, cloud.points[7])
    sheet = found("decoded", experiment, Question(place=(x, y)))
    if bottleneck <= 2:  # then the place is the code itself
        code = encoded(experiment, data.test_x[7:8])
        assert_allclose(sheet.images[:1], as_bytes(data, drawn(experiment, code)), atol=1)
        assert_array_equal(sheet.images[1:], as_bytes(data, data.test_x[7:8]))
        assert str(sheet.captions[1]) == f"nearest: {data.test_y[7]}"
    codes = encoded(experiment, data.test_x[:300])
    fitted = PCA(2).fit(codes.double().numpy()) if bottleneck > 2 else None
    if fitted is not None:
        signs = np.sign((cloud.points * fitted.transform(codes.double().numpy())).sum(0))
        code = torch.from_numpy(fitted.mean_ + (signs * [x, y]) @ fitted.components_).float()[None]
        assert_allclose(sheet.images[:1], as_bytes(data, drawn(experiment, code)), atol=2)


def test_the_atlas_lies_as_the_map_does_its_first_line_on_top() -> None:
    experiment = trained(FAMILY.usual, 30)
    cloud, sheet = found("latent", experiment), found("atlas", experiment)
    (left, right), (bottom, top) = cloud.x, cloud.y
    for row, column in ((0, 0), (0, 8), (8, 0), (3, 5)):
        place = [left + (column + 0.5) / 9 * (right - left), top - (row + 0.5) / 9 * (top - bottom)]
        expected = as_bytes(experiment.data, drawn(experiment, torch.tensor([place])))
        assert_allclose(sheet.images[9 * row + column][None], expected, atol=1)


def test_what_every_record_keeps_is_small_for_large_pictures_too() -> None:
    look = large_look()
    with torch.no_grad():
        for name in FAMILY.instruments:
            taken = INSTRUMENTS[name].take(look, NOTHING)
            if INSTRUMENTS[name].is_kept:
                size = taken.images.nbytes if isinstance(taken, Sheet) else cast(Cloud, taken).points.nbytes
                assert size <= KEPT_BYTES, name
        large = cast(Sheet, atlas(look, NOTHING)).images
    assert large.shape == (81, 14, 14)


def test_codes_that_are_no_numbers_are_not_shown() -> None:
    look = large_look()
    with torch.no_grad():
        next(look.model.parameters()).fill_(math.nan)
        assert [take(look, NOTHING) for take in (latent, decoded, atlas)] == [None] * 3


# ---- charts


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """Train a network and its twin a little."""
    from nnviz.runs.lane_spec import LaneSpec

    twin = FAMILY.twins["linear"]
    run = Run([LaneSpec(FAMILY.usual, "nonlinear", 0, Detail.WHOLE), LaneSpec(twin.edit(FAMILY.usual), twin.label, 1)])
    try:
        run.step(40)
        for _ in range(600):
            found = run.snapshot()
            if all(lane.step == 40 and lane.records and lane.records[-1].step == 40 for lane in found.lanes):
                return found
            run.join(0.05)
        raise AssertionError(found.status)
    finally:
        run.stop()


def record_of(snapshot: Snapshot) -> Record:
    return snapshot.lanes[0].records[-1]


def test_the_map_is_drawn_class_by_class_in_ten_colours_on_axes_that_move_in_steps(snapshot: Snapshot) -> None:
    figure = CHARTS["latent"].draw(snapshot, View(place=(0.5, -0.25)))
    *classes, mark = figure["data"]
    cloud = cast(Cloud, record_of(snapshot).readings["latent"])
    assert [trace["name"] for trace in classes] == list("0123456789")
    assert len({trace["marker"]["color"] for trace in classes}) == 10
    for place, trace in enumerate(classes):
        assert_array_equal(np.stack([trace["x"], trace["y"]], 1), cloud.points[cloud.classes == place])
    assert (mark["x"].tolist(), mark["y"].tolist()) == ([0.5], [-0.25])
    assert mark["meta"] == {"start": True}
    assert figure["layout"]["meta"]["places"]
    assert figure["layout"]["xaxis"]["range"] == stepped(*cloud.x)


def test_where_nobody_can_be_heard_nobody_can_point(snapshot: Snapshot) -> None:
    figure = CHARTS["latent"].draw(snapshot)
    assert not figure["layout"]["meta"]["places"]
    assert len(figure["data"]) == 10


def test_ten_classes_have_ten_colours() -> None:
    assert len(set(CLASS_COLOURS)) == 10


def test_pictures_in_bytes_are_drawn_as_bright_as_they_are(snapshot: Snapshot) -> None:
    figure = CHARTS["reconstructions"].draw(snapshot)
    first = cast(Sheet, record_of(snapshot).readings["reconstructions"]).images[0]
    assert first.dtype == np.uint8
    assert_array_equal(figure["data"][0]["z"][:8, :8], np.round(1 + 254 * (first / 255)))


def test_the_errors_are_drawn_beside_pca_on_an_axis_that_shows_both(snapshot: Snapshot) -> None:
    figure = CHARTS["test_error"].draw(snapshot)
    own, twin, pca = figure["data"]
    assert [own["name"], twin["name"], pca["name"]] == ["nonlinear", "no activation", "PCA"]
    assert own["y"][-1] == np.float32(record_of(snapshot).test_loss)
    assert twin["y"][-1] == np.float32(snapshot.lanes[1].records[-1].test_loss)
    assert set(pca["y"].tolist()) == {float(np.float32(record_of(snapshot).scores["pca"]))}
    low, high = figure["layout"]["yaxis"]["range"]
    assert low == 0
    assert high > pca["y"][0]


def test_there_is_no_error_beside_pca_where_none_was_measured(snapshot: Snapshot) -> None:
    bare = replace(record_of(snapshot), scores={})
    lane = replace(snapshot.lanes[0], records=(bare,))
    assert CHARTS["test_error"].fits(snapshot)
    assert not CHARTS["test_error"].fits(replace(snapshot, lanes=(lane,)))


def test_every_activation_can_be_chosen() -> None:
    for name in ACTIVATIONS:
        experiment = trained(FAMILY.usual.with_(activation=name), 1)
        assert math.isfinite(experiment.curve.freeze().losses[-1]), name
