"""The data sets: one entry each."""

from collections.abc import Mapping

from nnviz.catalog import curves, densities, pictures, points, sequences
from nnviz.catalog.data_entry import DataEntry
from nnviz.catalog.entry import Knob, pick
from nnviz.catalog.files import SOURCES
from nnviz.specs.experiment import Choice


def classes_of(dataset: Choice) -> int:
    """Count a data set's classes without building it (0: a regression); raises ValueError for a bad choice."""
    pick("data set", DATASETS, dataset)
    entry = DATASETS[dataset.name]
    return int(entry.values(dataset).get("blobs", entry.classes))


_NORMALISATION = Knob(
    "normalisation",
    "Normalisation",
    "standard",
    choices=pictures.NORMALISATIONS,
    help="How brightness becomes numbers: standard has mean 0 and standard deviation 1 over the training set, "
    "zero_one runs from 0 to 1, none keeps the raw pixels and shows why one should not.",
)


def _test_share(default: float, low: float = 0.1, high: float = 0.9) -> Knob:
    text = "The part of all examples kept away from training, to see how well the network does on new ones."
    return Knob("test_share", "Test share", default, low, high, help=text)


def _points_knobs(noise: float) -> tuple[Knob, ...]:
    return (
        Knob("size", "Points", 500, 20, 2000, whole=True, help="Training and test points together."),
        Knob(
            "noise",
            "Noise",
            noise,
            0.0,
            1.0,
            help="How far points stray from their place: the standard deviation on each axis, in a picture about "
            "4 wide. Where classes mix, no network can be right everywhere.",
        ),
        _test_share(0.5),
    )


def _density_knobs(size: int, noise: float) -> tuple[Knob, ...]:
    return (
        Knob("size", "Points", size, 100, 10_000, whole=True, help="Training and test points together."),
        Knob(
            "noise",
            "Noise",
            noise,
            0.01,
            0.3,
            help="The standard deviation of each cloud on each axis. Small clouds are the harder ones to hit.",
        ),
        _test_share(0.25),
    )


def _curve_knobs(noise: float) -> tuple[Knob, ...]:
    return (
        Knob("size", "Points", 200, 20, 2000, whole=True, help="Training and test points together."),
        Knob(
            "noise",
            "Noise",
            noise,
            0.0,
            1.0,
            help="The standard deviation of the Gaussian noise on y. Its square is the smallest mean squared error "
            "that can be hoped for on new points.",
        ),
        _test_share(0.3),
    )


def _sequence_knobs(size: int, steps: int, longest: int, text: str) -> tuple[Knob, ...]:
    return (
        Knob("size", "Sequences", size, 500, 20_000, whole=True, help="Training and test sequences together."),
        _steps(steps, longest, text),
        _test_share(0.1),
    )


def _steps(default: int, longest: int, text: str) -> Knob:
    return Knob("steps", "Steps", default, 8, longest, whole=True, help=text)


def _file_knobs(test_help: str) -> tuple[Knob, ...]:
    return (
        Knob(
            "train_size",
            "Training examples",
            60_000,
            100,
            60_000,
            log=True,
            whole=True,
            help="Learn from the first so many pictures only. Few are learnt by heart: the test loss tells.",
        ),
        Knob("test_size", "Test examples", 10_000, 100, 10_000, log=True, whole=True, help=test_help),
        _NORMALISATION,
    )


