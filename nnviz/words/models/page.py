"""What all models' pages say, and their overview."""

from nnviz.words.language import Table

FAMILY = Table(
    title="Architectures",
    lead="The models that made deep learning, small enough to train here and now on one processor. Each page shows "
    "what its idea does to training: press Play, then change one thing.",
    alone="nothing",
    now="now",
    tries="What to try",
    diagram="Diagram",
    code="PyTorch code",
    do="Set up and play",
    diagram_waits="The diagram follows the shape of the data: it is drawn as soon as the data is here.",
    size="{parameters} parameters, {multiply_adds} multiply-adds for one example, {depth} layers with weights deep",
)
DIALS = Table(
    beside=(
        "Train beside it",
        "A second network that differs in this one thing: same seed, same batches, same first weights where both have "
        "them. Live changes are made to both.",
    ),
    picture=("Test example", "Which example of the test set is sent through the network."),
)
