"""What the page of ResNet says."""

from nnviz.spec import Choice, ExperimentSpec
from nnviz.ui.family_texts import FamilyTexts, Try


def _shallow(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("resnet", depth=8))


def _middle(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("resnet", depth=20))


def _deep(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("resnet", depth=56), optimizer=Choice.of("momentum", lr=0.02))


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    return _middle(spec).with_(dataset=Choice.of("mnist", train_size=6000, test_size=1000))


def _gentle(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(optimizer=Choice.of("momentum", lr=0.003))


TEXTS = FamilyTexts(
    title="ResNet",
    menu="ResNet",
    card="Shortcuts around every block: networks of dozens of layers learn.",
    lead="A deep stack of layers is hard to train: on its way back through dozens of them the gradient loses its "
    "direction. ResNet leads a **shortcut** around every block, so that the block only has to learn what to *add*. "
    "Press Play: the same network trains with and without shortcuts, from the same weights, on the same batches.",
    idea="The plain network is the same stack of layers; only its shortcuts are gone. It could represent everything "
    "that the residual one can, and still its *training* loss stays behind: the trouble is not overfitting but "
    "learning itself (figure 1 of the paper). *Gradient by depth* shows that the plain network's gradients do not "
    "vanish here, for batch normalisation keeps their size; what they lack is a direction that leads anywhere.\n\n"
    "Records are measured with batch normalisation's running averages, which take some forty updates to settle: until "
    "then accuracy looks worse than the training loss of the batches.",
    tries=(
        Try(
            "Shallow: no difference",
            "With 8 layers both learn alike: a shortcut has nothing to rescue.",
            _shallow,
            "plain",
        ),
        Try(
            "20 layers",
            "The plain network begins to stumble: its loss falls later and less smoothly.",
            _middle,
            "plain",
        ),
        Try(
            "56 layers",
            "The paper's deepest pair. The residual network passes 90 % within about 120 updates; the plain one hardly "
            "leaves guessing.",
            _deep,
            "plain",
        ),
        Try(
            "A smaller step",
            "Divide the learning rate by more than ten. Does the plain network catch up when it is careful?",
            _gentle,
            "plain",
        ),
        Try(
            "MNIST",
            "6,000 pictures of 28 by 28 pixels and 20 layers: the same picture on larger images.",
            _mnist,
            "plain",
        ),
    ),
)
