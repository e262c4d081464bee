"""The LSTM's family: what is shown of it step by step, and what it learns that a plain recurrent network does not."""

import math
from statistics import mean

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor, nn

from nnviz.catalog import DATASETS, MODELS, losses_for
from nnviz.catalog.links import read_experiment
from nnviz.catalog.networks.recurrent import Recurrent
from nnviz.catalog.passage import PASSAGE
from nnviz.charts.palette import TRAIN
from nnviz.charts.shapes.script import script, wrapped
from nnviz.charts.shapes.shown import Shown
from nnviz.records.shapes import Cloud, Grids, Lines, Question, Script
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Detail, Experiment
from nnviz.training.instruments import FAMILY_INSTRUMENTS, INSTRUMENTS
from nnviz.training.instruments.taking import taken
from nnviz.training.measure import Observer
from nnviz.ui.families.models.lstm import PAGE
from tests.seeds import FEW, accuracy, claims, edited, loss, stories

USUAL = MODELS["lstm"].usual
SHORT = USUAL.with_(dataset=Choice.of("adding", size=600, steps=9), model=Choice.of("lstm", hidden=6))
TEXT = MODELS["lstm"].usual_for["text"].with_(model=Choice.of("lstm", hidden=8))
WAVES = MODELS["lstm"].usual_for["waves"].with_(dataset=Choice.of("waves", size=600, steps=12))
ROWS = MODELS["lstm"].usual_for["digits"]


def plain(spec: ExperimentSpec) -> ExperimentSpec:
    return MODELS["lstm"].twins["rnn"].edit(spec)


def seen(experiment: Experiment, name: str, question: Question = Question()) -> object:  # noqa: B008 - frozen
    experiment.model.eval()
    with torch.no_grad():
        return INSTRUMENTS[name].take(experiment.look, question)


def net_of(experiment: Experiment) -> Recurrent:
    assert isinstance(experiment.model, Recurrent)
    return experiment.model


# ---- instruments


def test_the_gradient_by_step_is_that_of_a_loop_over_cells_of_torch() -> None:
    experiment = Experiment(SHORT)
    experiment.advance(3)
    net, found = net_of(experiment), seen(experiment, "gradient_flow")
    assert isinstance(found, Lines)
    cell = nn.LSTMCell(2, 6)
    with torch.no_grad():
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(cell, name).copy_(getattr(net.rnn, f"{name}_l0"))
    x, y = experiment.data.test_x[:60], experiment.data.test_y[:60]
    state, states, cells = (torch.zeros(60, 6), torch.zeros(60, 6)), [], []
    for step in x.view(60, 9, 2).unbind(1):
        state = cell(step, state)
        states.append(state[0])
        cells.append(state[1])
    loss = nn.functional.mse_loss(net.head(states[-1]), y)
    for line, nodes in zip(found.y, (states, cells), strict=True):
        norms = [norm(part) for part in torch.autograd.grad(loss, nodes, retain_graph=True)]
        assert_allclose(line, norms, rtol=1e-4)
    assert tuple(map(str, found.names)) == ("state", "cell")


def norm(gradient: Tensor) -> float:
    return float(gradient.norm(dim=1).mean())


def test_a_plain_network_has_a_state_and_no_cell() -> None:
    experiment = Experiment(plain(SHORT))
    flow, gates = seen(experiment, "gradient_flow"), seen(experiment, "gates")
    assert isinstance(flow, Lines)
    assert isinstance(gates, Grids)
    assert tuple(map(str, flow.names)) == ("state",)
    assert tuple(map(str, gates.titles)) == ("read", "state")


def test_the_gates_of_a_step_make_the_state_of_that_step() -> None:
    experiment = Experiment(SHORT)
    experiment.advance(3)
    net, found = net_of(experiment), seen(experiment, "gates", Question(4))
    assert isinstance(found, Grids)
    read, inlet, forget, candidate, outlet = found.tables
    x = experiment.data.test_x[4:5]
    assert_allclose(read, x.view(9, 2).t())
    cell = np.zeros(6)
    for step in range(9):
        cell = forget[:, step] * cell + inlet[:, step] * candidate[:, step]
    with torch.no_grad():
        states, (last, kept) = net.rnn(x.view(1, 9, 2))
    assert_allclose(cell, kept.flatten(), rtol=1e-4, atol=1e-6)
    assert_allclose(outlet[:, -1] * np.tanh(cell), last.flatten(), rtol=1e-4, atol=1e-6)
    assert torch.equal(states[:, -1].flatten(), last.flatten())


