"""What the page of AlexNet says."""

from nnviz.words.models import FamilyTexts

TEXTS = FamilyTexts(
    title="AlexNet",
    menu="AlexNet",
    card="Filters that learn by themselves, ReLU and dropout: the network that began it all.",
    lead="A **convolution** looks at every place of a picture through the same small filter, and nobody tells it what "
    "to look for. AlexNet stacks them, with **ReLU** in place of tanh, then dense layers with **dropout**. Press Play: "
    "the same network trains with both activations, from the same weights, on the same batches.",
    idea="*Loss* shows the idea of the paper's figure 1: with ReLU the same network gets to the same training error in "
    "fewer updates, for a ReLU that is on passes the whole gradient on, while a tanh far from zero passes on next to "
    "none. On these digits ReLU gets to a training loss of 0.1 within 150 to 200 updates, tanh within 250 to 280 (five "
    "seeds). *First filters* begin as noise from a normal distribution, as in the paper, and grow to edges and "
    "strokes. *What each convolution sees* follows one picture through the network.",
    tries={
        "tanh": (
            "ReLU against tanh",
            "The learning rate and momentum of the paper. See when both curves pass 0.1, then go back and start both "
            "with 0.03: tanh all but catches up.",
        ),
        "few": (
            "Dropout on 100 digits",
            "Half of all numbers before each dense layer are dropped while training. With so few examples training "
            "takes twice as many updates, and ends one or two points higher on test examples: 89 to 93 % after 400, "
            "without dropout 88 to 90 % (five seeds). Switch it off and compare.",
        ),
        "wild": (
            "Too large a step",
            "A learning rate of 0.4: after a few dozen updates the loss stays at 2.3, the level of guessing among ten. "
            "Turn the rate down: it does not come back, for a ReLU that is off for every picture passes no gradient "
            "on any more.",
        ),
        "mnist": (
            "MNIST",
            "6,000 pictures of 28 by 28 pixels: the filters have more to look at. After 200 updates ReLU's training "
            "loss is 0.09 to 0.17, that of tanh 0.21 to 0.24 (five seeds).",
        ),
        "clothes": (
            "Clothes",
            "Fashion-MNIST is harder: 81 to 86 % after 400 updates (five seeds). The confusion matrix tells which look "
            "alike to the network.",
        ),
    },
)
