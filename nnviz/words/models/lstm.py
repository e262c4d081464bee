"""What the page of the LSTM says."""

from nnviz.words.models import FamilyTexts

TEXTS = FamilyTexts(
    title="LSTM",
    menu="LSTM",
    card="Gates keep a memory open over many steps: what came long ago still counts.",
    lead="A recurrent network reads a sequence step by step and carries a state along. In a plain one the gradient is "
    "multiplied by the same matrix at every step on its way back, and is gone after a few dozen. The LSTM adds a "
    "**cell** whose way back leads through a forget gate alone. Here both learn to add two marked numbers among fifty: "
    "press Play.",
    idea="*Gradient by step* is the lecture's picture: how much the loss at the end depends on the state after each "
    "step. The plain network hears of the last few steps only, so it answers the average and its error stays at 1/6. "
    "The LSTM's cell hears of all of them once it has learnt to keep its forget gate open. *Gates* shows, for one "
    "example, what each unit does at each step: look at the two steps that carry a marker.",
    tries={
        "short": (
            "Ten steps",
            "Over a short distance the plain network learns it, too, only more slowly.",
        ),
        "long": (
            "A hundred steps",
            "Twice as far: the plain network has no chance, the LSTM still learns.",
        ),
        "waves": (
            "Waves",
            "Forecast the next value of two mixed waves, then let the network go on by itself.",
        ),
        "text": (
            "A nursery rhyme",
            "Predict the next letter and watch noise become words. Slow the run down, use the Moment dial, or paste a "
            "text of your own in the sidebar.",
        ),
        "rows": (
            "Rows of a picture",
            "Read a digit row by row. *While reading* shows when the network makes up its mind.",
        ),
        "mnist": (
            "Rows of MNIST",
            "28 rows of 28 pixels: far enough for the gates to matter.",
        ),
    },
)
