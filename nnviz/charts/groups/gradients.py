"""What gradients tell: how large they are, where they point, and which units they reach."""

from nnviz.charts.by_layer import Quantity, by_layer, is_read
from nnviz.charts.chart import Chart
from nnviz.charts.dead_units import dead_units, has_dead_units
from nnviz.charts.depths import gradient_by_depth, is_deep
from nnviz.charts.distributions import activation_histograms, gradient_histograms
from nnviz.charts.layer_readings import gradient_norms, has_parameters, reading
from nnviz.charts.noise_scale import noise_scale
from nnviz.words.charts import GROUPS

GROUP = GROUPS.english["gradients"]
_SUCCESSIVE = Quantity("cosine", reading("successive_gradients"), (-0.5, 1.0), (-1.05, 1.05))
_DOWNHILL = Quantity("cosine", reading("gradient_update"), (-1.0, 0.0), (-1.05, 1.05))
_NORMS = Quantity("gradient_norm", gradient_norms, is_log=True)
_SATURATED = Quantity("saturated_units", reading("saturated_units"), (0.0, 25.0), is_share=True)
_TWINS = Quantity("twin_units", reading("twin_units"), (0.0, 2.0), is_share=True)

GRADIENT_CHARTS: dict[str, Chart] = {
    "gradients": Chart(
        "Gradients",
        gradient_histograms,
        "How the gradients of one layer's weights are spread, over time. A band that is a thin line at zero from "
        "the start means vanishing gradients, one that shrinks to it late, that little is left to learn; one that "
        "grows without end comes before divergence.",
        over_time=True,
        group=GROUP,
    ),
    "gradient_norms": Chart(
        "Gradient norms",
        by_layer(_NORMS),
        "How long the last gradient is: of each layer's weights, and bold, of the whole network. Healthy: the layers "
        "lie within a factor of a hundred of each other, and no line runs away.",
        has_parameters,
        over_time=True,
        group=GROUP,
    ),
    "gradient_depth": Chart(
        "Gradient by depth",
        gradient_by_depth,
        "How large the last gradient of each layer's weights is, from the first layer on the left to the last. A line "
        "that falls to the left means that the first layers hardly hear what went wrong.",
        is_deep,
        group=GROUP,
    ),
    "successive_gradients": Chart(
        "Successive gradients",
        by_layer(_SUCCESSIVE),
        "The cosine of the angle between the last two gradients, each of its own batch. Near 1: they agree, and larger "
        "steps could do; near 0: the batches say different things; near -1: each step jumps across the valley and the "
        "next one back. Healthy: above -0.5, as a rule of thumb.",
        is_read("successive_gradients"),
        over_time=True,
        group=GROUP,
    ),
    "gradient_update": Chart(
        "Gradient and update",
        by_layer(_DOWNHILL),
        "The cosine of the angle between the last gradient and the update that was made. At -1 the update goes "
        "straight against the gradient, as plain SGD does; momentum and adaptive rates turn it away. Of two networks "
        "against each other, of each that does one step in an update. Healthy: below 0, downhill for the last batch.",
        is_read("gradient_update"),
        over_time=True,
        group=GROUP,
    ),
    "noise_scale": Chart(
        "Gradient noise scale",
        noise_scale,
        "The batch size at which the noise in a gradient is as large as the gradient itself, measured on fixed "
        "training examples (McCandlish et al. 2018). Batches far above the line waste examples; far below it, the "
        "batch decides where a step leads. Healthy: a batch size, dotted, within a factor of ten of it.",
        is_read("noise_scale"),
        over_time=True,
        group=GROUP,
    ),
    "activations": Chart(
        "Activations",
        activation_histograms,
        "How the outputs of one layer's units are spread on the same test inputs, over time. Look for everything piled "
        "up at zero (dead ReLUs) or at the two ends (saturated sigmoid or tanh).",
        over_time=True,
        group=GROUP,
    ),
    "dead_units": Chart(
        "Dead units",
        dead_units,
        "The share of each ReLU layer's units that give zero for every one of the same test inputs; for these, no "
        "gradient passes through. Look for lines that jump up when the learning rate is much too large.",
        has_dead_units,
        over_time=True,
        group=GROUP,
    ),
    "saturated_units": Chart(
        "Saturated units",
        by_layer(_SATURATED),
        "The share of values on the same test inputs that lie within 1 % of an end of a sigmoid, tanh or the like, "
        "where the slope is almost nothing and hardly any gradient passes. Healthy: below a quarter, as a rule of "
        "thumb.",
        is_read("saturated_units"),
        over_time=True,
        group=GROUP,
    ),
    "twin_units": Chart(
        "Twin units",
        by_layer(_TWINS),
        "The share of each layer's units whose incoming weights and bias are those of another unit, so that both "
        "answer the same to everything. Equal first weights make twins, and where their outgoing weights are equal, "
        "too, they stay so. Healthy: none.",
        is_read("twin_units"),
        over_time=True,
        group=GROUP,
    ),
}
