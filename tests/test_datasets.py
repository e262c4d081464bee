import gzip
import itertools
import os
import pickle
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sklearn.datasets
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch import Tensor

from nnviz.catalog import folders, pictures
from nnviz.catalog.data import Data
from nnviz.catalog.datasets import DATASETS, classes_of
from nnviz.catalog.entry import Knob
from nnviz.catalog.files import SOURCES, UNPACKED, DataFilesError, missing
from nnviz.records.shapes import Floats
from nnviz.specs.experiment import Choice, Value

FLAT = [name for name, entry in DATASETS.items() if entry.build.__module__.endswith("points")]
CURVES = [name for name, entry in DATASETS.items() if entry.kind == "curve"]
DENSITIES = ["ring", "grid"]  # held to their promises in tests of their own, as sequences are
SEQUENCES = [name for name, entry in DATASETS.items() if entry.kind in ("sequence", "text")]
DRAWN = FLAT + CURVES
FILED = list(SOURCES)
OFFLINE = [name for name in DATASETS if name not in FILED]
DIGIT_COUNTS = (
    [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
)


@pytest.fixture(params=DATASETS)
def name(request: pytest.FixtureRequest) -> str:
    """Go through all data sets; those on disk are skipped where they are not."""
    if request.param in FILED:
        request.getfixturevalue("data_folder")
    return str(request.param)


def build(name: str, seed: int = 1, **knobs: Value) -> Data:
    values = DATASETS[name].values(Choice.of(name, **knobs))
    return DATASETS[name].build(torch.Generator().manual_seed(seed), **values)


def tensors(data: Data) -> list[Tensor]:
    return [data.train_x, data.train_y, data.test_x, data.test_y]


def are_equal(one: Data, other: Data) -> bool:
    return all(torch.equal(a, b) for a, b in zip(tensors(one), tensors(other), strict=True))


def counts(data: Data) -> tuple[list[int], list[int]]:
    train, test = (torch.bincount(y, minlength=len(data.classes)).tolist() for y in (data.train_y, data.test_y))
    return train, test


def numpy_state() -> bytes:
    return pickle.dumps(np.random.get_state())


def both_ends(knob: Knob) -> tuple[Value, ...]:
    if knob.choices:
        return knob.choices
    if knob.lines:
        return "", "O rose thou art sick. " * 20
    assert knob.low is not None
    assert knob.high is not None
    return knob.low, knob.high


def check(data: Data) -> None:
    """Hold a data set against what `Data` promises."""
    for x, y in ((data.train_x, data.train_y), (data.test_x, data.test_y)):
        assert x.dtype == torch.float32
        assert x.shape == (len(y), data.inputs)
        assert len(y) > 0
        assert x.isfinite().all()
        if data.classes:
            every_step = data.sequence[:1] if data.sequence and y.ndim == 2 else ()
            assert (y.dtype, y.shape) == (torch.int64, (len(x), *every_step))
            assert 0 <= y.min() <= y.max() < len(data.classes)
        else:
            assert (y.dtype, y.shape) == (torch.float32, (len(x), 1))
            assert y.isfinite().all()
    if data.picture:
        assert data.picture[0] * data.picture[1] == data.inputs


def test_the_menu_offers_the_promised_data_sets() -> None:
    assert set(FLAT) == {"circles", "moons", "xor", "spiral", "blobs"}
    assert set(CURVES) == {"line", "sine", "step", "cubic"}
    assert set(SEQUENCES) == {"adding", "waves", "text"}
    assert set(DATASETS) == {*DRAWN, *DENSITIES, *SEQUENCES, "digits", "mnist", "fashion_mnist"}


def test_defaults_keep_the_promises_of_data(name: str) -> None:
    check(build(name))


def test_both_ends_of_every_knob_build(name: str) -> None:
    few = {"train_size": 1000, "test_size": 500} if name in FILED else {}  # but at its own ends; the defaults are whole
    for knob in DATASETS[name].knobs:
        for value in both_ends(knob):
            check(build(name, 1, **{**few, knob.name: value}))


def test_every_entry_and_every_knob_is_explained() -> None:
    for entry in DATASETS.values():
        assert entry.note.endswith(".")
        assert all(knob.help.endswith(".") for knob in entry.knobs)


def test_classes_are_counted_without_building(name: str) -> None:
    assert classes_of(Choice(name)) == len(build(name).classes)


def test_counting_the_classes_of_an_unknown_data_set_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="there is no data set 'cats'; choose one of circles, moons"):
        classes_of(Choice("cats"))


@pytest.mark.parametrize("blobs", [2, 3, 4, 5])
def test_each_blob_is_a_class(blobs: int) -> None:
    assert len(build("blobs", blobs=blobs).classes) == blobs == classes_of(Choice.of("blobs", blobs=blobs))


