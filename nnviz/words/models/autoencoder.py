"""What the page of the autoencoder says."""

from nnviz.words.models import FamilyTexts

TEXTS = FamilyTexts(
    title="Autoencoder",
    menu="Autoencoder",
    card="Pictures as codes of two numbers: a map of all digits, learnt without labels.",
    lead="An encoder writes each picture as a code of a few numbers, and a decoder draws the picture from the code "
    "alone. Nobody names the digits, yet the **bottleneck** between them forces the network to find out what the "
    "pictures have in common. Press Play, then click or drag on the map: the decoder draws what lies there.",
    idea="The classes only colour the map; they take no part in the training. Still, after 2,000 updates the nearest "
    "neighbour on the map is of the same class for 8 of 10 test digits, against 6 of 10 on a map by principal "
    "component analysis (PCA). Beside it trains the same network *without activation*. All its layers together are "
    "one linear map, and the best of these is PCA (Baldi and Hornik 1989): its error comes down to the dashed line "
    "and stays there, while the nonlinear network goes far below with the same two numbers.",
    tries={
        "pca": (
            "Two numbers against PCA",
            "Watch *Error beside PCA*. The network with activation is below the dashed line after about 200 updates, "
            "and 40 % below after 2,000; without activation it ends on the line.",
        ),
        "wide": (
            "Eight numbers",
            "A wider bottleneck keeps more: after 1,000 updates the error is about 0.09 instead of 0.24. The map shows "
            "the two main directions of the codes.",
        ),
        "line": (
            "One number",
            "Every digit is a place on a line. Drag along it and see one digit turn into the next. After 1,000 updates "
            "the error is about 0.34; PCA needs two numbers for 0.37.",
        ),
        "noisy": (
            "Take the noise away",
            "As much noise is added as there is picture, and the clean picture is asked for. After 2,000 updates what "
            "comes back is more than five times nearer to it than what went in.",
        ),
        "mnist": (
            "MNIST",
            "6,000 pictures of 28 by 28 pixels, a code of two numbers. The map begins as one cloud and grows arms; "
            "after 500 updates the error is below PCA's for good.",
        ),
        "clothes": (
            "Clothes",
            "Fashion-MNIST. Trousers, bags and boots get regions of their own, while shirts, coats and pullovers share "
            "one: with two numbers they look alike.",
        ),
    },
)
