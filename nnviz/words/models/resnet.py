"""What the page of ResNet says."""

from nnviz.words.models import FamilyTexts

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
    tries={
        "shallow": (
            "Shallow: no difference",
            "With 8 layers both learn alike: a shortcut has nothing to rescue.",
        ),
        "middle": (
            "20 layers",
            "The plain network begins to stumble: its loss falls later and less smoothly.",
        ),
        "deep": (
            "56 layers",
            "The paper's deepest pair. After 120 updates the residual network is right on 92 to 97 %, the plain one on "
            "16 to 26 % (five seeds).",
        ),
        "gentle": (
            "A smaller step",
            "Divide the learning rate by more than ten. Does the plain network catch up when it is careful?",
        ),
        "mnist": (
            "MNIST",
            "6,000 pictures of 28 by 28 pixels and 20 layers: the same picture on larger images.",
        ),
    },
)
