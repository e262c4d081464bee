"""What the board receives of a snapshot: its numbers, its log and its charts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nnviz.charts import CHARTS, NETWORKS, TABLES
from nnviz.charts.chart import Chart
from nnviz.charts.facts import joined, metric_of
from nnviz.charts.figure import out_of_reach
from nnviz.diagnosis.finding import Finding
from nnviz.records.moments import until
from nnviz.records.run import Comparison, Snapshot
from nnviz.sessions.cures import findings, marked
from nnviz.sessions.session import Session
from nnviz.ui.board.choices import CHOICES
from nnviz.ui.board.counters import counters, race_counters
from nnviz.ui.board.drawn import Drawn, Sight
from nnviz.ui.board.face import face, mark
from nnviz.ui.board.findings import is_told_to_diverge, told
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.own_dials import own_dials
from nnviz.ui.board.own_words import board_words
from nnviz.ui.board.past_bar import past_bar
from nnviz.ui.board.protocol import Card, Marks, Offer, Part, Payload, StatusLine
from nnviz.ui.board.wanted import Wanted, wants
from nnviz.ui.fairness import race_log
from nnviz.ui.since import since
from nnviz.ui.standing import standing
from nnviz.words.language import language, say
from nnviz.words.metrics import of_metric
from nnviz.words.past import PAST

_LOG_LINES = 12
_PLAIN = Layout()
# What can stand on a board beside figures, by how a card holds it.
_OTHERS: Mapping[str, Mapping[str, Chart]] = {"table": TABLES, "network": NETWORKS, "choices": CHOICES}
_KINDS: Mapping[str, str] = {name: kind for kind, known in _OTHERS.items() for name in known}


def drawn(session: Session, snapshot: Snapshot, layout: Layout, sight: Sight = None, want: str = "") -> Drawn:
    """Draw a snapshot, once for all who look at the same version in the same way and language.

    A chart whose source has not changed is not drawn again. Where a sight is given, charts outside it stay as they were
    drawn last of the same run.  want: the board's name among `wants`, where that is known.
    """
    marks, now = _marks(session, snapshot, layout, want), _now(layout)

    def draw() -> Drawn:
        shown = session.answered(_as_it_was(snapshot, layout), layout.question)
        found = _found(session, snapshot) if layout.has_diagnosis else []
        own, whole = fitting(snapshot, layout.charts), marked(snapshot, found)
        names = _wanted(snapshot, layout, own)
        sources = {name: (whole, now) if _card(name).over_time else (shown, layout) for name in names}
        stale = {name: part for name in names if (part := _stale(session, name, *sources[name], sight))}
        parts = [stale.get(name) or _part(session, name, *sources[name]) for name in names]
        stamp = "~".join([marks["stamp"], *stale])  # what is drawn of the same version later is something else
        top: Payload = {**frame(session.id, stamp, snapshot, layout), **marks, "stamp": stamp}
        then = found if layout.view.moment is None else None
        if (ills := told(shown, layout, then)) is not None:
            top["diagnosis"] = ills
        return Drawn({**top, "offers": _offered(snapshot, layout, own)}, parts, frozenset(stale))

    return session.drawings.drawing((layout, language()), marks["stamp"], draw, lambda found: found.shows(sight))


def _found(session: Session, snapshot: Snapshot) -> list[Finding]:
    """Judge a run; while it goes on and nothing is turned, once a second."""
    if not snapshot.status.is_live:
        return findings(snapshot)
    turned = tuple((lane.id, lane.status, len(lane.marks)) for lane in snapshot.lanes)
    return session.drawings.judged((snapshot.generation, turned), lambda: findings(snapshot))


def _as_it_was(snapshot: Snapshot, layout: Layout) -> Snapshot:
    """Return the run as it was at the moment that a reader looks at."""
    return snapshot if layout.view.moment is None else until(snapshot, layout.view.moment)


def _now(layout: Layout) -> Layout:
    return layout if layout.view.moment is None else replace(layout, view=replace(layout.view, moment=None))


def head(session: Session, snapshot: Snapshot, layout: Layout, want: str = "") -> Payload:
    """Put together all but the charts."""
    marks = _marks(session, snapshot, layout, want)
    return {**frame(session.id, marks["stamp"], snapshot, layout), **marks}


def name_of(wanted: Wanted) -> str:
    """Return the name under which a browser may ask for a board, whichever moment of the run it shows."""
    return wants().name(replace(wanted, layout=_now(wanted.layout)))


def _marks(session: Session, snapshot: Snapshot, layout: Layout, want: str) -> Marks:
    """Tell which version it is, what the page should look like, and under which name there is more of it."""
    want = want or name_of(Wanted(session.id, layout, language()))
    then = "" if layout.view.moment is None else f"at{layout.view.moment}"
    now = mark(face(session, snapshot), session.turns)
    at = snapshot.generation, snapshot.version, snapshot.search.progress if snapshot.search else 0
    found = snapshot.rate_curve
    tested = f"t{found.progress}r{found.present}" if found else ""
    return {"stamp": ".".join(map(str, (*at, now, want, then, tested))), "want": want, "at": at, "face": now}


def frame(board_id: str, stamp: str, snapshot: Snapshot, layout: Layout) -> Payload:
    """Put together all but the charts."""
    plain: Payload = {
        "key": board_id + layout.scope,
        "stamp": stamp,
        "words": board_words(),
        "status": None,
        "counters": [],
        "log": [],
        "dials": own_dials(snapshot, layout),
    }
    if (past := past_bar(board_id, snapshot, layout)) is not None:
        plain["past"] = past
    if layout.columns:
        plain["columns"] = layout.columns
    if layout.shape:
        plain["shape"] = layout.shape
    if layout.is_direct:
        plain["direct"] = True
    if not layout.with_numbers:
        return plain
    race = snapshot.comparison == Comparison.RACE  # of a network and its twin the numbers are the first one's
    first, shown = snapshot.lanes[0], _as_it_was(snapshot, layout)
    log = race_log(snapshot) if race else [f"{mark.step:,}: {mark.text}" for mark in joined(first.marks, first.step)]
    return {
        **plain,
        "status": _of_then(shown) if shown.lanes[0].step < first.step else _status(snapshot, layout),
        "counters": race_counters(shown, layout.view.target) if race else counters(shown),
        "log": log[-_LOG_LINES:],
        "reports": race,
    }


def _status(snapshot: Snapshot, layout: Layout) -> StatusLine:
    """Say how a run stands and, where something was turned, what the loss has done since."""
    has_cure = layout.has_diagnosis and is_told_to_diverge(snapshot)
    line = standing(snapshot, layout.note, is_watched=layout.is_watched, has_cure=has_cure)
    said = since(snapshot)
    return {**line, "since": said} if said else line


def _of_then(shown: Snapshot) -> StatusLine:
    return {"kind": "warn", "text": PAST["status"].format(step=shown.lanes[0].step)}


def _part(session: Session, name: str, snapshot: Snapshot, layout: Layout) -> Part:
    """Encode one chart, stamped by its bytes so that the browser leaves an equal one alone."""
    source = (snapshot.generation, source_of(_card(name), snapshot))
    return session.drawings.part(_tag(name, layout), source, lambda: Part.of(_chart(name, snapshot, layout)))


def _stale(session: Session, name: str, snapshot: Snapshot, layout: Layout, sight: Sight) -> Part | None:
    """Return a chart as it was drawn before, where nobody sees it and it was drawn of the same run."""
    former = None if sight is None or name in sight else session.drawings.former(_tag(name, layout))
    if former is None or former[0][0] != snapshot.generation:
        return None
    source, part = former
    return None if source == (snapshot.generation, source_of(_card(name), snapshot)) else part


def _tag(name: str, layout: Layout) -> tuple[object, ...]:
    may = layout.is_grouped, layout.has_diagnosis, _is_out_of_reach(name, layout)
    return (name, layout.view, layout.question, *may, language())


def source_of(chart: Chart, snapshot: Snapshot) -> tuple[object, ...]:
    """Tell what a chart was drawn from: most need a new record to change."""
    if chart.source is not None:
        return (chart.source(snapshot),)
    if chart.follows_updates:
        return (snapshot.version,)
    steps = tuple(
        (len(known), known[-1].step if known else -1)
        for lane in snapshot.lanes
        for known in (lane.records, lane.evaluations)
    )
    searched = (snapshot.search.progress, snapshot.search.status) if snapshot.search else None
    turned = sum(len(lane.marks) for lane in snapshot.lanes)
    return (steps, snapshot.status, snapshot.scene is None, searched, turned)


def chosen(snapshot: Snapshot, layout: Layout = _PLAIN) -> list[str]:
    """List the charts of a board that say something about this run, in the order that its reader wants.

    Where nothing that the reader wants says anything about it, the page is as it usually is.
    """
    return _wanted(snapshot, layout, fitting(snapshot, layout.charts))


def _wanted(snapshot: Snapshot, layout: Layout, own: list[str]) -> list[str]:
    wanted = _picked(snapshot, layout)
    return [name for name in wanted if name in own] if wanted else own


def fitting(snapshot: Snapshot, names: Sequence[str] = ()) -> list[str]:
    """List the charts that say something about this run, in the order named or else the catalogue's."""
    return [name for name in names or CHARTS if _card(name).fits(snapshot)]


