"""The words of the lesson on depth."""

from nnviz.words.lesson import LessonTexts, Task

_ACTIVATIONS = {
    "relu": "ReLU", "leaky_relu": "Leaky ReLU", "sigmoid": "Sigmoid", "tanh": "tanh", "gelu": "GELU", "silu": "SiLU",
}  # fmt: skip
_INITIALIZERS = {
    "torch_default": "torch default",
    "he_normal": "He normal",
    "he_uniform": "He uniform",
    "glorot_normal": "Glorot normal",
    "glorot_uniform": "Glorot uniform",
    "orthogonal": "Orthogonal",
    "normal": "Normal, spread σ",
    "zeros": "Zeros",
}

TEXTS = LessonTexts(
    title="Why depth needs a non-linearity",
    menu="Depth",
    card="Linear layers on top of each other are one linear layer. What an activation between them changes, and what "
    "it does to signals in a deep network.",
    lead=(
        "A network is layers on top of each other. If every layer is linear, the whole stack is worth no more than "
        "**one layer**. A bend between the layers, the *activation* $\\rho$, changes that: borders curve and space "
        "folds. It also has a price: in a deep network signals can fade away or grow beyond all bounds."
    ),
    knobs={
        "layers": ("Layers", "How many linear layers lie on top of each other."),
        "narrow": ("Width of the narrow layer", "How many units the middle hidden layer has; the others have 3."),
        "new_numbers": ("New numbers", "Draw other weights and biases."),
        "data": ("Data", "What both networks learn to tell apart."),
        "bent": ("Activation ρ between the layers", "Off: three linear layers. On: each hidden layer ends in ρ."),
        "rho": ("ρ", "Which function bends what a hidden layer gives."),
        "updates": ("Updates", "How often both networks have been improved. Drag back to see where they began."),
        "new_start": ("New start", "Let both begin with other random weights, on newly drawn data."),
        "act": ("Activation ρ", "The function between the layers."),
        "init": (
            "Initialiser",
            "How the first weights are drawn. The chosen one is drawn broad and is described below.",
        ),
        "depth": ("Layers", "How deep the network is. Each layer has 128 units."),
        "std": ("Spread σ of Normal", "The standard deviation of the weights for the initialiser Normal."),
        "new_draw": ("New draw", "Draw other weights, inputs and gradients."),
        "x": ("y", "What goes into the activation; the point on the curve can be dragged, too."),
    },
    choices={
        "data": {"xor": "XOR", "moons": "Moons", "spiral": "Spiral"},
        "rho": _ACTIVATIONS,
        "act": _ACTIVATIONS,
        "init": _INITIALIZERS,
    },
    charts={
        "inputs": (
            "What goes in",
            "The plane of inputs as a grid, with two points A and B. Drag the points and see where the network puts "
            "them.",
        ),
        "outputs": (
            "What comes out",
            "The same grid and points after the whole stack (broad lines) and after the one layer (dotted lines on "
            "top). Straight lines stay straight, parallel ones stay parallel; with rank 1 all of it falls on a line.",
        ),
        "entries": (
            "Number by number",
            "Each number of the product W and the bias b as a ring, and the same number of the one layer, found "
            "without multiplying anything, as a cross. Every cross sits in its ring.",
        ),
        "plain": (
            "One linear layer",
            "What a single layer answers at each place of the plane: the colour is the class that it finds more "
            "probable, the grey line is where its answer turns. Dots are the examples that it learns from.",
        ),
        "deep": (
            "Three layers",
            "The same for three layers of 16, 2 and 1 units. Without ρ look for the same straight line as on the left; "
            "with ρ it bends. The thin grid is followed to the right.",
        ),
        "hidden": (
            "The plane as the last hidden layer sees it",
            "Where the two units of the last hidden layer put the grid and the examples. Without ρ the grid is only "
            "stretched and tilted; with ρ it folds until one straight line, the last layer, can part the classes.",
        ),
        "bend": (
            "The activation and its slope",
            "The chosen activation (solid), its slope (dashed) and the tangent at the point. Drag the point along. "
            "Where the slope is near 0, hardly any gradient comes through.",
        ),
        "forward": (
            "The signal on its way forward",
            "The mean of x² over all units and examples after each layer, for each initialiser, from random inputs on. "
            "A level line keeps the signal, a falling one loses it. Dotted: how much of the chosen one still differs "
            "from example to example. Dashed: the prediction. What is exactly 0 has no place on this axis.",
        ),
        "backward": (
            "The gradient on its way back",
            "The mean of the squared gradient by the activations of each layer. It starts at the last layer with 1 "
            "and travels to the left. Dashed: the prediction.",
        ),
        "asleep": (
            "Units that have fallen asleep",
            "For tanh and sigmoid: the share of outputs in the flat ends, where the slope is below 6 % of the steepest "
            "(tanh beyond ±0.97). For the others: the share of units with slope 0 for every example, which are dead.",
        ),
    },
    words={
        "stack_title": "1 · A stack of linear layers is one linear layer",
        "stack_text": "Each layer computes $Wx+b$. Multiply the layers out, carry the biases along, and compare with "
        "the one layer that gives the same answers. The narrowest place of the chain decides how much gets through.",
        "fold_title": "2 · An activation bends the border",
        "fold_text": "Both networks learn from the same examples, with the same algorithm, for the same number of "
        "updates. One switch puts an activation between the three layers on the right.",
        "signal_title": "3 · Signals in deep networks",
        "signal_text": "Nothing is trained here. Random inputs pass through many layers of 128 units, a random "
        "gradient comes back. How the first weights are drawn decides whether anything arrives.",
        "widths": "Widths",
        "narrowest": "The narrowest place is {count} wide, and the rank of the product is {rank}.",
        "layers_line": "The layers:",
        "product_line": "Multiplied out:",
        "one_line": "Read off from the answers to 0 and to the basis vectors, without multiplying:",
        "gap_line": "The largest difference between the two:",
        "points": "points",
        "answers": "answers",
        "one": "the one layer",
        "product": "product of the layers",
        "value": "value",
        "upright": "lines along x₂",
        "level": "lines along x₁",
        "border": "border",
        "rank": "Rank of W",
        "rank_help": "How many directions of the plane get through.",
        "gap": "Difference",
        "gap_help": "The largest one between product and one layer, over all their numbers, in double precision.",
        "counts": "Numbers",
        "counts_help": "How many weights and biases the stack has, and the one layer.",
        "apart": "A to B",
        "apart_help": "How far the two points lie apart, and how far the answers to them do.",
        "plain_score": "One layer",
        "deep_score": "Three layers",
        "score_help": "The share of examples that get the right class: of the test examples / of the training ones.",
        "agreement": "Same answer",
        "agreement_help": "The share of the plane where both networks name the same class.",
        "linear_note": "Three layers without an activation, multiplied out, and the one layer. Both lines scaled to "
        "$w_1^2+w_2^2=1$:",
        "bent_note": "With an activation nothing can be multiplied out. Only the last layer is still a straight line, "
        "in its own two inputs:",
        "network": "The three layers:",
        "last_layer": "Last layer:",
        "one_layer": "One layer:",
        "three_layers": "Three layers:",
        "rho": "ρ(y)",
        "slope": "slope ρ′(y)",
        "layer": "layer",
        "square": "mean of x²",
        "gradient_square": "mean of (∂L/∂x)²",
        "asleep": "share in %",
        "between": "differences",
        "expected": "predicted",
        "ratio": "Signal left",
        "ratio_help": "The mean of x² after the last layer over that after the first, for the chosen initialiser.",
        "back_ratio": "Gradient left",
        "back_ratio_help": "The mean squared gradient at the first layer over that at the last.",
        "between_ratio": "Differences left",
        "between_ratio_help": "The same ratio for what differs from example to example. Biases and one-sided "
        "activations can keep x² up while this falls.",
        "sleepers": "Asleep",
        "sleepers_help": "Saturated outputs or dead units of the last layer, as in the figure.",
        "paper_glorot": "Glorot and Bengio (2010) treat tanh as a straight line through 0. Then each layer multiplies "
        "the variance by $n\\,\\mathrm{Var}(W)$; their $\\mathrm{Var}(W)=2/(n_{in}+n_{out})$ makes this 1. "
        "Where tanh bends, it loses some more.",
        "paper_he": "He et al. (2015): ReLU lets half of the signal through, so each layer multiplies the mean of "
        "$x^2$ by $\\tfrac12\\,n\\,\\mathrm{Var}(W)$; their $\\mathrm{Var}(W)=2/n_{in}$ makes this 1. "
        "Single draws scatter around it.",
        "paper_small": "Neither paper speaks of this activation. Near 0 it is a straight line of slope $\\rho'(0)$, so "
        "small signals and their gradients are multiplied by $\\rho'(0)^2\\,n\\,\\mathrm{Var}(W)$ in each layer.",
        "value_line": "The activation:",
        "slope_line": "Its slope:",
        "variance_line": "Variance of a weight:",
        "predicted_line": "Predicted factor per layer:",
        "forward_line": "Measured, on the way forward:",
        "backward_line": "Measured, on the way back:",
        **{f"act.{name}": label for name, label in _ACTIVATIONS.items()},
        **{f"init.{name}": label for name, label in _INITIALIZERS.items()},
    },
    tasks={
        "rank": Task(
            "Cap the rank: give the product of 4 layers rank 1.",
            "Set the layers to 4 and find the width that lets only one direction through.",
            "One narrow layer is enough: what it drops, no later layer brings back.",
            "4 layers, and the narrow layer has width 1.",
        ),
        "twins": Task(
            "Find two points, at least 1 apart, that the network cannot tell apart (answers within 0.05).",
            "With rank 1 there is a direction along which nothing changes: drag A and B until A′ and B′ meet.",
            "All points along this direction get the same answer: the information is gone.",
            "Set the narrow layer's width to 1, leave B alone and drag A in a wide circle around it: twice on the way "
            "A′ passes through B′.",
        ),
        "same": Task(
            "Make the three-layer network draw the same line as the one-layer one (same answer on 98 % of the plane).",
            "Switch the activation off and train both far enough.",
            "Three linear layers have more numbers, but no more than one line to offer.",
            "Switch the activation off and set Updates to 300.",
        ),
        "xor": Task(
            "Solve XOR: 98 % of the test examples right.",
            "Choose XOR, an activation, and enough updates. Where training gets stuck, try a new start.",
            "No straight line gets more than three quarters of XOR right; a fold brings opposite corners together.",
            "Choose XOR, switch the activation on, take ReLU, and set Updates to 150.",
        ),
        "die": Task(
            "Let the signal die: 20 layers or more, the last with less than a millionth of the first's mean of x².",
            "Take ReLU with an initialiser made for tanh, or Normal with a small spread.",
            "A factor a little below 1, applied again and again, leaves nothing: this is the vanishing signal.",
            "ReLU, Glorot normal, 25 layers.",
        ),
        "alive": Task(
            "Keep it alive: 30 ReLU layers, the last within a factor of 3 of the first.",
            "Choose the initialiser made for ReLU, or find the spread σ by hand: the prediction says √(2/128) = 0.125. "
            "Where chance spoils it, take a new draw.",
            "With a factor near 1 per layer even 30 layers pass the signal on.",
            "ReLU, He normal, 30 layers; where the draw is an unlucky one, take a new draw.",
        ),
        "saturate": Task(
            "Put tanh to sleep: 5 layers or more with 90 % of the last layer's outputs in the flat ends.",
            "Choose Normal and raise its spread σ.",
            "The outputs look lively, all near −1 or 1, but their slopes are close to 0.",
            "tanh, Normal with a spread σ of 2, 8 layers.",
        ),
    },
)
