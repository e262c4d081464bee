"""The cards "What to try" of the Train page: what each sets up, and what to look for."""

from collections.abc import Mapping

from nnviz.words.language import Text

TITLE = "What to try"
TRIES: Mapping[str, tuple[Text, Text]] = {
    "small": (
        "Too small a network",
        "Two hidden units for two rings: they cut the plane twice, so that the *decision boundary* cannot close and "
        "about a fifth of the points stays wrong. Then give *Layer 1* four units.",
    ),
    "rate": (
        "Too large a learning rate",
        "SGD at a learning rate of 10: look how the *loss* jumps about above the value it began with, instead of "
        "falling. Then lower the rate while it trains, and see how far it comes back.",
    ),
    "overfit": (
        "Over-fitting on 20 points",
        "Two layers of 32 units learn 20 points by heart: each of them comes out right, and all the while the *test "
        "loss* turns and rises.",
    ),
    "linear": (
        "No activation",
        "Two hidden layers without a bend between them: however long it trains, the *decision boundary* stays one "
        "straight line, which cannot part two rings. Then choose the activation Tanh.",
    ),
    "deep": (
        "Too deep for sigmoid",
        "Six layers of sigmoids: the *loss* stays where guessing is, for the gradient has vanished on its way back to "
        "the first layer (*Gradient by depth*). The same with Tanh learns.",
    ),
    "zeros": (
        "First weights of zero",
        "All first weights are 0: the *hidden units* stay blank and equal, the *loss* does not move, and more training "
        "changes nothing. Then choose other first weights.",
    ),
    "dead": (
        "Dead ReLUs",
        "ReLUs after steps that were far too large: they answer nothing any more (*Dead units*). Then lower the "
        "learning rate to 0.01: it goes on guessing, since no gradient comes through.",
    ),
    "batch": (
        "Batches of one",
        "Each update looks at one point only: look at the jagged *loss*. Then raise the batch size to 32 while it "
        "trains, and the curve calms down at once.",
    ),
}