DATASETS: Mapping[str, DataEntry] = {
    "circles": DataEntry(
        "Circles",
        points.circles,
        _points_knobs(0.2),
        note="A ring inside a ring. No straight line parts them, and three hidden units can: watch them fence the "
        "inner ring in.",
    ),
    "moons": DataEntry(
        "Moons",
        points.moons,
        _points_knobs(0.2),
        note="Two half-moons that hook into each other. A straight line gets most points right; the bend is what "
        "hidden units add.",
    ),
    "xor": DataEntry(
        "XOR",
        points.xor,
        _points_knobs(0.1),
        note="Opposite quadrants belong together: the class is whether the two signs differ. The classic that a "
        "network without hidden units cannot learn.",
    ),
    "spiral": DataEntry(
        "Spiral",
        points.spiral,
        _points_knobs(0.05),
        note="Two arms wound around each other. The hardest of the flat sets: it takes several layers or many units, "
        "and patience.",
    ),
    "blobs": DataEntry(
        "Gaussian blobs",
        points.blobs,
        (
            *_points_knobs(0.4),
            Knob("blobs", "Blobs", 3, 2, 5, whole=True, help="How many clouds, and so how many classes."),
        ),
        note="Round clouds, one for each class. The easiest set: straight borders are enough, so a network without "
        "hidden units will do.",
    ),
    "ring": DataEntry(
        "Ring of 8 Gaussians",
        densities.ring,
        _density_knobs(2000, 0.1),
        classes=densities.RING,
        note="Eight round clouds on a circle, the usual test for networks that make points: all should be reached.",
    ),
    "grid": DataEntry(
        "Grid of 25 Gaussians",
        densities.grid,
        _density_knobs(4000, 0.1),
        classes=densities.GRID**2,
        note="Twenty-five round clouds in five rows. A network that makes points has to leave the space between free.",
    ),
    "line": DataEntry(
        "Line",
        curves.points_of(curves.line),
        _curve_knobs(0.2),
        classes=0,
        kind="curve",
        note="Points along y = 0.5 x + 0.25. A network without hidden units is linear regression and fits it exactly; "
        "see what a large one makes of the noise.",
    ),
    "sine": DataEntry(
        "Sine",
        curves.points_of(curves.sine),
        _curve_knobs(0.1),
        classes=0,
        kind="curve",
        note="One and a half waves. Each ReLU adds one kink and each tanh one smooth bend: count how many units the "
        "curve needs.",
    ),
    "step": DataEntry(
        "Step",
        curves.points_of(curves.step),
        _curve_knobs(0.1),
        classes=0,
        kind="curve",
        note="A jump from -1 to 1 at zero. Networks are continuous, so they can only make the slope steeper and "
        "steeper.",
    ),
    "cubic": DataEntry(
        "Cubic",
        curves.points_of(curves.cubic),
        _curve_knobs(0.1),
        classes=0,
        kind="curve",
        note="y = (x³ - 2x) / 4, flat in the middle and steep at the ends, where the error is largest and stays "
        "larger for a while.",
    ),
    "adding": DataEntry(
        "Adding problem",
        sequences.adding,
        _sequence_knobs(10_000, 50, 100, "Numbers in a sequence; the two to be added lie up to that far apart."),
        classes=0,
        kind="sequence",
        note="A row of random numbers, two of them marked: what is their sum? Whoever always answers 1 has an error of "
        "1/6 (Hochreiter and Schmidhuber 1997).",
    ),
    "waves": DataEntry(
        "Two waves",
        sequences.waves,
        (
            *_sequence_knobs(5000, 32, 64, "Values that the network reads before it forecasts the next one."),
            Knob("noise", "Noise", 0.1, 0.0, 0.5, help="Standard deviation of what is added to every value."),
        ),
        classes=0,
        kind="sequence",
        note="A fast and a slow sine, added: forecast the next value from the last ones.",
    ),
    "text": DataEntry(
        "Text",
        sequences.text,
        (
            Knob(
                "passage",
                "Your own text",
                "",
                check=sequences.passage,
                lines=4,
                help="Paste 200 to 20,000 characters; empty is a nursery rhyme of about 2,000. The last part is kept "
                "for testing.",
            ),
            _steps(32, 64, "Letters that the network reads at once; it answers the next one after each of them."),
            _test_share(0.15, 0.1, 0.5),
        ),
        classes=28,  # of the rhyme; another text has as many as it has different letters
        kind="text",
        alone=sequences.read,
        note="Predict the next letter, after every letter.",
    ),
    "digits": DataEntry(
        "Digits 8x8",
        pictures.digits,
        (
            Knob(
                "train_size",
                "Training examples",
                1437,
                10,
                1437,
                log=True,
                whole=True,
                help="Learn from so many pictures only, the digits in turn; a larger test share may leave fewer.",
            ),
            _test_share(0.2, 0.2, 0.5),
            _NORMALISATION,
        ),
        classes=10,
        kind="picture",
        alone=pictures.digits_alone,
        note="1,797 real handwritten digits of 8x8 pixels that come with scikit-learn. Small enough to be learnt in "
        "seconds, real enough to be worth it.",
    ),
    "mnist": DataEntry(
        "MNIST",
        pictures.mnist,
        _file_knobs(
            "Measure on the first so many test pictures only. The first half of the file is the harder half, so a "
            "few make the network look worse than it is."
        ),
        classes=10,
        kind="picture",
        alone=pictures.mnist_alone,
        download=SOURCES["mnist"].megabytes,
        note="70,000 handwritten digits of 28x28 pixels: the data set that every course begins with. A plain MLP "
        "gets about 98 of 100 right.",
    ),
    "fashion_mnist": DataEntry(
        "Fashion-MNIST",
        pictures.fashion_mnist,
        _file_knobs("Measure on the first so many test pictures only: faster, and less exact."),
        classes=10,
        kind="picture",
        alone=pictures.fashion_mnist_alone,
        download=SOURCES["fashion_mnist"].megabytes,
        note="70,000 pictures of clothes in the format of MNIST, and harder: shirts, pullovers and coats are easily "
        "confused, as the confusion matrix shows.",
    ),
}
