"""The words of the lesson on affine maps."""

from nnviz.words.lesson import LessonTexts, Task

TEXTS = LessonTexts(
    title="A layer is an affine map",
    menu="Affine maps",
    card="y = Wx + b turns, stretches, shears and shifts the plane; with more inputs and outputs it does so with data.",
    lead=(
        "Before its activation a layer computes $y = Wx + b$. With two inputs and two outputs one can see all that it "
        "does: the matrix $W$ turns, stretches, shears or mirrors the plane, and $b$ shifts it. "
        "**Drag the rings** of the second picture: they are the images of the basis vectors, and so the columns of $W$."
    ),
    knobs={
        "mode": (
            "Set W by",
            "Its four entries, or a shear, then a scaling, then a rotation. Changing from one to the other keeps W as "
            "far as the dials reach.",
        ),
        "shape": ("Shape", "What is drawn on the plane. A letter shows whether it is mirrored."),
        "circle": (
            "Circle and stretches",
            "Draw the circle of radius 1 and the two directions that W stretches most and least: the circle becomes "
            "an ellipse with these as its axes.",
        ),
        "w11": ("w₁₁", "How much of x₁ goes into y₁: the first coordinate of We₁."),
        "w12": ("w₁₂", "How much of x₂ goes into y₁: the first coordinate of We₂."),
        "w21": ("w₂₁", "How much of x₁ goes into y₂: the second coordinate of We₁."),
        "w22": ("w₂₂", "How much of x₂ goes into y₂: the second coordinate of We₂."),
        "b1": ("b₁", "How far everything is shifted to the right."),
        "b2": ("b₂", "How far everything is shifted up."),
        "angle": ("Rotate φ (degrees)", "Turn the plane about the origin, against the clock; done last."),
        "scale_x": ("Scale s₁", "Stretch the first axis; a negative number mirrors it, 0 flattens it."),
        "scale_y": ("Scale s₂", "Stretch the second axis; a negative number mirrors it, 0 flattens it."),
        "shear": ("Shear k", "Push points sideways, the more the higher they are; done first."),
        "identity": ("Identity", "W = I: only the shift by b is left."),
        "rotation": ("Rotation", "Turn by 30 degrees. Lengths and areas stay."),
        "mirror": ("Mirror", "Mirror left and right. Areas stay, the determinant turns negative."),
        "projection": ("Projection", "Drop the second coordinate: the plane becomes a line."),
        "shearing": ("Shear", "Push points sideways by their height. Areas stay."),
        "steps": (
            "Steps",
            "How many steps gradient descent has done. Drag back to see where it began: at W = 0, b = 0.",
        ),
        "rate": ("Learning rate η", "How far each step goes against the gradient. Above 2/λmax the loss rises."),
        "inputs": ("Inputs used", "How many columns of X the layer may use, counted from the first."),
        "number_determinant": (
            "Determinant",
            "How many times as large every area becomes. Negative: the plane is mirrored, too. 0: it is flattened.",
        ),
        "number_rank": (
            "Rank",
            "How many dimensions are left: 2 is a plane, 1 a line, 0 a point. Counted are the stretches that are "
            "more than rounding.",
        ),
        "number_longest": (
            "Longest stretch σ₁",
            "The larger singular value of W: how long the most stretched arrow of length 1 becomes.",
        ),
        "number_shortest": (
            "Shortest stretch σ₂",
            "The smaller singular value of W: how long the least stretched arrow of length 1 becomes.",
        ),
        "number_loss": (
            "Loss",
            "The mean squared error over all patients and both outputs, where gradient descent stands.",
        ),
        "number_least": ("Least possible loss", "The loss of the closed form. No W and b do better with these inputs."),
        "number_gap": ("Loss above the least", "How far gradient descent still has to go."),
        "number_difference": (
            "Largest difference",
            "Between an entry of W or b by gradient descent and the same entry by the closed form.",
        ),
        "number_limit": (
            "2 / λmax",
            "λmax is the largest curvature of the loss. Learning rates below 2/λmax converge, those above diverge.",
        ),
    },
    choices={
        "mode": {"entries": "Entries", "compose": "Rotate, scale, shear"},
        "shape": {"letter": "Letter F", "house": "House", "square": "Unit square"},
    },
    charts={
        "before": (
            "Before: x",
            "The plane as it comes in: a grid, a shape, the basis vectors e₁ and e₂, and one point x. Drag x; the "
            "dotted way to it goes x₁ along e₁, then x₂ along e₂.",
        ),
        "after": (
            "After: y = Wx + b",
            "The same things sent through the layer. Drag the two rings to change the columns of W, and the green "
            "dot, the image of the origin, to change b. Look for lines staying lines and parallels staying parallel.",
        ),
        "losses": (
            "Loss over the steps",
            "The mean squared error of both outputs over the steps of gradient descent. The dashed line is the least "
            "possible loss, found by the closed form. The purple line is how far the loss is above it: on this axis of "
            "powers of ten it falls fast at first and then ever slower.",
        ),
        "weights": (
            "W by gradient descent",
            "One row for each input, one column for each output; blue is positive, orange negative. Point at a cell "
            "for its digits. Look for rows that differ from the closed form on the right.",
        ),
        "best_weights": (
            "W by the closed form",
            "The matrix with the least possible loss, solved in one go. Total cholesterol and LDL rise and fall "
            "together, so many pairs of weights are nearly as good: gradient descent is slow to tell them apart.",
        ),
    },
    words={
        "e1": "e₁",
        "e2": "e₂",
        "image_e1": "We₁ + b",
        "image_e2": "We₂ + b",
        "image_origin": "b",
        "x": "x",
        "y": "y",
        "x1": "x₁",
        "x2": "x₂",
        "y1": "y₁",
        "y2": "y₂",
        "steps": "steps",
        "log_loss": "loss",
        "loss": "loss",
        "least": "least possible loss",
        "gap": "loss above the least",
        "near": "0.001 above the least",
        "input_age": "age",
        "input_sex": "sex",
        "input_bmi": "body mass",
        "input_s1": "cholesterol",
        "input_s2": "LDL",
        "input_s3": "HDL",
        "input_s4": "chol. / HDL",
        "input_s5": "triglycerides",
        "input_s6": "blood sugar",
        "output_progression": "progression",
        "output_bp": "pressure",
        "fit_title": "Many inputs, many outputs: real data",
        "fit_lead": (
            "The same map with more columns and real numbers. Each of {count} patients with diabetes is a row of $X$: "
            "age, sex, body mass and six values of the blood, each with mean 0 and standard deviation 1. The layer "
            "says two numbers at once: how far the **disease has progressed** a year later, and the **blood "
            "pressure**, both in standard deviations."
        ),
        "columns": "The columns of $W$ are where the basis vectors go, so $Wx$ takes $x_1$ of the first, $x_2$ of "
        "the second:",
        "composed": "Shear, then scale, then rotate:",
        "not_composed": "This $W$ is beyond the reach of the dials; turning one starts from where the dials stand.",
        "same": "Every area becomes {area} times as large; left and right stay.",
        "mirrored": "Every area becomes {area} times as large, and left and right change sides: it is mirrored.",
        "line": "The whole plane falls onto one line: what was different may become the same.",
        "dot": "The whole plane falls onto one point.",
        "shapes": "Every patient at once, with the shapes below the letters:",
        "data": "The first patients, then the last:",
        "update": "A step of gradient descent ($b$ alike), and what the closed form solves, with a column of ones in "
        r"$\tilde X$ for $b$:",
        "biases": r"$b$ by gradient descent, and $b^\star$ by the closed form:",
        "patient": "The first patient: the layer says **{said_progression}** for the progression and "
        "**{said_bp}** mmHg for the pressure; measured were {progression} and {bp}.",
        "stable": "η is below 2/λmax = {limit}: the loss falls with every step.",
        "unstable": "η is above 2/λmax = {limit}: each step overshoots the steepest direction, ever further.",
    },
    tasks={
        "turn": Task(
            "Turn the plane by a quarter against the clock: We₁ = e₂ and We₂ = −e₁.",
            "Drag the orange ring to where e₂ was, seen from the green dot. Where must the blue one go?",
            "A rotation: the determinant is 1 and both stretches are 1, so nothing is bent out of shape.",
            "The first column of W is where e₁ goes, so (0, 1); the second is (−1, 0). So w₁₁ = 0, w₁₂ = −1, w₂₁ = 1, "
            "w₂₂ = 0.",
        ),
        "swap": Task(
            "Mirror without stretching: let e₁ and e₂ change places.",
            "Set the columns of W to e₂ and e₁, and watch the determinant and both stretches.",
            "The determinant is −1: areas stay, but the letter is mirrored. No rotation can do this.",
            "The first column of W is e₂ = (0, 1), the second is e₁ = (1, 0): w₁₁ = 0, w₁₂ = 1, w₂₁ = 1, w₂₂ = 0.",
        ),
        "area": Task(
            "Keep all areas (determinant 1 or −1, within 0.05) although something becomes twice as long.",
            "Stretch one axis and press the other together as much; or shear far enough.",
            "The determinant is the product of both stretches: long times short can be 1.",
            "Make the first axis twice as long and the second half as long: w₁₁ = 2, w₂₂ = 0.5, the other two entries "
            "0.",
        ),
        "flat": Task(
            "Flatten the plane onto the diagonal y₁ = y₂.",
            "Both rows of W alike, and both entries of b.",
            "Rank 1: the columns of W lie on one line. The determinant is 0 and there is no way back to x.",
            "Set all four entries of W to 0.5, and both entries of b to 0.",
        ),
        "least": Task(
            "Bring gradient descent within 0.001 of the least possible loss.",
            "More steps, or a learning rate closer to 2/λmax.",
            "The loss is nearly the least, and yet compare the matrices: some weights may still be far apart.",
            "Set the learning rate to 0.5, just below 2/λmax, and drag Steps to 400.",
        ),
        "lost": Task(
            "Make gradient descent diverge: end with a higher loss than at the start.",
            "Raise the learning rate above 2/λmax.",
            "The steepest direction decides: one step too long for it, and every other direction is lost, too.",
            "Set the learning rate to 0.6 and take 300 steps.",
        ),
        "same": Task(
            "Make both ways agree in all entries to 0.001, with two inputs or more.",
            "Leave out the inputs that say nearly the same as others, and take enough steps.",
            "Inputs that do not follow each other make a round valley, and gradient descent is quick in it.",
            "Set the inputs used to 3, the learning rate to 0.5 and the steps to 100.",
        ),
    },
)
