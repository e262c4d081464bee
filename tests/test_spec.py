import dataclasses
import importlib.util
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz.catalog import CATALOGUES, DATASETS, LOSSES, MODELS, OPTIMIZERS, datasets_for
from nnviz.catalog.links import read_experiment, read_race
from nnviz.catalog.losses import fits
from nnviz.specs.experiment import Change, Choice, ExperimentSpec, Value
from nnviz.specs.race import RaceSpec
from tests.homes import EVERYTHING, at_home

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True)
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=20) | st.sampled_from(
    ["", "1,2", "a=b", "a,b=c", " ", "50%", "x:y", "a&b#c?d+e", "ü 字 🎲", "1e5"]
)
CHOICES = st.builds(Choice, NAMES, st.dictionaries(NAMES, NUMBERS | TEXTS, max_size=4))
SPECS = st.builds(
    ExperimentSpec,
    *[CHOICES] * (len(CATALOGUES) - 1),
    batch_size=st.integers(1, 4096),
    epochs=st.integers(0, 100_000),
    seed=st.integers(0, 2**31 - 1),
    second_optimizer=st.none() | CHOICES,
    schedule=CHOICES,
    clipping=st.just(Choice("none")) | CHOICES,
    order=st.just(Choice("shuffled")) | CHOICES,
    accumulate=st.integers(1, 64),
    decay=st.just(Choice("all")) | CHOICES,
    averaging=st.just(Choice("none")) | CHOICES,
    fault=st.none() | CHOICES,
)


