"""Every page under AppTest: a real script run with real runs behind it, without a browser."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.links import read_planned
from nnviz.catalog.openings import FIRST
from nnviz.records.status import Status
from nnviz.runs.run import Run
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.planned import Planned
from nnviz.ui.board import live
from nnviz.ui.registry import registry
from nnviz.ui.shell import PAGES
from nnviz.ui.showcase import EXAMPLES, WAYS
from nnviz.words import texts
from tests.homes import everything, named
from tests.runs import wait_for
from tests.tab import boards_on
from tests.widgets import hold, widget

pytestmark = pytest.mark.usefixtures("own_registry")

ROOT = Path(__file__).resolve().parent.parent
TRAIN = "pages/1_Train.py"


def open_home() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def open_train(query: dict[str, str] | None = None) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in (query or {}).items():
        page.query_params[name] = value
    return page.switch_page(TRAIN).run()


def session_of(page: AppTest) -> Session:
    session = registry().find(page.session_state["session"])
    assert session is not None
    return session


def built(page: AppTest) -> AppTest:
    """Look until data and network are made, as the page's own timer does."""
    settled(page, Status.READY)
    return page.run()


def settled(page: AppTest, status: Status) -> None:
    session = session_of(page)
    for _ in range(600):
        snapshot = session.snapshot()
        if snapshot.status == status and snapshot.scene is not None:
            return
        session.run.join(0.05)
    raise AssertionError(f"{session.snapshot().status} instead of {status}")


def drawn(page: AppTest) -> dict[str, Any]:
    (board,) = boards_on(page)
    return dict(json.loads(board.proto.bytes))


def plan_in(page: AppTest) -> Planned:
    query = {name: str(value) for name, value in page.query_params.items() if name not in ("run", "log_loss")}
    return read_planned(query)


def spec_in(page: AppTest) -> ExperimentSpec:
    return plan_in(page).spec


def warnings(page: AppTest) -> list[str]:
    assert not page.exception
    return [str(warning.value) for warning in page.warning]


def test_home_shows_a_playground_and_a_way_in_for_each_example() -> None:
    home = open_home()
    assert not home.exception
    assert [card["id"] for card in drawn(home)["charts"]] == ["data", "units", "field", "loss"]
    ways = len(WAYS) + len(EXAMPLES) + 2  # and the lab, and the run on Train
    assert len(home.get("page_link")) == ways + len(PAGES)


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_an_example_opens_as_it_says(name: str, data_folder: Path) -> None:
    page = built(open_train(EXAMPLES[name].to_query()))
    assert spec_in(page) == EXAMPLES[name]
    assert warnings(page) == []


def test_train_opens_with_its_data_drawn_and_its_settings_in_the_link() -> None:
    page = built(open_train())
    assert spec_in(page) == FIRST
    assert drawn(page)["status"]["text"] == texts.STATUS["ready"]
    assert "gallery" in {card["id"] for card in drawn(page)["charts"]}


def test_play_trains_and_pause_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    page = built(open_train({"dataset": "moons"}))
    page.button(key="bar.play").click().run()
    assert session_of(page).is_going(session_of(page).snapshot())
    assert page.button(key="bar.play").label == "Pause"
    page.button(key="bar.play").click().run()
    assert page.button(key="bar.play").label == "Play"
    assert session_of(page).snapshot().status == Status.PAUSED


def test_step_does_exactly_one_update() -> None:
    page = built(open_train({"dataset": "moons"}))
    for expected in (1, 2):
        page.button(key="bar.step").click().run()
        assert session_of(page).snapshot().lanes[0].step == expected


def test_epoch_stops_at_the_end_of_the_epoch() -> None:
    page = built(open_train({"dataset": "moons", "batch_size": "50"}))
    page.select_slider(key="bar.speed").set_value(0).run()
    page.button(key="bar.epoch").click().run()
    settled(page, Status.PAUSED)
    assert session_of(page).snapshot().lanes[0].epoch == 1.0


