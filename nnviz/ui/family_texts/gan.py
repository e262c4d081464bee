"""What the page of the GAN says."""

from nnviz.spec import Choice, ExperimentSpec
from nnviz.ui.family_texts import FamilyTexts, Try


def _rates(spec: ExperimentSpec, generator: float, discriminator: float) -> ExperimentSpec:
    """Set the learning rates of both players."""
    first, second = (spec.optimizer.with_knobs(lr=rate) for rate in (generator, discriminator))
    return spec.with_(optimizer=first, second_optimizer=second)


def _collapse(spec: ExperimentSpec) -> ExperimentSpec:
    return _rates(spec.with_(model=Choice.of("gan", latent=16)), 0.001, 0.005)


def _chase(spec: ExperimentSpec) -> ExperimentSpec:
    return _rates(spec, 0.003, 0.0001)


def _careful(spec: ExperimentSpec) -> ExperimentSpec:
    return _rates(spec.with_(model=Choice.of("gan", d_steps=3)), 0.005, 0.005)


def _grid(spec: ExperimentSpec) -> ExperimentSpec:
    return _rates(spec.with_(dataset=Choice("grid"), batch_size=256), 0.002, 0.002)


def _digits(spec: ExperimentSpec) -> ExperimentSpec:
    model = Choice.of("gan", latent=16, width=128)
    return spec.with_(dataset=Choice("digits"), model=model, batch_size=64)


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    model = Choice.of("gan", kind="conv", latent=32, width=32)
    data = Choice.of("mnist", train_size=6000, test_size=1000)
    return _rates(spec.with_(dataset=data, model=model, batch_size=64), 0.002, 0.001)


TEXTS = FamilyTexts(
    title="GAN",
    menu="GAN",
    card="Two networks against each other: one makes examples, the other tells them from real ones.",
    lead="A **generator** turns random numbers into examples; a **discriminator** learns to tell them from real ones, "
    "and its verdict is all that the generator learns from: it never sees an example itself. Press Play and watch the "
    "orange points find the blue ones.",
    idea="The ground behind the points is the discriminator's verdict. The made points move to where it says *real*, "
    "until it can hardly do better than guess. Both losses stand nearly still meanwhile, so look at the *distance to "
    "the data* and at the *modes covered*: they are measured beside the game, and no player knows them. A generator "
    "that hits a few clouds and has given up the others has **collapsed**.",
    tries=(
        Try(
            "Mode collapse",
            "Sixteen random numbers for each point, and a discriminator that learns five times as fast as the "
            "generator: within 2,000 updates the points crowd into two or three clouds and stay there.",
            _collapse,
        ),
        Try(
            "The generator runs ahead",
            "It learns thirty times as fast as the discriminator: the points rush to wherever it says *real* at the "
            "moment, and on to the next place as soon as it knows better.",
            _chase,
        ),
        Try(
            "Another loss",
            "Beside it trains a GAN with the Wasserstein loss, whose discriminator gives scores, not probabilities. At "
            "this high learning rate the usual loss hits the clouds sooner but may fill them unevenly: after 1,500 "
            "updates its distance to the data is three times that of the other. Is it so with another seed?",
            _careful,
            "wasserstein",
        ),
        Try(
            "A grid of 25",
            "More clouds, closer together. The rough shape is there within a few hundred updates; how many points "
            "still lie between the clouds after 5,000?",
            _grid,
        ),
        Try(
            "Digits of 8 by 8 pixels",
            "The same game with pictures, made from 16 random numbers each. After some 3,000 updates many of them are "
            "digits; go back with *Moment* to see them come.",
            _digits,
        ),
        Try(
            "MNIST with convolutions",
            "Transposed convolutions make pictures of 28 by 28 pixels. Give it 1,000 updates: about half a minute on "
            "one processor core.",
            _mnist,
        ),
    ),
)
