"""What is wrong with a run, in plain words: what, since when, why that matters; and what to do about it."""

from nnviz.words.language import Table

FINDINGS = Table(
    still="{count} of {all} weight matrices have not moved by a single bit since the start: all their gradients are "
    "exactly zero. Where every weight begins at zero, no unit has anything to learn from.",
    dead="{share:.0%} of the units of {layer} are dead since update {since:,}: they give zero for every example, so no "
    "gradient reaches their weights, and they stay as they are. A learning rate that is far too large does that.",
    decay="Weight decay wins against the data: each update takes {share:.2g} of every weight away (rate {rate:g} × "
    "decay {decay:g}), and the loss is {loss:.3g}, no better than the {chance:.3g} of guessing.",
    decay_lost="The loss left the finite numbers at update {since:,}, and weight decay is to blame: rate {rate:g} × "
    "decay {decay:g} is {share:g}, so each update turns every weight around and makes it larger. Less decay helps, not "
    "only a smaller rate.",
    vanishing="The first layer hardly learns since update {since:,}: its gradient is {ratio:.0e} of the last layer's. "
    "Each layer on the way back makes it smaller; fewer layers, ReLU or larger first weights let it through.",
    slow="It hardly learns: after {step:,} updates the loss has fallen by {fall:.1%}, and an update moves the weights "
    "by {ratio:.0e} of their size, where about 1e-03 is usual. The learning rate is too low.",
    overfit="It learns by heart since update {since:,}: there the test loss was {best:.3g}, now it is {now:.3g}, while "
    "the training loss went on falling.",
)
CURES = Table(
    still="Begin anew with He normal weights",
    dead="Go on from update {step:,} with a tenth of the rate",
    dead_fresh="Begin anew with a tenth of the rate",
    decay="Turn the decay to 0",
    decay_lost="Go on from update {step:,} without decay",
    vanishing="Begin anew with ReLU and He normal weights",
    slow="Turn the rate to {rate:g}",
    overfit="Go on from update {step:,} with a decay of {decay:g}",
)
DIAGNOSIS = Table(
    heading="What is wrong",
    well="Nothing looks wrong.",
    refused="That could not be done: {reason}",
)
