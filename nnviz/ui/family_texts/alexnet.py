"""What the page of AlexNet says."""

from nnviz.spec import Choice, ExperimentSpec
from nnviz.ui.family_texts import FamilyTexts, Try


def _few(spec: ExperimentSpec) -> ExperimentSpec:
    few = Choice.of("digits", train_size=100)
    return spec.with_(dataset=few, model=Choice.of("alexnet", dropout="on"))


def _wild(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(optimizer=Choice.of("momentum", lr=0.2))


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("mnist", train_size=6000, test_size=1000))


def _clothes(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("fashion_mnist", train_size=6000, test_size=1000))


TEXTS = FamilyTexts(
    title="AlexNet",
    menu="AlexNet",
    card="Filters that learn by themselves, ReLU and dropout: the network that began it all.",
    lead="A **convolution** looks at every place of a picture through the same small filter, and nobody tells it what "
    "to look for. AlexNet stacks them, with **ReLU** in place of tanh, then dense layers with **dropout**. Press Play: "
    "the same network trains with both activations, from the same weights, on the same batches.",
    idea="*Loss* shows the idea of the paper's figure 1: with ReLU the same network gets to the same training error in "
    "fewer updates, for a ReLU that is on passes the whole gradient on, while a tanh far from zero passes on next to "
    "none. On these digits ReLU gets to a training loss of 0.1 within 160 to 180 updates, tanh within 245 to 275 (five "
    "seeds). *First filters* begin as noise from a normal distribution, as in the paper, and grow to edges and "
    "strokes. *What each convolution sees* follows one picture through the network.",
    tries=(
        Try(
            "ReLU against tanh",
            "The learning rate and momentum of the paper. See when both curves pass 0.1, then go back and start both "
            "with 0.03: tanh catches up.",
            beside="tanh",
        ),
        Try(
            "Dropout on 100 digits",
            "Half of all numbers before each dense layer are dropped while training. With so few examples training "
            "takes twice as many updates, and ends some two points higher on test examples: 89 to 93 % after 400, "
            "without dropout 88 to 90 % (three seeds). Switch it off and compare.",
            _few,
        ),
        Try(
            "Too large a step",
            "A learning rate of 0.2: the loss stays at 2.3, the level of guessing among ten; with another seed it may "
            "leave the finite numbers. Turn the rate down: it does not come back, for a ReLU that is off for every "
            "picture passes no gradient on any more.",
            _wild,
        ),
        Try(
            "MNIST",
            "6,000 pictures of 28 by 28 pixels: the filters have more to look at. After 200 updates ReLU's training "
            "loss is 0.10 to 0.17, that of tanh 0.21 to 0.24 (three seeds).",
            _mnist,
            "tanh",
        ),
        Try(
            "Clothes",
            "Fashion-MNIST is harder: 82 to 85 % after 400 updates. The confusion matrix tells which look alike "
            "to the network.",
            _clothes,
        ),
    ),
)
