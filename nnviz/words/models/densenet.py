"""What the page of DenseNet says."""

from nnviz.words.models import FamilyTexts

TEXTS = FamilyTexts(
    title="DenseNet",
    menu="DenseNet",
    card="Every layer reads all layers before it: few maps each, and nothing is found twice.",
    lead="A layer usually hears only the one before it, and what was found earlier has to be passed on again and "
    "again. In DenseNet each layer reads the outputs of **all** layers before it in its block and adds a few maps of "
    "its own. Nothing has to be found twice, so that few weights are enough. Press Play.",
    idea="*Who listens to whom* is figure 5 of the paper for this network while it learns. The paper's first finding "
    "shows here, too: weights are spread over all sources, and the last layer of a block reads even the block's input. "
    "Between two blocks a transition halves the number of maps and the picture. The whole network has 46,362 weights, "
    "two fifths of the 117,474 of the ResNet on its page, and is right on 98 % after a hundred updates.\n\n"
    "Differences between sources stay small in a minute of training, for batch normalisation makes the size of the "
    "weights before it unimportant: go back to the first record with the Moment dial before you read much into a cell.",
    tries={
        "large_step": (
            "Preferences appear",
            "Steps four times as large, and some patience: after six hundred updates the layers of block 3 all hear "
            "their block's input most, and with some seeds those of block 2, too (five seeds). The paper's network "
            "heard it least; there the transition passed all maps on, here it sorts out half of them.",
        ),
        "narrow": (
            "Four maps a layer",
            "Half the growth rate leaves 12,266 weights. After a hundred updates 92 to 98 % are right all the same "
            "(five seeds).",
        ),
        "deep": (
            "Twelve layers a block",
            "36 layers with two convolutions each, and no trouble with depth: no layer is more than a few steps from "
            "the loss. The last one of each block reads twelve sources.",
        ),
        "shallow": (
            "One block",
            "Four layers on the whole picture and no transition: less to compute, and more updates until it knows the "
            "digits.",
        ),
        "mnist": (
            "MNIST",
            "6,000 pictures of 28 by 28 pixels: 92 to 96 % after two hundred updates (five seeds).",
        ),
    },
)
