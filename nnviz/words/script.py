"""What the script of a run says beside its code: the headings of its sections, and comments where one would ask why."""

from nnviz.words.language import Table

SECTIONS = Table(
    setting="Setting up",
    data="Data",
    network="Network",
    weights="First weights",
    goal="Loss and optimizer",
    training="Training",
    test="Test",
)
COMMENTS = Table(
    head="A training run in plain PyTorch. On the same machine and PyTorch it prints the losses of the run on screen, "
    "to the last digit.",
    threads="several threads would add in another order and round otherwise",
    rng="Chance comes from here, in this order: data, first weights, the order of the examples.",
    rng_named="Chance comes from here, data first, then the order of the examples.",
    seeds="Weights have seeds of their own, made of their names, so that networks which differ in one part share all "
    "others.",
    noise="What the network draws while it learns comes from here, so that it changes no batch.",
    planted="The mistake that is made on purpose.",
    numbers="Numbers are compared with numbers: 1 for the right class, 0 for the others.",
    turned="What was turned while it trained, and before which update; the optimizer keeps its memory.",
    switched="Another optimizer from here on: it knows nothing of the gradients before.",
    sizes="Other batch sizes from these updates on.",
    averages="The network is tested with an average of its weights.",
    joined="The gradients of several batches are added up; each counts by its share of the examples.",
    fixed_order="Nothing is shuffled: every epoch sees the examples in this order.",
    hands="Weights that were set by hand: before which update, then layer, row, column and value.",
    here="as far as the run had come",
    end="as many as the run is to do",
    open="the run had not begun: as many as you like",
    schedule="Before each update the learning rate is its base times a factor; what is turned is the base.",
    epoch="a new epoch",
    share="The auxiliary classifier helps in training only, with a part of its loss.",
    clean="The network sees a noisy copy and has to give the clean one back.",
    catch="The discriminator learns to tell real examples from made ones.",
    penalty="Its slope between both is kept close to 1.",
    fool="The generator learns to be taken for real.",
    chunks="so many examples at once",
    fixed="noise that is the same at every measurement",
    distance="How far made examples are from real ones that training has not seen.",
)