def test_reset_keeps_the_first_weights_and_a_new_seed_does_not() -> None:
    page = built(open_train({"dataset": "moons"}))

    def start() -> float:
        settled(page, Status.READY)
        return session_of(page).snapshot().lanes[0].records[0].parameters[0].norm

    first = start()
    page.button(key="bar.step").click().run()
    page.button(key="bar.reset").click().run()
    assert start() == first
    page.button(key="bar.seed").click().run()
    assert start() != first


def test_a_turned_knob_keeps_the_run() -> None:
    page = built(open_train({"dataset": "moons"}))
    run = session_of(page).run
    page.select_slider(key="live.adam.lr").set_value(0.01).run()
    page.button(key="bar.step").click().run()
    assert session_of(page).run is run
    assert session_of(page).snapshot().lanes[0].knobs["optimizer.lr"] == 0.01
    assert spec_in(page).optimizer == Choice.of("adam", lr=0.01)
    assert len(drawn(page)["log"]) == 1


def line_of(page: AppTest) -> list[str]:
    """Return what is said about a fresh run."""
    assert not page.exception
    return [str(caption.value) for caption in page.caption if str(caption.value).startswith("New run")]


def test_a_fresh_run_says_what_is_new_and_undo_brings_the_old_one_back() -> None:
    page = built(open_train({"dataset": "moons"}))
    assert line_of(page) == []
    page.button(key="bar.step").click().run()
    run, session = session_of(page).run, session_of(page)
    widget(page, "set.activation").select("tanh").run()
    assert line_of(page) == ["New run: activation ReLU → Tanh. The grey curve, “earlier run”, is the run before."]
    widget(page, "set.dataset").select("circles").run()
    assert line_of(page) == ["New run: data set Moons → Circles."]  # whose losses do not compare
    owner, session.owner = session.owner, "somebody"
    watcher = open_train({"run": session.id})
    assert line_of(watcher) == line_of(page)
    assert [button.key for button in watcher.button if str(button.key).startswith("fresh.")] == []
    session.owner = owner
    for _ in range(2):
        page.button(key="fresh.undo").click().run()
    assert session.run is run
    assert line_of(page) == []
    assert widget(page, "set.activation").value == "relu"
    assert drawn(page)["status"]["text"] == texts.STATUS["paused"]
    assert spec_in(page).dataset == Choice("moons")


def test_the_line_about_a_fresh_run_goes_when_it_has_been_read() -> None:
    page = built(open_train({"dataset": "moons"}))
    page.button(key="bar.seed").click().run()
    assert line_of(page) == ["New run: seed 1 → 2."]
    page.button(key="fresh.read").click().run()
    assert line_of(page) == []


def test_a_value_that_another_tab_was_told_is_no_second_change() -> None:
    page = built(open_train({"dataset": "moons"}))
    session = session_of(page)
    for _ in range(2):
        session.turn("optimizer.lr", 0.01)
    session.step()
    assert len(session.snapshot().lanes[0].marks) == 1


def test_a_refresh_that_was_under_way_does_not_undo_a_new_seed() -> None:
    page = built(open_train({"dataset": "moons"}))
    hold(page)
    pressed = page.button(key="bar.seed")
    pressed.click().run()
    pressed.set_value(False).run()  # what the browser still showed, seed 1 included
    assert spec_in(page).seed == 2


STRUCTURAL = {
    "set.dataset": "circles",
    "set.activation": "tanh",
    "set.initializer": "zeros",
    "set.loss": "mse",
    "set.optimizer": "sgd",
}


@pytest.mark.parametrize(("key", "value"), STRUCTURAL.items(), ids=list(STRUCTURAL))
def test_a_menu_starts_a_fresh_run(key: str, value: str) -> None:
    page = built(open_train({"dataset": "moons"}))
    run = session_of(page).run
    page.selectbox(key=key).select(value).run()
    assert warnings(page) == []
    assert session_of(page).run is not run
    assert getattr(spec_in(page), key.removeprefix("set.")) == Choice(value)