@pytest.mark.parametrize("name", OFFLINE)
def test_the_same_seed_gives_the_same_data_bit_for_bit(name: str) -> None:
    assert are_equal(build(name, seed=7), build(name, seed=7))


@pytest.mark.parametrize("name", DRAWN)
def test_another_seed_gives_other_data(name: str) -> None:
    assert not torch.equal(build(name, seed=1).train_x, build(name, seed=2).train_x)


def test_another_seed_splits_the_digits_alike() -> None:
    assert are_equal(build("digits", seed=1), build("digits", seed=2))


def test_building_leaves_the_global_generators_alone(name: str) -> None:
    torch_before, numpy_before = torch.get_rng_state(), numpy_state()
    build(name)
    assert torch.equal(torch.get_rng_state(), torch_before)
    assert numpy_state() == numpy_before


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize(("size", "test_share"), [(20, 0.1), (21, 0.5), (500, 0.3), (2000, 0.9)])
def test_the_split_has_the_sizes_asked_for(name: str, size: int, test_share: float) -> None:
    data = build(name, size=size, test_share=test_share)
    assert len(data.test_x) == round(size * test_share)
    assert len(data.train_x) == size - len(data.test_x)


@pytest.mark.parametrize("name", DRAWN)
def test_no_training_example_is_also_a_test_example(name: str) -> None:
    data = build(name, size=2000, noise=0.1)
    rows = [tuple(row) for x in (data.train_x, data.test_x) for row in x.tolist()]
    assert len(set(rows)) == 2000


@pytest.mark.parametrize("name", FLAT)
def test_classes_are_balanced_on_both_sides_of_every_split(name: str) -> None:
    for size, test_share in itertools.product((20, 21, 23, 500, 1999), (0.1, 0.37, 0.5, 0.9)):
        train, test = counts(build(name, size=size, test_share=test_share))
        assert max(train) - min(train) <= 1
        assert max(test) - min(test) <= 1


@pytest.mark.parametrize("blobs", [2, 3, 4, 5])
def test_blobs_are_balanced_however_many(blobs: int) -> None:
    for size, test_share in itertools.product((20, 101, 499), (0.3, 0.5)):
        for found in counts(build("blobs", blobs=blobs, size=size, test_share=test_share)):
            assert max(found) - min(found) <= 1


@pytest.mark.parametrize("name", DRAWN)
def test_inputs_have_a_standard_deviation_near_one_so_that_default_weights_suit_them(name: str) -> None:
    assert 0.7 < build(name, size=2000).train_x.std() < 1.4


def test_rings_without_noise_have_radius_one_and_two() -> None:
    data = build("circles", noise=0)
    assert_allclose(data.train_x.norm(dim=1), 2.0 - data.train_y, atol=1e-6)


def test_moons_without_noise_lie_on_their_half_circles() -> None:
    data = build("moons", noise=0)
    centres = torch.tensor([[-2 / 3, -1 / 3], [2 / 3, 1 / 3]])[data.train_y]
    assert_allclose((data.train_x - centres).norm(dim=1), 4 / 3, atol=1e-6)


def test_xor_without_noise_is_whether_the_signs_differ() -> None:
    data = build("xor", noise=0)
    assert_array_equal(data.train_x.prod(1) < 0, data.train_y)


def test_the_spirals_arms_are_each_other_turned_by_half() -> None:
    data = build("spiral", size=20, noise=0)
    x, y = torch.cat([data.train_x, data.test_x]), torch.cat([data.train_y, data.test_y])
    first, second = (x[y == arm][x[y == arm].norm(dim=1).argsort()] for arm in (0, 1))
    assert_allclose(first, -second, atol=1e-6)


def test_blobs_without_noise_sit_on_a_circle() -> None:
    data = build("blobs", noise=0, blobs=5)
    assert_allclose(data.train_x.norm(dim=1), 1.5, atol=1e-6)
    assert len({tuple(row) for row in data.train_x.tolist()}) == 5


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("line", lambda x: 0.5 * x + 0.25),
        ("sine", lambda x: np.sin(0.75 * np.pi * x)),
        ("step", lambda x: np.where(x < 0, -1, 1)),
        ("cubic", lambda x: (x**3 - 2 * x) / 4),
    ],
)
def test_a_curve_has_its_formula_and_its_noise(name: str, curve: Callable[[Floats], Floats]) -> None:
    clean, noisy = build(name, noise=0, size=2000), build(name, noise=0.5, size=2000)
    assert_allclose(clean.train_y, curve(clean.train_x.numpy()), atol=1e-6)
    residual = noisy.train_y.numpy() - curve(noisy.train_x.numpy())
    assert 0.46 < residual.std() < 0.54  # over 4 standard errors of 1,400 draws either way


