"""The words on regression: squared error, likelihood and outliers."""

from nnviz.words.lesson import Task

KNOBS = {
    "w": ("Slope w", "How steep the line is. You can also drag the two squares on the line."),
    "b": ("Height b", "Where the line crosses x = 0."),
    "sigma": (
        "Spread σ",
        "How far from the line the model expects points: the width of the bells. It is not part of the line, and "
        "squared error knows nothing of it.",
    ),
    "delta": (
        "Huber's δ",
        "Residuals smaller than δ count as in the squared loss, larger ones as in the absolute loss.",
    ),
    "residual": ("Residual r", "How far the line is above the point: f(x) − y. Moves the dots on the two loss curves."),
}

CHARTS = {
    "fitted": (
        "How likely does the line make each point?",
        "Drag points and the line's two squares; click the ground for a new point, double-click a point to take it "
        "away. Around the line stands a bell at each point, lying on its side. The thick stroke is how dense "
        "the bell is where the point really lies: long strokes mean likely points. Look for the strokes growing as "
        "the line comes closer.",
    ),
    "over_slopes": (
        "Same minimum, whatever σ",
        "How far each loss lies above its own smallest value when only the slope changes. Move σ: the likelihood's "
        "curve gets steeper or flatter, but its lowest place never moves away from that of the squared error.",
    ),
    "over_sigmas": (
        "Which σ suits these errors?",
        "The negative log-likelihood over σ for the line as it is. Too small, and the model is surprised by every "
        "point; too large, and it spreads its bets too thin. Push the arrow to the lowest place.",
    ),
    "robust_lines": (
        "One outlier, three best lines",
        "The best line for each loss, found again with every movement. Drag the encircled point, or any other; "
        "click for a new one, double-click to remove one. Thin dotted: the same lines without the encircled point. "
        "Look which line follows it.",
    ),
    "over_residuals": (
        "What one residual costs",
        "The loss of one point over its residual. Push the arrow: the squared loss grows with the square, the other "
        "two in the end only in proportion.",
    ),
    "residual_slopes": (
        "How hard it pulls the line",
        "The derivative of each loss: the pull of one point. With the squared loss a far point pulls without limit; "
        "the absolute loss pulls equally from everywhere; Huber's stops growing at δ.",
    ),
}

WORDS = {
    "fit_title": "1 · Squared error is a likelihood",
    "fit_text": (
        "The line $f(x)=wx+b$ says where points should be. **Squared error** measures how far off it is. A "
        "**Gaussian** around the line says how likely each point is. Both rank all lines in the same order."
    ),
    "fit_mse": "**Squared error**, here with N = {count} points and D = 1 output each",
    "fit_likelihood": "**Maximum likelihood**: choose what makes the data most likely",
    "fit_both": "**Both sides**, for each point: the formula, and torch beside it",
    "fit_sigma": "**The best σ** is the root of the mean squared error",
    "robust_title": "2 · What an outlier does",
    "robust_text": (
        "One wrong measurement can bend a whole model, or hardly touch it: the loss decides. The **absolute** loss "
        "belongs to a distribution with heavier tails (Laplace's), which expects an outlier now and then. **Huber's** "
        "loss is squared near zero and absolute far out."
    ),
    "robust_costs": "**Loss** at residual r = {residual}",
    "robust_pulls": "**Pull** at r = {residual}: the derivative L'",
    "robust_best": "**The best lines now**",
    "residual": "residual",
    "density": "density of the point",
    "your_line": "your line",
    "mse": "squared error",
    "nll": "− log-likelihood",
    "slope": "slope w, with b held",
    "rise": "above its minimum",
    "best": " lowest: both",
    "sigma": "σ",
    "best_sigma": " √MSE ",
    "squared": "squared",
    "absolute": "absolute",
    "huber": "Huber",
    "outlier": "outlier",
    "residual_axis": "residual r",
    "loss": "loss",
    "derivative": "derivative by r",
    "count_mse": "Squared error",
    "count_mse_help": "torch's mse_loss of your line. It also divides by D, which is 1 here.",
    "count_least": "Smallest possible",
    "count_least_help": "The squared error of the best of all lines, in closed form.",
    "count_nll": "− log-likelihood",
    "count_nll_help": "torch's gaussian_nll_loss with full=True: the mean over the points.",
    "count_formula": "From the formula",
    "count_formula_help": "MSE / 2σ² + log σ + ½ log 2π.",
    "count_difference": "Difference",
    "count_difference_help": "Between the two sides; double precision keeps about 16 digits.",
    "count_moved": "Outlier moves {name}",
    "count_moved_help": "How far the encircled point alone moves this line, at most, within the figure.",
}

TASKS = {
    "squares": Task(
        "Reach the line with the smallest squared error (within 2 %).",
        "Drag the squares on the line, or w and b, until the first two counters agree; figure 2 shows the best slope.",
        "No line does better, and no line makes these points more likely under the Gaussian.",
        "Set w to 0.7 and b to 0.1.",
    ),
    "sigma": Task(
        "Find the σ that makes the data most likely (within 3 %).",
        "Turn σ, or push the arrow in the third figure to the lowest place.",
        "It is the root of the mean squared error: the model is as unsure as it is wrong.",
        "The best σ is the root of the mean squared error, and the third figure marks it; for the line of the "
        "beginning it is 1.04.",
    ),
    "too_sure": Task(
        "Make the model far too sure: a negative log-likelihood above 10.",
        "Make σ small while points are still far from the line.",
        "The squared error has not changed at all; only the likelihood punishes misplaced confidence.",
        "Leave the line where it begins and set σ to 0.1.",
    ),
    "pull": Task(
        "With one point, pull the squared line by more than 1.8 and the absolute line by less than 0.4.",
        "Drag the encircled point far out at the right or left end, away from the others.",
        "Squared, the pull of a point grows with its distance; absolute, it is the same from everywhere.",
        "Drag the encircled point to the lower right corner of the figure.",
    ),
    "agree": Task(
        "Make Huber's line fall onto the squared one, although the outlier moves that by more than 1.",
        "Leave the outlier in place and turn δ.",
        "With δ beyond every residual Huber's loss is the squared loss, halved: the best line is the same.",
        "Set δ to 8: no point of the beginning lies farther from the line than that.",
    ),
}
