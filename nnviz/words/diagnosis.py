"""What is wrong with a run, in plain words: what, since when, why that matters; and what to do about it."""

from nnviz.words.language import Table

FINDINGS = Table(
    still="{count} of {all} weight matrices have not moved by a single bit since the start: all their gradients are "
    "exactly zero. Where every weight begins at zero, no unit has anything to learn from.",
    dead="{share:.0%} of the units of {layer} are dead since update {since:,}: they give zero for every example, so no "
    "gradient reaches their weights, and they stay as they are. A learning rate that is far too large does that.",
    born_dead="{share:.0%} of the units of {layer} have been dead since the start: they give zero for every example, "
    "so that no gradient reaches their weights. No learning rate has done that, but how the weights and biases "
    "begin.",
    fast="The learning rate is too high since update {since:,}: at {rate:g} an update moves the weights by {share:.0%} "
    "of their size, where about 0.1 % is usual, and the loss, {loss:.3g}, stays above the {chance:.3g} of guessing.",
    lost="The loss left the finite numbers at update {since:,}, and the learning rate, {rate:g}, is the suspect: each "
    "update overshoots by more than it had to go.",
    raw="The inputs are too large: {mean:.3g} on average, with a spread of {std:.3g}, where first weights are made "
    "for a spread of 1. So it began at a loss of {first:.3g}, where guessing costs {chance:.3g}.",
    displaced="It takes {share:.0%} of the test examples of {truth} for {answer}, and every other class for one "
    "certain wrong one: {train:.0%} right in training, {test:.1%} in the test. Training and test examples count the "
    "classes differently.",
    crowded="{share:.0%} of the training examples are {name}: the others hardly count in the loss. It is right in "
    "{train:.0%} of the training examples, and in {test:.0%} of the test examples, where all classes are alike.",
    unrelated="What it learns does not help: {train:.0%} right in training, and {test:.0%} in the test, where guessing "
    "is right in {chance:.0%}. So the labels have nothing to do with the inputs: look whether they were mixed up.",
    floored="It is right in {train:.0%} of the training examples, and yet the loss, {loss:.3g}, does not fall below "
    "{floor:.3g}. That is the least that cross-entropy can give for outputs between 0 and 1: a softmax comes before "
    "the loss, which has one of its own.",
    bare="It has come as far as it can: after {step:,} updates the loss stands at {loss:.3g}, where guessing costs "
    "{chance:.3g}. Without an activation all layers together are one affine map, which cannot bend.",
    alike="Every example gets the same answer, {answer}, and the loss is {loss:.3g}, where guessing costs "
    "{chance:.3g}. Nothing of the inputs comes through to the loss: compare the shapes of outputs and targets, and "
    "look whether the inputs say anything.",
    small="It has come as far as it can: after {step:,} updates the loss stands at {loss:.3g}, where guessing costs "
    "{chance:.3g}. With {units} units in its widest layer it has too few bends for this picture.",
    saturated="{share:.0%} of the outputs of {layer} lie at {low:g} or {high:g}, the ends of the activation, and "
    "have since the start. There its slope is almost nothing, so that hardly any gradient passes: the first weights "
    "are too large.",
    twins="All {count} units of {layer} are the same one: their weights began equal, so their gradients are equal, "
    "and they stay so. The layer can do no more than a single unit.",
    unshuffled="Batches of {size} come sorted: within the last epoch the loss of a batch went from {low:.2g} to "
    "{high:.2g}, and over all training examples it is {whole:.3g}. Each part of the epoch is forgotten while the "
    "next is learnt.",
    lonely="Batch normalisation over {size} examples measures noise: batches cost {batches:.3g} while they are "
    "learnt from, and {measured:.3g} when measured with running averages. Larger batches tell the truth about the "
    "whole.",
    far_off="It began at a loss of {first:.3g}, where guessing among {count} classes costs {chance:.3g}: the first "
    "weights are too large, so it begins by being sure of what is wrong.",
    starved="The discriminator is hardly ever wrong: its loss is {critic:.2g}, where nobody can tell at {even:.3g}. "
    "So the generator is always caught, at {maker:.3g} (undecided: {chance:.2g}), and learns little from it.",
    collapsed="The generator has collapsed: after {step:,} updates its examples reach {covered} of {count} clouds at "
    "a time, and the others stay empty. All of it runs to where the discriminator says real at the moment.",
    exploding="The gradient explodes on its way back: where that ends it is {ratio:,.0f} times what it is where it "
    "begins. So one step throws the weights far beyond where the gradient still holds.",
    unstable="The rate is as high as training can bear: from update {since:,} to {step:,} the loss was thrown up from "
    "{low:.2g} to {high:.2g}, where guessing costs {chance:.2g}, and it has had to come back since.",
    noisy="Batches of {size} are too small for this rate: since update {since:,} the loss over the training examples "
    "goes up and down between {low:.2g} and {high:.2g}. What one batch teaches the next ones undo.",
    noisy_scale="Batches of {size} are too small for this rate: since update {since:,} the loss over the training "
    "examples goes up and down between {low:.2g} and {high:.2g}. The gradient's noise is as large as the gradient "
    "itself in batches of {scale:,.0f}.",
    plateau="It stands on a plateau: since update {since:,} the mean loss of batches goes up and down between "
    "{low:.2g} and {high:.2g}, and falls no more. An update moves weights by up to {share:.1%} of their size: "
    "too far to come down further.",
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
    slower="Find a rate on a copy and go on from update {step:,}",
    slower_both="Go on from update {step:,} with a tenth of both rates",
    slower_fresh="Begin anew with a tenth of the rate",
    mend="Begin anew without the mistake",
    clip="Begin anew with gradients cut to a norm of {max:g}",
    warm="Begin anew with a rate that rises over {count} updates",
    plateau="Turn the rate to {rate:g}",
    small="Begin anew with two layers of 16 units",
    saturated="Begin anew with Glorot normal weights",
    twins="Begin anew with Glorot normal weights",
    unshuffled="Begin anew with shuffled examples",
    lonely="Turn the batch size to {size}",
    far_off="Begin anew with He normal weights",
    fast="Turn the rate to {rate:g}",
    normalise="Begin anew with normalised inputs",
    bare="Begin anew with tanh between the layers",
    starved="Begin anew with both at a rate of {rate:g}",
    decay="Turn the decay to 0",
    decay_fresh="Begin anew without decay",
    decay_lost="Go on from update {step:,} without decay",
    vanishing="Begin anew with ReLU and He normal weights",
    slow="Turn the rate to {rate:g}",
    overfit="Go on from update {step:,} with a decay of {decay:g}",
)
# What stands beside the curve where it began.
NAMES = Table(
    still="weights do not move", dead="dead units", born_dead="dead units", decay="decay too strong",
    decay_lost="decay too strong", vanishing="vanishing gradients", slow="rate too low", fast="rate too high",
    lost="rate too high", overfit="learning by heart", raw="inputs too large", displaced="labels displaced",
    crowded="one class crowds out", unrelated="labels unrelated", floored="a softmax too many", alike="one answer "
    "for all",
    bare="no activation", small="too few units", starved="generator starved", saturated="saturated units",
    twins="twin units", unshuffled="not shuffled", lonely="tiny batches", far_off="first weights too large",
    exploding="gradients explode", unstable="thrown up", noisy="batches too small", noisy_scale="batches too small",
    plateau="plateau", collapsed="collapsed",
)  # fmt: skip
DIAGNOSIS = Table(
    heading="What is wrong",
    of_lane="{lane}: {text}",
    well="Nothing looks wrong.",
    refused="That could not be done: {reason}",
)
