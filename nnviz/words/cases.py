"""The words of the fault gallery: what one sees, what it is, and why."""

from collections.abc import Mapping
from typing import NamedTuple

from nnviz.words.language import Table


class CaseText(NamedTuple):
    """One case: what one sees, what it is called, where to look, and why it is so."""

    seen: str
    label: str
    hint: str
    why: str


TEXTS: Mapping[str, tuple[str, str, str, str]] = Table(
    rate_high=(
        "Two moons, a small network, and a loss that jumps about above the line of guessing.",
        "Learning rate too high",
        "How far does one update move the weights? Look at the update ratios.",
        "Each step overshoots the valley and lands on the other side, higher up. A smaller rate takes the same "
        "direction and stops before.",
    ),
    rate_low=(
        "Digits. The loss is a straight line, and nothing else moves either.",
        "Learning rate too low",
        "The gradients are there. What becomes of them?",
        "The direction is right, but a step is so small that a thousand of them lead nowhere.",
    ),
    zeros=(
        "Digits, two hidden layers. The network has its accuracy from guessing and keeps it.",
        "All first weights zero",
        "Which of the weights have moved since the start?",
        "A unit with zero weights gives zero, and sends zero back. Only the last biases learn: how often each class "
        "comes.",
    ),
    dead_units=(
        "Digits, two hidden layers of ReLU. After a few updates everything stands still.",
        "Dead ReLU units",
        "What do the units give, from the third update on?",
        "One large step has pushed the units so far below zero that they give zero for every example. No gradient "
        "comes through a zero, so they stay there. A smaller rate does not revive them; going back before that step "
        "does.",
    ),
    low_biases=(
        "Digits. The rate is a usual one, the data are sound, and it does not learn from the first update on.",
        "Biases that start far below zero",
        "When did the units stop to answer?",
        "The biases begin at -10, so that no input lifts a unit above zero: dead before the first update.",
    ),
    vanishing=(
        "Digits, ten hidden layers of sigmoid units. It goes on guessing.",
        "Vanishing gradients",
        "How large is the gradient of the first layer, and how large that of the last one?",
        "A sigmoid's slope is a quarter at most. Ten of them on the way back leave less than a ten-thousandth of "
        "the gradient, and the first layers do not learn.",
    ),
    decay=(
        "Two moons. The loss falls to the line of guessing from above, and stays there.",
        "Weight decay too strong",
        "What becomes of the weights?",
        "Each update takes a part of every weight away, more than the data give. What is left of the network is zero, "
        "and so are its answers.",
    ),
    raw_inputs=(
        "Digits. The first loss is hundreds of times what guessing costs, and later it is still uneven.",
        "Inputs that are not normalised",
        "Where does the loss begin, and how large are the outputs of the first layer?",
        "The pixels go from 0 to 255. First weights are made for inputs of about 1, so that the outputs are far too "
        "large, and the steps too.",
    ),
    permuted_labels=(
        "Digits. The training loss falls slowly, the test loss rises, from the start.",
        "Labels that belong to other examples",
        "How good is it on the test examples? And where does it go wrong in the confusion matrix?",
        "The labels of the training examples were mixed up. It can learn them by heart, one by one, but they say "
        "nothing about new examples: there it guesses.",
    ),
    displaced_labels=(
        "Digits. It learns well, and is worse than guessing on the test examples.",
        "Labels off by one",
        "Look at the confusion matrix: is there a pattern?",
        "In training the classes are counted from one, in the test from zero. It answers the right digit, with the "
        "number of the next one.",
    ),
    imbalance=(
        "Digits. Nearly all training examples are right, and hardly half of the test examples.",
        "Classes out of balance",
        "Which class does it answer too often?",
        "Most of the training examples are zeros. A network that says zero is nearly always right there; of the "
        "others it has seen too few.",
    ),
    softmax_twice=(
        "Digits. It is right nearly everywhere, and the loss is still high.",
        "A softmax too many",
        "Is there a height that the loss does not go below?",
        "The network ends in a softmax, and cross-entropy takes another one. Outputs between 0 and 1 can never look "
        "sure, so the loss stays high, and the gradients small.",
    ),
    mixed_shapes=(
        "A wave with noise. The network learns at first, and then answers the same everywhere.",
        "Shapes that do not match",
        "What does it answer? What is the mean of the targets?",
        "The outputs have the shape (N, 1), the targets (N). Their difference is a table of every output minus every "
        "target, and the best answer to all targets at once is their mean.",
    ),
    no_activation=(
        "Rings. Two hidden layers, a sound rate, and it does not get better than guessing.",
        "No activation between the layers",
        "What shape does the boundary have?",
        "Affine maps after each other are one affine map. Its boundary is a straight line, and no line parts a ring "
        "from what it encloses.",
    ),
    overfit=(
        "Two noisy moons, few points. The training loss goes to zero.",
        "Learning by heart",
        "What does the test loss do meanwhile?",
        "The network is large enough to bend around every noisy point. It is ever surer of what was chance.",
    ),
    too_small=(
        "Rings. The network learns a little, and then no more.",
        "Too few units",
        "What shape does the boundary have, and what shape would it need?",
        "Each hidden unit can bend the boundary in one direction. One of them cannot enclose a ring, however long it "
        "learns; three or more can.",
    ),
    saturated=(
        "Digits, two hidden layers of tanh. It hardly gets anywhere, though the rate is a usual one.",
        "Saturated units",
        "Which values do the units give?",
        "The first weights are so large that the units give -1 or 1 for every example. There the slope is nearly zero, "
        "and so is the gradient that comes back through them.",
    ),
    twins=(
        "Two moons, sixteen hidden units, and a boundary that a single one could have drawn.",
        "Units that are all the same",
        "Look at the network: how do its lines differ?",
        "All weights began at one number. Units that are equal get equal gradients and stay equal, so that a layer of "
        "eight is a layer of one.",
    ),
    sorted=(
        "Digits. The loss of the batches goes up and down like a saw, epoch after epoch.",
        "Data that nobody shuffled",
        "What is the same at each peak of the loss?",
        "Every epoch shows all zeros first, then all ones, and so on. While it learns one class it forgets the others.",
    ),
    tiny_batches=(
        "Digits, with batch normalisation. Batches cost far more than the same examples when they are measured.",
        "Batch normalisation over tiny batches",
        "How many examples does it see at a time?",
        "Mean and variance of two examples are noise: each example comes out differently every time. Measured with the "
        "running averages, the network is better than its batches say.",
    ),
    exploding=(
        "A plain recurrent network reads waves. After a few updates the loss is beyond all bounds.",
        "Exploding gradients",
        "How large is the gradient at the first step of a sequence, and how large at the last?",
        "On its way back through the steps the gradient is multiplied by the same weights again and again. They are "
        "large, so it grows at each step. Cut to a length of 1 it keeps its direction, and the network learns.",
    ),
    small_batches=(
        "Two noisy moons. The boundary never comes to rest, and the loss goes up and down.",
        "Batches too small",
        "How many examples does it see before it moves?",
        "One example in a batch says little about all of them. At this rate each odd one turns the boundary its own "
        "way, and the next ones turn it back. A mean over 32 is calm.",
    ),
    plateau=(
        "Digits. The loss falls fast, and then goes up and down at one height.",
        "A plateau: the rate is too high to go on",
        "How far does an update move the weights when the loss has stopped to fall?",
        "The rate was good for the first part of the way. Now each step leads from one wall of the valley to the "
        "other, above its floor. A tenth of the rate comes down.",
    ),
    unstable=(
        "Digits, two hidden layers. The loss leaps up within the first updates, then it learns after all.",
        "Thrown up by the first steps",
        "How large are the first updates?",
        "RMSprop divides by a mean of squared gradients that begins at zero, so that its first step is ten times the "
        "rate. The weights land far away, and the run spends its time on the way back. Where the rate rises slowly, "
        "it can be as high and does no harm.",
    ),
    starved=(
        "A GAN. The discriminator does well, and the generator's points are nowhere near the ring.",
        "A generator that is starved",
        "How often is the discriminator wrong?",
        "The discriminator learns a hundred times as fast. It is so sure that everything made is bad that it hardly "
        "says in which direction it would be better.",
    ),
    collapsed=(
        "A GAN. All made points crowd in one place, which moves about.",
        "Mode collapse",
        "How many of the clouds do the made points reach, and where does the discriminator say real?",
        "The generator learns thirty times as fast: it puts everything where the discriminator says real at the "
        "moment. When that has learnt better, all of it runs on to the next place.",
    ),
)


def case_text(name: str) -> CaseText:
    """Look up the words of a case."""
    return CaseText(*TEXTS[name])


GALLERY = Table(
    title="Faults",
    heading="What is wrong here?",
    lead="Twenty-six runs, each ill in one way. Press Play, look at the charts, and say what it is; then cure it.",
    strip="Cases",
    guess="What is it?",
    wrong="Not that. {hint}",
    right="Yes: {label}.",
    shown="It was: {label}.",
    show="Show me",
    cure="Below the numbers it says how one can tell, with a button that cures it. Press it and watch; or turn the "
    "knobs yourself.",
    next="Next case",
    all="All cases are solved.",
    train="Open on Train",
    train_help="The same run with everything that can be set and all charts.",
    bad_case="There is no case {name!r}; choose one of {choices}.",
)