def test_digits_are_scikit_learns_pixel_for_pixel() -> None:
    data, bunch = build("digits", normalisation="none"), sklearn.datasets.load_digits()
    ours = torch.cat([torch.cat([data.train_x, data.test_x]), torch.cat([data.train_y, data.test_y])[:, None]], 1)
    theirs = np.concatenate([bunch.data, bunch.target[:, None]], 1)
    assert sorted(ours.tolist()) == sorted(theirs.tolist())
    assert (len(data.train_x), len(data.test_x)) == (1437, 360)


@pytest.mark.parametrize("train_size", [10, 57, 400, 1000])
def test_few_digits_are_balanced(train_size: int) -> None:
    train, test = counts(build("digits", train_size=train_size))
    assert sum(train) == train_size
    assert max(train) - min(train) <= 1
    assert test == [36] * 10


@pytest.mark.parametrize("normalisation", pictures.NORMALISATIONS)
def test_brightness_comes_back_from_any_normalisation(normalisation: str) -> None:
    data, raw = build("digits", normalisation=normalisation), build("digits", normalisation="none")
    assert_allclose(data.test_x * data.scale + data.offset, raw.test_x / 16, atol=1e-6)


def test_standard_digits_have_mean_zero_and_deviation_one() -> None:
    x = build("digits").train_x.double()
    assert abs(x.mean()) < 1e-6
    assert abs(x.std(correction=0) - 1) < 1e-6


def test_digits_from_zero_to_one_reach_both() -> None:
    x = build("digits", normalisation="zero_one").train_x
    assert (x.min().item(), x.max().item()) == (0, 1)


@pytest.mark.usefixtures("data_folder")
def test_mnist_has_every_digit_as_often_as_published() -> None:
    assert counts(build("mnist")) == DIGIT_COUNTS


@pytest.mark.usefixtures("data_folder")
def test_fashion_mnist_has_every_class_equally_often_and_torchvisions_names() -> None:
    data = build("fashion_mnist")
    assert counts(data) == ([6000] * 10, [1000] * 10)
    assert list(data.classes) == SOURCES["fashion_mnist"].known.classes


def test_mnist_pixels_are_those_of_the_file(data_folder: Path) -> None:
    packed = data_folder / "MNIST" / "raw" / "t10k-images-idx3-ubyte.gz"
    pixels = np.frombuffer(gzip.decompress(packed.read_bytes()), np.uint8, offset=16).reshape(10_000, 784)
    assert_array_equal(build("mnist", normalisation="none").test_x, pixels)
    data = build("mnist", normalisation="standard")
    assert_allclose(data.test_x * data.scale + data.offset, pixels / 255, atol=1e-6)


@pytest.mark.usefixtures("data_folder")
def test_standard_mnist_uses_the_well_known_mean_and_deviation_of_the_training_set() -> None:
    data = build("mnist")
    assert (round(data.offset, 4), round(data.scale, 4)) == (0.1307, 0.3081)


@pytest.mark.usefixtures("data_folder")
def test_experiments_share_the_memory_of_one_normalisation() -> None:
    whole, part = build("mnist"), build("mnist", seed=2, train_size=1000, test_size=500)
    assert (len(part.train_x), len(part.test_x)) == (1000, 500)
    assert part.train_x.data_ptr() == whole.train_x.data_ptr()
    assert part.test_y.data_ptr() == whole.test_y.data_ptr()


def test_reading_leaves_the_data_folder_as_it_was(data_folder: Path) -> None:
    raw = data_folder / "FashionMNIST" / "raw"
    before = sorted(raw.iterdir())
    build("fashion_mnist", normalisation="zero_one")
    assert sorted(raw.iterdir()) == before


def write_unpacked(raw: Path) -> None:
    """Write blank pictures as torchvision leaves them: a header, then zeros (sparse, so cheap)."""
    raw.mkdir(parents=True)
    for filename, size in UNPACKED.items():
        examples = 60_000 if filename.startswith("train") else 10_000
        sides = (28, 28) if "images" in filename else ()
        header = bytes([0, 0, 8, 1 + len(sides)]) + b"".join(n.to_bytes(4, "big") for n in (examples, *sides))
        (raw / filename).write_bytes(header)
        os.truncate(raw / filename, size)


def test_files_that_torchvision_unpacked_are_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    write_unpacked(tmp_path / "MNIST" / "raw")
    assert missing("mnist") is None
    data = build("mnist", normalisation="zero_one")
    assert (len(data.train_x), len(data.test_x)) == (60_000, 10_000)
    assert not data.train_x.any()