def test_the_sums_are_the_networks_answers_beside_the_truth() -> None:
    experiment = Experiment(SHORT)
    found = seen(experiment, "sums")
    assert isinstance(found, Cloud)
    x, y = experiment.data.test_x[:60], experiment.data.test_y[:60]
    with torch.no_grad():
        assert_allclose(found.points[:, 1], experiment.model(x)[:, 0], rtol=1e-5)
    assert_allclose(found.points[:, 0], y[:, 0])


def test_a_forecast_is_made_from_the_values_before_it_alone() -> None:
    experiment = Experiment(WAVES)
    experiment.advance(5)
    net, found = net_of(experiment), seen(experiment, "forecast", Question(2))
    assert isinstance(found, Lines)
    series, one, on = found.y
    window = experiment.data.test_x[2]
    assert_allclose(series[:12], window)
    assert_allclose(series[12], experiment.data.test_y[2, 0])
    with torch.no_grad():
        for step in (5, 8, 12):
            states, _ = net.rnn(window[:step].view(1, step, 1))
            assert_allclose(one[step], net.head(states[0, -1]), rtol=1e-4, atol=1e-6)
        whole = net(window[None])
        assert_allclose(on[12], whole[0], rtol=1e-4, atol=1e-6)
        assert_allclose(on[13], net(torch.cat([window[1:], whole[0]])[None])[0], rtol=1e-4, atol=1e-6)
    assert np.isnan(one[:5]).all()
    assert np.isnan(on[:12]).all()


def test_after_the_last_row_the_reader_says_what_the_network_answers() -> None:
    experiment = Experiment(ROWS)
    experiment.advance(5)
    found = seen(experiment, "reading", Question(3))
    assert isinstance(found, Grids)
    (table,) = found.tables
    with torch.no_grad():
        assert_allclose(table[:, -1], experiment.model(experiment.data.test_x[3:4]).softmax(1)[0], rtol=1e-4)
    assert_allclose(table.sum(0), 1, rtol=1e-5)
    assert table.shape == (10, 8)
    assert experiment.data.classes[int(experiment.data.test_y[3])] in str(found.titles[0])


def test_a_text_of_its_own_begins_with_the_test_part_and_is_drawn_alike_every_time() -> None:
    experiment = Experiment(TEXT)
    first, again = (taken(("generated",), experiment.look)["generated"] for _ in range(2))
    assert isinstance(first, Script)
    assert first == again
    letters = experiment.data.classes
    start = "".join(letters[int(code)] for code in experiment.data.test_x[0])
    assert start.startswith(first.given)
    assert set(first.text) <= set(letters)
    experiment.advance(40)
    assert taken(("generated",), experiment.look)["generated"] != first


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        (SHORT, {"gradient_flow", "gates", "sums"}),
        (WAVES, {"gradient_flow", "gates", "forecast"}),
        (TEXT, {"gradient_flow", "gates", "generated"}),
        (ROWS, {"gradient_flow", "gates", "reading"}),
    ],
    ids=["adding", "waves", "text", "rows"],
)
def test_every_kind_of_data_has_the_instruments_that_suit_it(spec: ExperimentSpec, names: set[str]) -> None:
    readings = Observer(Experiment(spec)).measure().readings
    assert readings.keys() & FAMILY_INSTRUMENTS.keys() == names


def test_a_text_is_broken_at_its_own_ends_of_lines_and_keeps_every_word() -> None:
    text = "This is the malt\nThat lay in the house that Jack built, and a good deal more than fits into one line."
    lines = wrapped(text)
    assert lines[0] == "This is the malt"
    assert " ".join(lines).split() == text.split()


def test_what_a_network_writes_is_shown_as_text_and_never_as_markup() -> None:
    figure = script([Shown("", TRAIN, Script("a<", "b>&c"), 0)], "generated")
    (note,) = figure["layout"]["annotations"]
    assert "a&lt;" in note["text"]
    assert "b&gt;&amp;c" in note["text"]


# ---- data


def test_a_text_that_cannot_be_learnt_from_is_one_sentence() -> None:
    query = {**TEXT.to_query(), "dataset": str(Choice.of("text", passage="too short"))}
    with pytest.raises(ValueError, match="200 to 20,000"):
        read_experiment(query)


