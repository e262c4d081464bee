"""The words of the page Surfaces."""

from collections.abc import Mapping

from nnviz.words.language import Table

SURFACES = Table(
    title="Surfaces",
    surface="Surface",
    walk="Walk",
    stable="Plain gradient descent is stable below a learning rate of 2 / λ = {limit:.4g}, "
    "where λ = {curvature:g} is the largest curvature.",
    refused="That does not work: {reason:clause}. The picture stays as it was.",
    closest="{lane} is closest to the minimum after {steps} steps: {distance} away.",
    lowest="This surface has no lowest point. {lane} is lowest after {steps} steps: at {distance}.",
    gone="{lane} left the finite numbers at step {step}.",
)

SURFACE: Mapping[str, tuple[str, str]] = Table(
    surface=("Surface", "A function of two numbers with known minima; the stars mark them."),
    x=("Start x", "Where all lanes begin. You can also click on the picture, or drag."),
    y=("Start y", "Where all lanes begin. You can also click on the picture, or drag."),
    usual_start=("Usual start", "Go back to where this surface shows most."),
    steps=("Steps", "How often each optimizer may move."),
    noise=(
        "Gradient noise σ",
        "Standard deviation of what is added to both parts of each gradient, as a batch of examples would; the same "
        "for all lanes.",
    ),
    seed=("Noise seed", "The same seed gives the same noise."),
    optimizer=("Optimizer", "Another rule in this lane, with a learning rate that suits the surface."),
    remove=("Remove this lane", "Walk without it; at least one lane stays."),
    inside=(
        "Look inside",
        "Draws arrows at the present step: the gradient, the velocity that the optimizer carries, and the step it "
        "makes; a box shows the scale that divides each direction. Read from the optimizer's own state.",
    ),
    all=("Usual lanes", "Bring the eight optimizers back with learning rates that suit this surface."),
)
