"""The words on classification: cross-entropy, temperature, and squared error on classes."""

from nnviz.words.lesson import Task

KNOBS = {
    "right": ("True class", "What the picture really shows. You can also click the top of a bar."),
    "temperature": (
        "Temperature T",
        "The logits are divided by T before the softmax: above 1 the answers become more cautious, below 1 bolder.",
    ),
    "fewer": ("One class fewer", "Take away the last class."),
    "more": ("One class more", "Add a class with logit 0; up to five."),
    "even": ("All logits 0", "Begin from no opinion at all."),
    "logit": (
        "Logit of the right class",
        "Negative: the model believes the other class; the further, the more confidently. Positive: it is right.",
    ),
    "rate": ("Learning rate η", "How far each update goes, the same for both losses."),
}

CHARTS = {
    "logits": (
        "Logits: drag the bars",
        "What the network puts out for one picture: one number for each class, any number at all. Drag the round "
        "ends up and down; click one to say that this class is the true one (green).",
    ),
    "probabilities": (
        "Softmax: probabilities",
        "Positive, and together 1. Look how raising one logit takes from all others. The dotted line is pure guessing.",
    ),
    "class_gradient": (
        "Gradient by the logits",
        "Bars: autograd's gradient of the loss by each logit. Diamonds: the formula (p − y) / T. Dashes: p − y itself, "
        "which is the gradient by z / T. Training moves each logit against its bar.",
    ),
    "batch": (
        "Loss of each sample",
        "Minus the log probability of the true class, for your sample and four others that stay as they are (the "
        "temperature is the same for all). Dashed: the mean, which is the loss of the batch.",
    ),
    "over_logits": (
        "Both losses",
        "From confidently wrong (left) to confidently right (right). Push the arrow. Cross-entropy keeps rising to the "
        "left; the squared error goes flat.",
    ),
    "logit_slopes": (
        "How strongly each pulls",
        "The size of the gradient. Where the model is most wrong, cross-entropy pulls hardest and squared error hardly "
        "at all.",
    ),
    "logit_paths": (
        "From there by gradient steps",
        "Plain gradient descent on the logit alone, with each loss, until the answer is right. The updates are on a "
        "logarithmic scale.",
    ),
}

WORDS = {
    "classes_title": "3 · Cross-entropy",
    "classes_text": (
        "A classifier puts out one number for each class, the **logits** z. **Softmax** turns them into probabilities, "
        "and **cross-entropy** is minus the log of the one that stands at the true class."
    ),
    "classes_formula": "**Cross-entropy** over the N = {count} samples; y is 1 at the true class k and 0 elsewhere",
    "classes_sample": "**Your sample**: softmax, then minus the log",
    "classes_gradient": "**Its gradient**: by the scaled logits z / T it is p − y; the chain rule divides by T",
    "classes_likelihood": "**The same as maximum likelihood** of a categorical distribution",
    "mistake_title": "4 · Why not squared error on classes?",
    "mistake_text": (
        "Two classes, one logit z for the right one, probability $p=\\sigma(z)$. Both losses are smallest when the "
        "model is sure and right. They differ in how they treat a **confident mistake**."
    ),
    "mistake_entropy": "**Cross-entropy**: its slope never vanishes on the wrong side",
    "mistake_squared": "**Squared error**: the factor p vanishes with a confident mistake",
    "class_0": "cat",
    "class_1": "dog",
    "class_2": "bird",
    "class_3": "fish",
    "class_4": "horse",
    "logit_axis": "logit z",
    "p": "probability p",
    "even": "guessing",
    "gradient": "gradient",
    "autograd": "autograd",
    "gradient_formula": "(p − y) / T",
    "gap": "p − y",
    "term": "− log p of the true class",
    "yours": "yours",
    "mean": "dashed: mean {value}",
    "entropy": "cross-entropy",
    "magnitude": "size of the gradient",
    "logit_right": "logit z of the right class",
    "side_wrong": "confidently wrong",
    "side_right": "confidently right",
    "update": "before update number",
    "right_here": "right from here on",
    "count_loss": "Cross-entropy",
    "count_loss_help": "torch's cross_entropy of your sample.",
    "count_categorical": "Categorical",
    "count_categorical_help": "Minus log_prob of torch.distributions.Categorical for the true class.",
    "count_class_difference": "Difference",
    "count_class_difference_help": "Between the two; double precision keeps about 16 digits.",
    "count_guess": "Pure guessing",
    "count_guess_help": "log K: the loss when all K classes are equally probable.",
    "count_gradient": "Gradient − formula",
    "count_gradient_help": "The largest difference between autograd's gradient and (p − y) / T.",
    "count_p": "p of the right class",
    "count_p_help": "The sigmoid of the logit.",
    "count_entropy": "Slope, cross-entropy",
    "count_entropy_help": "autograd's derivative of −log p by the logit, without its sign.",
    "count_squared": "Slope, squared",
    "count_squared_help": "autograd's derivative of (1 − p)² by the logit, without its sign.",
    "count_ratio": "Squared / cross-entropy",
    "count_ratio_help": "The second slope as a share of the first: exactly 2 p (1 − p).",
    "count_steps": "Updates until right",
    "count_steps_help": "With cross-entropy, and with squared error.",
}

TASKS = {
    "even": Task(
        "Make the cross-entropy equal log K by giving every class the same probability.",
        "Bring all bars to the same height; there is a button that does it.",
        "This is the loss of pure guessing: an untrained network should begin near it.",
        "Press All logits 0.",
    ),
    "confident": Task(
        "Make a confident mistake: bring the loss of your sample above 4.",
        "Raise the bar of a wrong class and lower the true one.",
        "The loss has no upper end: being sure and wrong is what it punishes most.",
        "Drag the true class's bar down to −2 and a wrong one's up to 4.",
    ),
    "settled": Task(
        "Bring p − y below 0.01 in every entry.",
        "Raise the true class far above the others, or lower the temperature.",
        "Nothing is left to learn from this sample: its gradient has almost vanished.",
        "Leave T at 1, and drag the true class's bar up to 6 and the others to 0 or below.",
    ),
    "asleep": Task(
        "Find a mistake where the squared error's slope is less than a tenth of cross-entropy's.",
        "Move the logit to the left, into the confident mistakes.",
        "The ratio is 2 p (1 − p): the more confident the mistake, the less squared error does about it.",
        "Set the logit of the right class to −4.",
    ),
    "slower": Task(
        "Find a mistake from which squared error needs 50 times as many updates.",
        "Move the logit further to the left and watch the third figure.",
        "Stuck on a plateau: this is why classifiers are trained with cross-entropy.",
        "Set the logit of the right class to −7.",
    ),
}
