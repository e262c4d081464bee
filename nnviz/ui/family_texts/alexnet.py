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
    "none. On these digits ReLU needs about half as many updates to a training loss of 0.1 (70 to 125, tanh 160 to "
    "180, over five seeds). *First filters* begin as noise. *What each convolution sees* follows one picture through "
    "the network.",
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
            "takes several times as many updates, and the test examples gain nothing here. Switch it off and compare.",
            _few,
        ),
        Try(
            "Too large a step",
            "A learning rate of 0.2: the loss stays at 2.3, the level of guessing among ten. Turn the rate down: it "
            "does not come back, for a ReLU that is off for every picture passes no gradient on any more.",
            _wild,
        ),
        Try(
            "MNIST",
            "6,000 pictures of 28 by 28 pixels, more than nine of ten right after 200 updates. Here ReLU is only a "
            "little ahead of tanh.",
            _mnist,
            "tanh",
        ),
        Try(
            "Clothes",
            "Fashion-MNIST is harder: some 83 % after 400 updates. The confusion matrix tells which clothes look alike "
            "to the network.",
            _clothes,
        ),
    ),
)
