"""What the page of ResNet says."""

from nnviz.ui.family_texts import FamilyTexts

TEXTS = FamilyTexts(
    title="ResNet",
    menu="ResNet",
    card="Shortcuts carry the signal past each block: very deep networks learn.",
    lead="A deep stack of layers is hard to train: on its way back through dozens of them the gradient loses its "
    "direction. ResNet adds a **shortcut** around every block, so that the block only has to learn what to *add*. "
    "Press Play: the same network trains with and without shortcuts, from the same weights, on the same batches.",
    idea="Look at the loss: the plain network is the same stack of layers, only its shortcuts are gone. The deeper "
    "both are, the further it falls behind. Gradient by depth shows how strongly each layer is told to change.",
    tries=(),
)
