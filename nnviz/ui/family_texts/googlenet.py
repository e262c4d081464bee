"""What the page of GoogLeNet says."""

from nnviz.spec import Choice, ExperimentSpec
from nnviz.ui.family_texts import FamilyTexts, Try


def _wide(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("googlenet", width=64))


def _narrow(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("googlenet", width=16))


def _nine(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("googlenet", blocks=9))


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    mnist = Choice.of("mnist", train_size=6000, test_size=1000)
    return spec.with_(dataset=mnist, optimizer=Choice.of("adam", lr=0.01))


TEXTS = FamilyTexts(
    title="GoogLeNet",
    menu="GoogLeNet",
    card="Filters of several sizes side by side, at a tenth of the cost of one large filter.",
    lead="Is a stroke best seen through a small filter or through a large one? GoogLeNet does not choose: each of its "
    "**Inception modules** sends the picture through four branches at once and joins what they find. 1×1 convolutions "
    "before the larger filters leave them fewer maps to look at: a whole module costs a tenth of one 5×5 convolution. "
    "Press Play.",
    idea="*What each branch costs* adds up why the network can afford its modules: a 5×5 convolution looks at all maps "
    "through 25 places, a module's larger filters look at few maps, at those that a 1×1 convolution has mixed before. "
    "*What each branch carries* shows that training leaves no branch out. A tenth of the multiply-adds is not a tenth "
    "of the time: a module is many small operations; on pictures this small the plain network can even be faster.\n\n"
    "Records are measured with batch normalisation's running averages, which take some forty updates to settle: until "
    "then accuracy looks worse than the training loss of the batches, and the branches' shares jump.",
    tries=(
        Try(
            "Against plain 5×5 filters",
            "Nine times as many weights learn in half as many updates. After three hundred updates the plain network "
            "is right on about 99 %, the modules on 98 % or more.",
            beside="plain",
        ),
        Try(
            "Twice as wide",
            "What the modules save can pay for width: 44,202 weights now learn as fast as 103,338 plain ones of the "
            "usual width did, and a plain network this wide has 411,466.",
            _wide,
            "plain",
        ),
        Try(
            "Three thousand weights",
            "Half as wide there are 3,162 weights left, fewer than a 64-48 dense layer has. Still some 95 % are right "
            "after two hundred updates.",
            _narrow,
        ),
        Try(
            "Nine modules",
            "As many as in the paper. A second classifier in the middle gives the early modules a gradient of their "
            "own. With batch normalisation it helps a little: about two points at 150 updates, and not for every seed.",
            _nine,
            "auxiliary",
        ),
        Try(
            "MNIST",
            "6,000 pictures of 28 by 28 pixels and Adam: above 90 % after about two hundred updates.",
            _mnist,
        ),
    ),
)