def test_layers_and_their_units_can_be_edited() -> None:
    page = built(open_train({"dataset": "moons"}))
    page.slider(key="set.layers").set_value(3).run()
    page.number_input(key="set.units.1").set_value(5).run()
    assert spec_in(page).model == Choice.of("mlp", hidden="32,5,32")
    page.slider(key="set.layers").set_value(0).run()
    assert spec_in(page).model == Choice.of("mlp", hidden="")


def test_a_loss_that_does_not_fit_new_data_gives_way() -> None:
    page = built(open_train({"dataset": "moons", "loss": "binary_cross_entropy"}))
    page.selectbox(key="set.dataset").select("sine").run()
    assert spec_in(page).loss == Choice("mse")
    assert widget(page, "set.loss").options == ["Mean squared error", "Gaussian negative log-likelihood"]


def test_an_optimizer_chosen_again_has_its_knobs_back() -> None:
    page = built(open_train({"dataset": "moons"}))
    page.select_slider(key="live.adam.lr").set_value(0.03).run()
    page.selectbox(key="set.optimizer").select("sgd").run()
    assert spec_in(page).optimizer == Choice("sgd")
    page.selectbox(key="set.optimizer").select("adam").run()
    assert spec_in(page).optimizer == Choice.of("adam", lr=0.03)


@pytest.mark.parametrize("spec", list(everything()), ids=named)
def test_every_entry_has_a_page_with_its_live_knobs_at_hand_and_help_on_every_widget(spec: ExperimentSpec) -> None:
    page = open_train(spec.to_query())
    assert warnings(page) == []
    assert spec_in(page) == spec
    widgets = [*page.slider, *page.select_slider, *page.selectbox, *page.number_input, *page.toggle]
    assert [widget.label for widget in widgets if not widget.help] == []
    name, shown = spec.optimizer.name, {widget.key for widget in widgets}
    assert {f"live.{name}.{knob.name}" for knob in OPTIMIZERS[name].knobs if knob.live} <= shown


BAD = {
    "an unknown name": {"optimizer": "adamm"},
    "a bad knob": {"optimizer": "adam:lr=-1"},
    "an unknown knob": {"optimizer": "adam:speed=3"},
    "a seed that is no number": {"seed": "one"},
    "a pair that cannot work": {"dataset": "sine", "loss": "cross_entropy"},
    "too many units": {"model": "mlp:hidden=99999"},
    "a typing error": {"optimiser": "adam"},
}


@pytest.mark.parametrize("query", BAD.values(), ids=list(BAD))
def test_a_bad_link_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as told:
        read_planned(query)
    ((name, value),) = [*query.items()][-1:]
    word = value.rpartition(":")[2].partition("=")[0]  # what is wrong, or the knob of it
    assert name in str(told.value) or word in str(told.value)


@pytest.mark.parametrize("query", [BAD["an unknown name"], BAD["a pair that cannot work"], BAD["a typing error"]])
def test_a_bad_link_is_told_once_and_the_page_works(query: dict[str, str]) -> None:
    page = open_train(query)
    (warning,) = warnings(page)
    assert warning.startswith("This link cannot be used")
    page.run()
    assert warnings(page) == []
    assert spec_in(page) == FIRST


def test_a_second_tab_finds_the_same_run() -> None:
    first = built(open_train({"dataset": "moons"}))
    second = open_train({"run": session_of(first).id})
    assert session_of(second) is session_of(first)
    assert spec_in(second) == spec_in(first)