def test_a_pasted_text_comes_back_from_its_link_and_is_what_is_learnt() -> None:
    passage = "Wer reitet so spät, durch Nacht & Wind?\nEs ist = der Vater #1, 100 % mit seinem Kind. " * 6
    spec = TEXT.with_(dataset=Choice.of("text", passage=passage.strip()))
    again = read_experiment(spec.to_query())
    assert again == spec
    assert set(Experiment(again).data.classes) == set(passage.strip())


def test_letters_are_compared_as_classes_only() -> None:
    assert losses_for(Choice("text"), Choice("lstm")) == ["cross_entropy"]
    assert DATASETS["text"].kind not in MODELS["mlp"].takes


# ---- what it learns


def added(experiment: Experiment) -> bool:
    """Train until it has learnt to add, at most for 800 updates, and tell whether it has."""
    while Observer(experiment).measure(Detail.SCORES).test_loss > 0.02 and experiment.step < 800:
        experiment.advance(100 if experiment.step < 300 else 50)
    return experiment.step < 800


@claims("lstm", "idea")
def test_over_fifty_steps_the_lstm_learns_to_add_and_the_plain_network_hears_the_last_steps_only() -> None:
    for seed in FEW:
        own, other = (Experiment(spec.with_(seed=seed)) for spec in (USUAL, plain(USUAL)))
        flow = seen(other, "gradient_flow")
        assert isinstance(flow, Lines)
        assert flow.y[0][:25].max() < 0.01 * flow.y[0].max()
        assert added(own)
        flow = seen(own, "gradient_flow")
        assert isinstance(flow, Lines)
        assert flow.y[1].min() > 0.1 * flow.y[1].max()  # of the cell
        other.model.train()
        other.advance(own.step)
        assert Observer(other).measure(Detail.SCORES).test_loss > 0.12  # always answering 1 has 1/6


@claims("lstm", "Ten steps")
def test_over_ten_steps_the_plain_network_learns_it_too_only_more_slowly() -> None:
    short = edited(PAGE, "Ten steps", USUAL)
    (own,), (early, late) = stories(short, 200, seeds=FEW), stories(plain(short), 200, 400, seeds=FEW)
    assert 5 * loss(own) < loss(early)
    assert loss(late) < 0.03


@claims("lstm", "Rows of a picture")
def test_rows_of_digits_are_read_nearly_without_mistakes() -> None:
    (after,) = stories(edited(PAGE, "Rows of a picture", USUAL), 100, seeds=FEW)
    assert accuracy(after) > 0.92


def share_of_verses(experiment: Experiment) -> float:
    """The share of lines, but for the first and the last, that stand in the rhyme as they are."""
    told = seen(experiment, "generated")
    assert isinstance(told, Script)
    lines = [line for line in told.text.splitlines()[1:-1] if line]
    return sum(line in PASSAGE.splitlines() for line in lines) / max(1, len(lines))


@claims("lstm", "A nursery rhyme")
def test_the_rhyme_is_learnt_to_less_than_a_bit_a_letter_and_its_own_text_becomes_words() -> None:
    spec = edited(PAGE, "A nursery rhyme", USUAL)
    known, shares, verses = set(PASSAGE.lower().split()), list[list[float]](), list[float]()
    for seed in FEW:
        experiment = Experiment(spec.with_(seed=seed))
        shares.append([])
        for _ in range(2):
            told = taken(("generated",), experiment.look)["generated"]
            assert isinstance(told, Script)
            words = told.text.lower().split()[1:-1]
            shares[-1].append(sum(word in known for word in words) / max(1, len(words)))
            experiment.advance(150)
        record = Observer(experiment).measure(Detail.SCORES)
        assert record.test_loss / math.log(2) < 1
        verses.append(share_of_verses(experiment))
    before, after = (mean(column) for column in zip(*shares, strict=True))
    assert before < 0.2 < 0.6 < after
    assert mean(verses) > 0.5


@claims("lstm", "Waves")
def test_waves_are_forecast_to_within_twice_their_noise() -> None:
    (after,) = stories(edited(PAGE, "Waves", USUAL), 150, seeds=FEW)
    assert mean(record.test_loss for record in after) < 0.03  # the squared noise is 0.01, the variance 1