def _picked(snapshot: Snapshot, layout: Layout) -> list[str]:
    return [name for name in layout.pick.names if _card(name).fits(snapshot)] if layout.pick else []


def offers(snapshot: Snapshot, layout: Layout) -> list[Offer]:
    """List all charts of the page that a reader may choose among, those that are shown first."""
    return _offered(snapshot, layout, fitting(snapshot, layout.charts)) if layout.pick else []


def _offered(snapshot: Snapshot, layout: Layout, own: list[str]) -> list[Offer]:
    if layout.pick is None:
        return []
    page = fitting(snapshot, layout.pick.among) if layout.pick.among else own
    shown = [name for name in _picked(snapshot, layout) if name in page] or page
    metric = metric_of(snapshot)
    return [
        {"id": name, "label": of_metric(say(_card(name).label), metric), "on": name in shown}
        for name in [*shown, *(name for name in page if name not in shown)]
    ]


def _is_out_of_reach(name: str, layout: Layout) -> bool:
    return layout.is_watched and _card(name).is_steering


def known(names: Iterable[str]) -> tuple[str, ...]:
    """Keep the names of charts, each once."""
    return tuple(name for name in dict.fromkeys(names) if name in CHARTS or name in TABLES)


def _card(name: str) -> Chart:
    return _OTHERS.get(_KINDS.get(name, ""), CHARTS)[name]


def _kind(name: str) -> str:
    return _KINDS.get(name, "figure")


def _chart(name: str, snapshot: Snapshot, layout: Layout) -> Card:
    chart = _card(name)
    label, help_text = (of_metric(say(words), metric_of(snapshot)) for words in (chart.label, chart.help))
    card: Card = {"id": name, "label": label, "help": help_text, "width": chart.width, "rows": chart.rows}
    if chart.over_time:
        card["clock"] = True
    if chart.has_stretches:
        card["stretches"] = True
    if chart.group and layout.is_grouped:
        card["group"] = say(chart.group)
    try:
        drawn = chart.draw(snapshot, view=layout.view)
        return {**card, _kind(name): out_of_reach(drawn) if _is_out_of_reach(name, layout) else drawn}  # type: ignore[misc]
    except Exception as error:  # one chart's trouble stays in its own card
        return {**card, "error": f"{type(error).__name__}: {error}"}
