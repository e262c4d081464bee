"""What the page of GoogLeNet says."""

from nnviz.words.models import FamilyTexts

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
    tries={
        "plain": (
            "Against plain 5×5 filters",
            "Nine times as many weights learn in half as many updates. After three hundred updates the plain network "
            "is right on about 99 %, the modules on 97 to 99 % (five seeds).",
        ),
        "wide": (
            "Twice as wide",
            "What the modules save can pay for width: 44,202 weights now learn as fast as 103,338 plain ones of the "
            "usual width did, and a plain network this wide has 411,466.",
        ),
        "narrow": (
            "Three thousand weights",
            "Half as wide there are 3,162 weights left, fewer than a 64-48 dense layer has. Still some 95 % are right "
            "after two hundred updates.",
        ),
        "nine": (
            "Nine modules",
            "As many as in the paper. A second classifier in the middle gives the early modules a gradient of their "
            "own. With batch normalisation there is little left to help: at 150 updates it is ahead for three of five "
            "seeds, by one point on average.",
        ),
        "mnist": (
            "MNIST",
            "6,000 pictures of 28 by 28 pixels and Adam: 90 to 93 % after two hundred updates (five seeds).",
        ),
    },
)
