"""The first screens that are compared: nnviz's own, and TensorFlow Playground's."""

from collections.abc import Callable, Mapping

from benchmarks.hand import Hand, Playground

PARTS = (
    "data to choose from", "network", "a map of each unit", "weights as lines", "boundary with points", "loss",
    "dials and menus", "Play",
)  # fmt: skip
_MENU = "document.querySelector('[data-dial={}]').selectedOptions[0].text === '{}'"
_Act = Callable[[Hand], None]
Chore = tuple[_Act, str]


def _press(what: str) -> _Act:
    return lambda hand: hand.press(what)


def _drag(what: str, share: float) -> _Act:
    return lambda hand: hand.drag(what, share)


def _choose(what: str, name: str) -> _Act:
    return lambda hand: hand.choose(what, name)


def _text(selector: str) -> str:
    return f"document.querySelector('{selector}').textContent"


def _own_chores() -> Mapping[str, Chore]:
    """Say how everyday things are done at nnviz."""

    def value(dial: str) -> str:
        return f"Number(document.querySelector('[data-dial=\"{dial}\"]').value)"

    def set_weight(hand: Hand) -> None:
        hand.press_line(".nnviz-edge-reach")
        hand.drag(".nnviz-inspector-weights input[type=range]:focus", 0.7)  # of the way from -5 to 5

    head = "document.querySelector('.nnviz-network-head output').textContent"
    weight = "Number(document.querySelector('.nnviz-inspector-weights input[type=range]:focus').value)"
    return {
        "another data set": (
            _press("[data-option=spiral]"),
            "document.querySelector('[data-option=spiral]').getAttribute('aria-pressed') === 'true'",
        ),
        "more noise": (_drag("[data-dial='dataset.noise']", 0.6), f"{value('dataset.noise')} > 0.3"),
        "one more unit": (_press(".nnviz-network-head button:last-child"), f"{head}.startsWith('5')"),
        "one more layer": (
            _press("[data-dial=layers] button:last-child"),
            "document.querySelectorAll('.nnviz-network-head').length === 3",
        ),
        "another activation": (_choose("[data-dial=activation]", "ReLU"), _MENU.format("activation", "ReLU")),
        "a higher learning rate": (_drag("[data-dial='optimizer.lr']", 0.7), f"{value('optimizer.lr')} > -1.5"),
        "another batch size": (_drag("[data-dial=batch_size]", 0.8), f"{value('batch_size')} > 5"),
        "regularisation": (
            _drag("[data-dial='optimizer.weight_decay']", 0.5), f"{value('optimizer.weight_decay')} > 2"
        ),
        "pause and do one step": (_press(".st-key-bar-step button"), "true"),
        "a unit's map, large": (
            lambda hand: hand.point(".nnviz-unit[data-unit='1.0']"),
            "document.querySelector('.nnviz-inspector').offsetWidth > 100",
        ),
        "a weight set by hand": (set_weight, f"{weight} > 1.5"),
        "a fresh start": (_press(".st-key-bar-seed button"), "true"),
    }  # fmt: skip


def own(address: str) -> Playground:
    """Describe nnviz's first screen."""

    def counter(name: str) -> str:
        return f"document.querySelector('[data-counter={name}] dd').textContent"

    drawn = "document.querySelector('[data-chart={}]').dataset.draws > 0"
    return Playground(
        address=address,
        ready=" && ".join([drawn.format(name) for name in ("units", "field", "loss")]
                          + ["document.querySelectorAll('.nnviz-option canvas').length > 3"]),
        parts=dict(zip(PARTS, (
            ".nnviz-option, [data-dial='dataset.noise']", ".nnviz-network", ".nnviz-unit canvas",
            ".nnviz-network svg path:not(.nnviz-edge-reach)", "[data-chart=field]",
            "[data-chart=loss], [data-counter=test_loss]", ".nnviz-dial", ".st-key-bar-play button",
        ), strict=True)),
        picture="[data-chart=field]",
        play=".st-key-bar-play button",
        is_playing="document.querySelector('.st-key-bar-play button').textContent.includes('Pause')",
        loss=f"Number({counter('test_loss')})",
        dial="[data-dial='dataset.noise']",
        chores=_own_chores(),
    )  # fmt: skip


def _rival_chores() -> Mapping[str, Chore]:
    """Say how everyday things are done at TensorFlow Playground."""

    def regularise(hand: Hand) -> None:
        hand.choose("#regularizations", "L2")
        hand.choose("#regularRate", "0.003")

    def set_weight(hand: Hand) -> None:
        hand.press_line("#svg .link-hover")
        hand.type("2")

    units = _text(".plus-minus-neurons > div:last-child")
    return {
        "another data set": (
            _press("canvas[data-dataset=spiral]"), "document.querySelector('canvas[data-dataset=spiral].selected')"
        ),
        "more noise": (_drag("#noise", 0.6), f"Number({_text('.ui-noise .value')}) >= 25"),
        "one more unit": (_press(".plus-minus-neurons button"), f"{units}.startsWith('5')"),
        "one more layer": (_press("#add-layers"), f"{_text('#num-layers')} === '3'"),
        "another activation": (
            _choose("#activations", "ReLU"), "document.querySelector('#activations').value === 'relu'"
        ),
        "a higher learning rate": (
            _choose("#learningRate", "0.1"), "document.querySelector('#learningRate').value === '0.1'"
        ),
        "another batch size": (_drag("#batchSize", 0.8), f"Number({_text('.ui-batchSize .value')}) > 20"),
        "regularisation": (regularise, "document.querySelector('#regularRate').value === '0.003'"),
        "pause and do one step": (_press("#next-step-button"), "true"),
        "a unit's map, large": (lambda hand: hand.point("#network .canvas:not(.active)"), "true"),
        "a weight set by hand": (set_weight, f"Number({_text('#hovercard .value')}) === 2"),
        "a fresh start": (_press("#reset-button"), "true"),
    }  # fmt: skip


def rival(address: str) -> Playground:
    """Describe TensorFlow Playground as it is built from its repository."""
    return Playground(
        address=address,
        ready=f"document.querySelectorAll('#network canvas').length > 8 && {_text('#loss-test')}",
        parts=dict(zip(PARTS, (
            ".dataset-list .dataset:has([data-dataset]), .ui-noise", "#svg .node", "#network .canvas", "#svg path.link",
            "#heatmap canvas", "#loss-test, #linechart svg", "#top-controls select", "#play-pause-button",
        ), strict=True)),
        picture="#heatmap",
        play="#play-pause-button",
        is_playing="document.querySelector('#play-pause-button.playing') !== null",
        loss="Number(document.querySelector('#loss-test').textContent)",
        dial="#noise",
        chores=_rival_chores(),
    )  # fmt: skip