def test_an_unpacked_file_cut_short_is_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    write_unpacked(tmp_path / "MNIST" / "raw")
    os.truncate(tmp_path / "MNIST" / "raw" / "t10k-labels-idx1-ubyte", 5000)
    with pytest.raises(DataFilesError, match="t10k-labels-idx1-ubyte"):
        build("mnist")


@pytest.mark.parametrize("name", FILED)
def test_missing_files_give_one_sentence_that_says_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    with pytest.raises(
        ValueError, match=r"is not on this machine: press Download \(\d+ MB\), or set NNVIZ_DATA"
    ) as caught:
        build(name)
    assert str(caught.value) == str(missing(name))
    assert isinstance(caught.value, DataFilesError)
    assert caught.value.dataset == name


@pytest.mark.parametrize("name", FILED)
def test_a_damaged_file_gives_one_sentence_that_names_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    raw = tmp_path / SOURCES[name].torchvision / "raw"
    raw.mkdir(parents=True)
    for filename in UNPACKED:
        (raw / f"{filename}.gz").write_bytes(gzip.compress(b"not the pictures"))
    with pytest.raises(ValueError, match=r"a damaged file, .*train-images-idx3-ubyte\.gz: press Download") as caught:
        build(name)
    assert str(caught.value) == str(missing(name))


def test_a_file_damaged_later_is_noticed(data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for path in (data_folder / "MNIST" / "raw").glob("*.gz"):
        (raw / path.name).write_bytes(path.read_bytes())
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    assert missing("mnist") is None
    with (raw / "train-labels-idx1-ubyte.gz").open("ab") as file:
        file.write(b"more")
    assert "train-labels-idx1-ubyte.gz" in str(missing("mnist"))


@pytest.mark.parametrize("name", OFFLINE)
def test_data_that_need_no_files_are_never_missing(name: str) -> None:
    assert missing(name) is None
    assert DATASETS[name].download == 0


@pytest.mark.parametrize("name", FILED)
def test_the_menu_knows_what_a_download_takes(name: str) -> None:
    assert DATASETS[name].download == {"mnist": 12, "fashion_mnist": 31}[name]


def test_the_megabytes_are_those_of_the_real_files(data_folder: Path) -> None:
    for source in SOURCES.values():
        assert sum(path.stat().st_size for path in source.raw(data_folder).glob("*.gz")) == source.packed_bytes


@pytest.mark.parametrize(
    ("variables", "platform", "folder"),
    [
        ({"NNVIZ_DATA": "{}/data"}, "linux", "{}/data"),
        ({"NNVIZ_DATA": "", "XDG_CACHE_HOME": "{}/cache"}, "linux", "{}/cache/nnviz"),
        ({"XDG_CACHE_HOME": "", "HOME": "{}/home"}, "darwin", "{}/home/.cache/nnviz"),
        ({"LOCALAPPDATA": "{}/local"}, "win32", "{}/local/nnviz"),
    ],
)
def test_data_lie_where_asked_or_in_the_users_cache(
    variables: dict[str, str], platform: str, folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value.format(tmp_path))
    assert folders.data_folder() == Path(folder.format(tmp_path))


@pytest.mark.parametrize("is_nameless", [False, True])
def test_without_a_folder_that_can_be_written_a_temporary_one_keeps_data_and_is_named(
    is_nameless: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", "" if is_nameless else str(tmp_path / "file"))
    if is_nameless:
        monkeypatch.setattr(Path, "expanduser", nameless)  # which Path.home asks
    temporary = folders.temporary_folder()
    assert temporary is not None
    assert temporary.is_dir()
    assert folders.data_folder() == temporary
    assert f"so {temporary} keeps it, until the app ends." in str(missing("mnist"))
    write_unpacked(SOURCES["mnist"].raw())
    assert missing("mnist") is None
    shutil.rmtree(temporary / "MNIST")


def nameless(path: Path) -> Path:
    raise RuntimeError("Could not determine home directory.")


def test_a_cache_that_has_the_files_and_cannot_be_written_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(folders, "can_be_written", lambda folder: False)
    write_unpacked(tmp_path / "nnviz" / "MNIST" / "raw")
    assert SOURCES["mnist"].raw() == tmp_path / "nnviz" / "MNIST" / "raw"
    assert SOURCES["fashion_mnist"].raw() == folders.data_folder() / "FashionMNIST" / "raw"
    assert folders.is_passing(folders.data_folder())


def full(prefix: str) -> str:
    raise OSError("no space left")


def test_where_nothing_can_be_written_at_all_nothing_raises(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folders, "can_be_written", lambda folder: False)
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folders.temporary_folder.cache_clear()
    assert folders.data_folder() == tmp_path / "nnviz"
    assert str(missing("mnist")).endswith("has MNIST/raw.")
    folders.temporary_folder.cache_clear()