def sentence(query: dict[str, str]) -> str:
    """Return what a bad link is answered with."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - each caller looks at the sentence
        read_experiment(query)
    return str(caught.value)


@given(CHOICES)
def test_a_choice_comes_back_from_its_text_exactly(choice: Choice) -> None:
    again = Choice.parse(str(choice))
    assert again == choice
    assert hash(again) == hash(choice)
    assert str(again) == str(choice)
    assert {name: type(value) for name, value in again.knobs.items()} == {
        name: type(value) for name, value in choice.knobs.items()
    }


@given(SPECS)
def test_every_field_of_a_spec_comes_back_from_its_own_text(spec: ExperimentSpec) -> None:
    query = spec.to_query()
    names = [field.name for field in dataclasses.fields(ExperimentSpec)]
    usual = {
        "second_optimizer": None,
        "clipping": Choice("none"),
        "order": Choice("shuffled"),
        "accumulate": 1,
        "decay": Choice("all"),
        "averaging": Choice("none"),
        "fault": None,
    }
    assert list(query) == [name for name in names if name not in usual or getattr(spec, name) != usual[name]]
    choices = {*EVERYTHING, "second_optimizer", "fault"} & {*query}
    again = {name: Choice.parse(query[name]) for name in choices}
    assert spec.with_(**again) == spec


@pytest.mark.parametrize("kind", EVERYTHING)
def test_a_spec_with_any_entry_comes_back_from_its_link(kind: str) -> None:
    for name, entry in EVERYTHING[kind].items():
        values = {knob.name: knob.default for knob in entry.knobs}
        for choice in (Choice(name), Choice(name, values)):
            spec = at_home(kind, choice).with_(seed=7, batch_size=1)
            assert read_experiment(spec.to_query()) == spec


@given(
    lr=st.floats(1e-6, 1e4),
    beta=st.floats(0, 0.9999),
    units=st.lists(st.integers(1, 1024), max_size=10),
    noise=st.floats(0, 1),
    size=st.integers(20, 2000),
)
def test_a_whole_spec_comes_back_from_its_link(
    lr: float, beta: float, units: list[int], noise: float, size: int
) -> None:
    spec = ExperimentSpec(
        dataset=Choice.of("moons", noise=noise, size=size),
        model=Choice.of("mlp", hidden=",".join(map(str, units))),
        optimizer=Choice.of("adam", lr=lr, beta1=beta),
    )
    again = read_experiment(spec.to_query())
    assert again == spec
    assert again.to_query() == spec.to_query()


@pytest.mark.parametrize("hidden", ["", " ", "256,128", "32", "8, 8, 8", " 4"])
def test_hidden_layers_come_back_as_they_were_written(hidden: str) -> None:
    spec = ExperimentSpec(model=Choice.of("mlp", hidden=hidden))
    assert read_experiment(spec.to_query()) == spec


def test_an_empty_link_is_the_default_and_missing_parts_take_theirs() -> None:
    assert read_experiment({}) == ExperimentSpec()
    assert read_experiment({"seed": "5"}) == ExperimentSpec(seed=5)
    assert ExperimentSpec().dataset == Choice("digits")
    assert ExperimentSpec().to_query()["optimizer"] == "adam"


@pytest.mark.parametrize("name", DATASETS)
def test_a_link_that_names_only_the_data_takes_what_suits_it(name: str) -> None:
    spec = read_experiment({"dataset": name, "seed": "5"})  # and can be run: nothing is refused
    assert (spec.dataset, spec.seed) == (Choice(name), 5)
    is_plain = name in datasets_for(ExperimentSpec().model)
    assert (spec.model == ExperimentSpec().model) == is_plain
    if is_plain:
        assert spec.with_(dataset=Choice("digits"), loss=Choice("cross_entropy")) == ExperimentSpec(seed=5)


@pytest.mark.parametrize("name", MODELS)
def test_a_link_that_names_only_the_model_takes_its_usual_settings(name: str) -> None:
    usual = MODELS[name].usual
    kept = {"epochs": 20, "seed": 3}
    first = ExperimentSpec(**kept)  # type: ignore[arg-type]
    assert read_experiment({"model": str(usual.model)}, first) == usual.with_(**kept)
    for dataset in datasets_for(usual.model):
        spec = read_experiment({"model": name, "dataset": dataset})
        assert (spec.model.name, spec.dataset) == (name, Choice(dataset))


def test_what_a_link_names_stays_and_misfits_are_refused() -> None:
    spec = read_experiment({"dataset": "sine", "loss": "gaussian_nll", "optimizer": "sgd"})
    assert (spec.loss, spec.optimizer) == (Choice("gaussian_nll"), Choice("sgd"))
    assert "mse, gaussian_nll" in sentence({"dataset": "sine", "loss": "cross_entropy"})
    assert "cannot learn from 'sine'" in sentence({"dataset": "sine", "model": "resnet"})
    assert "cannot learn from 'text'" in sentence({"dataset": "text", "model": "mlp"})
    race = read_race({"dataset": "sine"}, RaceSpec(ExperimentSpec(epochs=20), seeds=3))
    assert (race.base.loss, race.base.epochs, race.seeds) == (Choice("mse"), 20, 3)


def test_strangers_in_a_link_are_ignored() -> None:
    query = {"run": "k3x", "utm_source": "mail", "embed": "true", "seed": "3"}
    assert read_experiment(query) == ExperimentSpec(seed=3)


@pytest.mark.parametrize("key", ["optimiser", "datset", "batchsize", "seeds", "epoch", "initialiser", "Model"])
def test_a_misspelt_key_names_the_one_that_was_meant(key: str) -> None:
    said = sentence({key: "1"})
    meant = {"optimiser": "optimizer", "datset": "dataset", "batchsize": "batch_size", "seeds": "seed"}
    meant |= {"epoch": "epochs", "initialiser": "initializer", "Model": "model"}
    assert repr(key) in said
    assert repr(meant[key]) in said


@pytest.mark.parametrize("kind", EVERYTHING)
def test_an_unknown_name_is_answered_with_all_known_ones(kind: str) -> None:
    said = sentence({kind: "nonesuch"})
    assert "'nonesuch'" in said
    assert all(name in said for name in EVERYTHING[kind])


@pytest.mark.parametrize("kind", EVERYTHING)
def test_an_unknown_knob_is_answered_with_the_known_ones(kind: str) -> None:
    for name, entry in EVERYTHING[kind].items():
        said = sentence({kind: f"{name}:nonesuch=1"})
        assert name in said
        assert "'nonesuch'" in said
        assert all(knob.name in said for knob in entry.knobs) if entry.knobs else "none" in said


BAD_KNOBS = {
    "adam:lr=0": ("0", "1e-06", "10000"),
    "adam:lr=-0.1": ("-0.1", "1e-06", "10000"),
    "adam:lr=10001": ("10001", "10000"),
    "adam:lr=fast": ("'fast'", "a number"),
    "adam:lr=": ("''", "a number"),
    "adam:lr=nan": ("'nan'", "a number"),
    "adam:lr=inf": ("'inf'", "a number"),
    "adam:lr=1e999": ("1e999", "finite"),
    "adam:lr=-1e999": ("-1e999", "finite"),
    "adam:lr=" + "9" * 400: ("999", "finite"),
    "adam:lr=1_0": ("'1_0'", "a number"),
    "adam:lr=0x1": ("'0x1'", "a number"),
    "adam:beta1=1": ("1", "0.9999"),
    "nag:momentum=0": ("0", "0.001"),
    "adam:lr": ("adam:lr", "name:knob=value"),
    "adam:lr=0.1,lr=0.2": ("lr=0.1,lr=0.2", "twice"),
    "adam:lr=0.1,0.2": ("'0.1,0.2'", "a number"),
    "adam:=1": ("''", "is not a name"),
    "Adam": ("'Adam'", "is not a name"),
    "": ("''", "is not a name"),
    "adam\n": (r"'adam\n'", "is not a name"),
    "adam:lr=0.1\n": (r"'0.1\n'", "a number"),
}


@pytest.mark.parametrize("text", BAD_KNOBS)
def test_a_bad_optimizer_in_a_link_is_named_with_what_is_allowed(text: str) -> None:
    said = sentence({"optimizer": text})
    assert all(part in said for part in BAD_KNOBS[text])
    assert "\n" not in said


BAD_PARTS = {
    ("dataset", "moons:size=20.5"): ("size", "whole", "20", "2000", "20.5"),
    ("dataset", "moons:size=19"): ("size", "20", "2000", "19"),
    ("dataset", "moons:size=1e300"): ("size", "whole", "1e+300"),
    ("dataset", "digits:normalisation=loud"): ("normalisation", "standard", "zero_one", "none", "'loud'"),
    ("dataset", "digits:normalisation=1"): ("normalisation", "standard", "1"),
    ("model", "mlp:hidden=0"): ("hidden", "1024", "0"),
    ("model", "mlp:hidden=1025"): ("hidden", "1024", "1025"),
    ("model", "mlp:hidden=-3"): ("hidden", "-3"),
    ("model", "mlp:hidden=3.5"): ("hidden", "3.5"),
    ("model", "mlp:hidden=1,2,3,4,5,6,7,8,9,10,11"): ("hidden", "10", "1,2,3,4,5,6,7,8,9,10,11"),
    ("model", "mlp:hidden=8,,8"): ("hidden", "'8,,8'"),
    ("model", "mlp:hidden=wide"): ("hidden", "'wide'"),
    ("model", "mlp:hidden=²"): ("hidden", "'²'"),
    ("model", "mlp:hidden=" + "9" * 5000): ("finite",),
    ("activation", "elu:alpha=9"): ("alpha", "0.1", "3", "9"),
    ("initializer", "normal:std=0"): ("std", "0.001", "3", "0"),
    ("batch_size", "0"): ("batch_size", "1", "4096", "0"),
    ("batch_size", "4097"): ("batch_size", "4096", "4097"),
    ("batch_size", "3.0"): ("batch_size", "whole", "'3.0'"),
    ("epochs", "-1"): ("epochs", "'-1'"),
    ("epochs", "many"): ("epochs", "100000", "'many'"),
    ("seed", "9" * 4000): ("seed", "2147483647"),
    ("seed", "2147483648"): ("seed", "2147483647", "2147483648"),
    ("seed", "٣"): ("seed", "'٣'"),
    ("seed", "1_0"): ("seed", "'1_0'"),
    ("seed", ""): ("seed", "''"),
    ("seed", "nan"): ("seed", "'nan'"),
    ("device", "abacus"): ("'abacus'", "cpu"),
    ("device", "cpu:0"): ("'cpu:0'", "cpu"),
    ("device", ""): ("''", "cpu"),
}


@pytest.mark.parametrize(("key", "text"), BAD_PARTS)
def test_a_bad_part_of_a_link_is_named_with_what_is_allowed(key: str, text: str) -> None:
    said = sentence({key: text})
    assert all(part in said for part in BAD_PARTS[key, text])
    assert "\n" not in said


@pytest.mark.parametrize(
    ("dataset", "loss"),
    [
        ("sine", "cross_entropy"),
        ("sine", "binary_cross_entropy"),
        ("moons", "gaussian_nll"),
        ("digits", "binary_cross_entropy"),
        ("blobs:blobs=3", "binary_cross_entropy"),
    ],
)
def test_a_loss_that_does_not_fit_the_data_is_answered_with_those_that_do(dataset: str, loss: str) -> None:
    said = sentence({"dataset": dataset, "loss": loss})
    kinds = {"sine": 0, "moons": 2, "digits": 10, "blobs:blobs=3": 3}[dataset]
    assert repr(loss) in said
    assert repr(dataset.partition(":")[0]) in said
    offered = said.partition("choose one of ")[2].split(", ")
    assert offered == [name for name, entry in LOSSES.items() if fits(entry.build(), kinds)]


def test_two_blobs_may_use_the_loss_for_two_classes() -> None:
    query = {"dataset": "blobs:blobs=2", "loss": "binary_cross_entropy"}
    assert read_experiment(query).loss == Choice("binary_cross_entropy")


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -float("inf"), pytest.param(10**400, id="huge"), "1e999", None, [1], 1j]
)
def test_a_knob_is_a_finite_number_or_a_text(value: Value) -> None:
    with pytest.raises(ValueError, match="number"):
        Choice.of("adam", lr=value)


@pytest.mark.parametrize("name", ["", "Adam", "1st", "a b", "a=b", "ä", "a\n", "a:b", "a,b"])
def test_names_are_lower_snake(name: str) -> None:
    with pytest.raises(ValueError, match="is not a name"):
        Choice(name)
    with pytest.raises(ValueError, match="is not a name"):
        Choice("adam", {name: 1})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("batch_size", 0),
        ("batch_size", 4097),
        ("batch_size", True),
        ("batch_size", 32.0),
        ("batch_size", "32"),
        ("epochs", -1),
        ("epochs", float("nan")),
        ("seed", 2**31),
        ("seed", None),
        ("optimizer", 3),
        ("optimizer", None),
        ("optimizer", "Adam!"),
    ],
)
def test_a_spec_refuses_a_value_of_the_wrong_kind_and_names_it(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        ExperimentSpec().with_(**{field: value})


def test_numbers_have_one_spelling() -> None:
    assert (
        Choice.of("adam", lr=1.0) == Choice.of("adam", lr=1) == Choice.of("adam", lr="1") == Choice.parse("adam:lr=1e0")
    )
    assert str(Choice.of("adam", lr=0.01)) == "adam:lr=0.01"
    assert str(Choice.of("adam", lr=-0.0)) == "adam:lr=0"
    assert str(Choice("mlp", {"hidden": "256,128"})) == "mlp:hidden=256,128"
    assert str(Choice("adam", {"lr": 0.5, "beta1": 0.25})) == "adam:beta1=0.25,lr=0.5"


def test_a_choice_may_be_given_as_its_text() -> None:
    spec = ExperimentSpec(optimizer="sgd:lr=0.5")  # type: ignore[arg-type]
    assert spec.optimizer == Choice.of("sgd", lr=0.5)


def test_specs_are_values() -> None:
    one, other = ExperimentSpec(seed=2), ExperimentSpec().with_(seed=2)
    assert one == other
    assert hash(one) == hash(other)
    assert {one, other, ExperimentSpec()} == {one, ExperimentSpec()}
    assert Change(3, "optimizer.lr", 0.1) == Change(3, "optimizer.lr", 0.1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.seed = 3  # type: ignore[misc]


def test_knobs_are_a_fresh_dictionary_each_time() -> None:
    choice = Choice.of("adam", lr=0.1)
    choice.knobs["lr"] = 5.0
    assert choice.knobs == {"lr": 0.1}
    assert choice.with_knobs(lr=0.2, beta1=0.5).knobs == {"lr": 0.2, "beta1": 0.5}
    assert choice.knobs == {"lr": 0.1}


def test_every_optimizer_of_the_work_has_its_name() -> None:
    names = "sgd momentum nag adagrad adadelta rmsprop adam adamw adamax nadam radam"
    assert set(names.split()) == set(OPTIMIZERS)


def test_a_choice_made_before_the_module_was_reloaded_is_taken_over() -> None:
    module = importlib.util.find_spec("nnviz.specs.experiment")
    assert module is not None
    assert module.loader is not None
    reloaded = importlib.util.module_from_spec(module)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "nnviz.specs.experiment", reloaded)
        module.loader.exec_module(reloaded)
    old = ExperimentSpec(optimizer=Choice.of("adam", lr=0.01))
    for spec, choice in ((old, reloaded.Choice.of("sgd", lr=0.1)), (reloaded.ExperimentSpec(), old.optimizer)):
        turned = spec.with_(optimizer=choice)
        assert turned.to_query()["optimizer"] == str(choice)
        assert type(turned.optimizer) is type(spec.dataset)