def test_a_note_stays_while_the_page_is_drawn_anew_by_itself_and_goes_with_the_next_click(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = open_train({"dataset": "moons"})
    page.session_state["note"] = "Something went otherwise than asked."
    faces = iter(range(100))
    monkeypatch.setattr(live, "face", lambda *_: min(next(faces), 1))  # the run moves on while the page is drawn
    page.run()
    assert next(faces) == 4
    assert [warning.value for warning in page.warning] == ["Something went otherwise than asked."]
    page.button(key="bar.step").click().run()
    assert len(page.warning) == 0


def test_a_run_that_is_gone_starts_afresh_with_a_note() -> None:
    page = open_train({"run": "long-gone", "dataset": "moons"})
    assert warnings(page) == [texts.TRAIN["gone"]]
    assert spec_in(page).dataset == Choice("moons")


def test_a_stranger_watches_and_can_take_a_copy() -> None:
    owner = built(open_train({"dataset": "moons"}))
    session_of(owner).owner = "somebody"
    stranger = open_train({"run": session_of(owner).id})
    assert stranger.button(key="bar.play").disabled
    assert stranger.selectbox(key="set.dataset").disabled
    (copy,) = (button for button in stranger.button if button.label == texts.TRAIN["own_copy"])
    copy.click().run()
    assert session_of(stranger) is not session_of(owner)
    assert spec_in(stranger) == spec_in(owner)
    assert not stranger.button(key="bar.play").disabled
    again = open_train({"run": session_of(stranger).id})  # these sessions have no cookie that tells who they are
    assert not again.button(key="bar.play").disabled
    assert texts.TRAIN["anyones"] in [caption.value for caption in again.caption]
    assert texts.TRAIN["anyones"] not in [caption.value for caption in owner.run().caption]


def test_another_page_and_back_finds_the_run() -> None:
    page = built(open_train({"dataset": "moons"}))
    before = session_of(page).id
    page.query_params.clear()  # as a link to another page does
    page.switch_page("app.py").run()
    page.query_params.clear()
    page.switch_page(TRAIN).run()
    assert session_of(page).id == before


def test_the_view_is_part_of_the_link() -> None:
    page = built(open_train({"dataset": "moons", "log_loss": "True"}))
    assert page.toggle(key="view.log_loss").value
    (loss,) = (card for card in drawn(page)["charts"] if card["id"] == "loss")
    assert loss["figure"]["layout"]["yaxis"]["type"] == "log"
    assert page.query_params["log_loss"] == "True"


def test_the_charts_of_a_page_and_their_order_are_part_of_the_link_and_kept() -> None:
    page = built(open_train({"dataset": "moons", "charts": "loss,nonsense,gallery,field"}))
    assert [card["id"] for card in drawn(page)["charts"]] == ["loss", "field"]  # no pictures here
    assert page.query_params["charts"] == "loss,gallery,field"
    page.switch_page("app.py").run()
    page.switch_page(TRAIN).run()
    assert [card["id"] for card in drawn(page)["charts"]] == ["loss", "field"]


def test_missing_data_is_a_sentence_with_a_download(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    page = open_train({"dataset": "mnist"})
    assert page.button(key="download.start").label == "Download MNIST"
    assert len(warnings(page)) == 1
    assert drawn(page)["status"]["text"] == texts.STATUS["missing"]
    page.selectbox(key="set.dataset").select("moons").run()
    assert warnings(page) == []


def test_a_failed_download_says_so_and_offers_another_try(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    page = open_train({"dataset": "mnist"})
    page.button(key="download.start").click().run()
    download = registry().download("mnist")
    assert download is not None
    assert download.join(60)
    page.run()
    assert page.button(key="download.start").label == texts.DOWNLOAD["retry"]
    assert warnings(page) == [str(download.message)]


def test_a_diverged_run_says_what_to_press_and_a_lower_rate_holds_for_the_next_start() -> None:
    page = built(open_train({"dataset": "sine", "loss": "mse", "optimizer": "sgd:lr=10000"}))
    assert page.button(key="bar.play").help == ""  # it would lie over the menu where the pointer rests
    page.button(key="bar.play").click().run()
    settled(page, Status.DIVERGED)
    page.run()
    step = session_of(page).snapshot().lanes[0].step
    status = drawn(page)["status"]
    assert (status["kind"], status["text"].partition(":")[0]) == ("bad", f"Diverged at update {step}")
    assert "Lower the learning rate" not in status["text"]  # what to do stands below, with its press
    assert page.button(key="bar.step").disabled
    widget(page, "live.sgd.lr").set_value(0.1).run()
    said = [str(caption.value) for caption in page.caption]
    assert "This run is over. The next start has: learning rate 10,000 → 0.1." in said
    assert page.button(key="bar.play").label == "Play again"
    page.button(key="bar.play").click().run()
    lane = session_of(page).snapshot().lanes[0]
    assert (session_of(page).generation, lane.knobs["optimizer.lr"]) == (1, 0.1)
    (line,) = line_of(page)
    assert line.startswith("New run: learning rate 10,000 → 0.1.")


@pytest.mark.parametrize("press", ["bar.play", "bar.reset"])
def test_a_finished_run_says_what_play_does_and_starts_from_the_same_weights(press: str) -> None:
    page = built(open_train({"dataset": "moons", "epochs": "1"}))
    page.button(key="bar.play").click().run()
    settled(page, Status.DONE)
    page.run()
    assert page.button(key="bar.play").label == "Play again"
    assert "Play again starts from the same first weights" in drawn(page)["status"]["text"]
    before = session_of(page).snapshot().lanes[0]
    page.button(key=press).click().run()
    after = session_of(page).snapshot().lanes[0]
    assert after.start_hash == before.start_hash
    assert session_of(page).generation == 1


def test_a_batch_of_all_training_examples_says_so() -> None:
    page = built(open_train({"dataset": "moons", "batch_size": "128"}))  # 250 examples to train on
    options = widget(page, "live.batch_size").options
    assert options[-4:] == ["128", "256 (all 250)", "512 (all 250)", "1,024 (all 250)"]


@contextmanager
def held(session: Session) -> Iterator[None]:
    """Keep the trainer from doing anything, as a machine does that is busy elsewhere."""
    source = session.run
    assert isinstance(source, Run)
    turn, gate = source._engine.turn, Event()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source._engine, "turn", lambda *wishes: gate.wait(60) and turn(*wishes))
        try:
            yield
        finally:
            gate.set()


def test_what_a_busy_machine_has_not_come_to_yet_is_drawn_as_asked_and_followed() -> None:
    page = built(open_train({"dataset": "moons", "epochs": "0"}))
    session = session_of(page)
    for pressed, drawn_next, at_last in (("Play", "Pause", Status.RUNNING), ("Pause", "Play", Status.PAUSED)):
        with held(session):
            assert page.button(key="bar.play").label == pressed
            page.button(key="bar.play").click().run()
            assert page.button(key="bar.play").label == drawn_next
            assert session.is_changing(session.snapshot())  # so that the page looks again by itself
        settled(page, at_last)


def test_a_step_that_a_busy_machine_has_not_come_to_yet_is_followed() -> None:
    page = built(open_train({"dataset": "moons", "epochs": "0"}))
    session = session_of(page)
    with held(session):
        page.button(key="bar.step").click().run()
        assert page.button(key="bar.play").label == "Play"
        assert session.is_changing(session.snapshot())
    settled(page, Status.PAUSED)
    assert not session.is_changing(session.snapshot())


def test_play_right_after_a_pause_that_is_still_to_come_trains_on() -> None:
    page = built(open_train({"dataset": "moons", "epochs": "0"}))
    session = session_of(page)
    session.play()
    settled(page, Status.RUNNING)
    with held(session):
        session.pause()
        session.play()
    before = session.snapshot().lanes[0].step
    assert wait_for(lambda: session.snapshot().lanes[0].step > before + 50)


def test_a_pause_that_comes_just_after_the_end_throws_nothing_away() -> None:
    page = built(open_train({"dataset": "moons", "epochs": "1"}))
    session = session_of(page)
    session.play()
    settled(page, Status.DONE)
    session.pause()
    assert session.generation == 0
    assert session.snapshot().status == Status.DONE
