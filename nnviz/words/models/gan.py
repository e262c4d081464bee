"""What the page of the GAN says."""

from nnviz.words.models import FamilyTexts

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
    tries={
        "collapse": (
            "Mode collapse",
            "128 random numbers for each point, and a discriminator that learns five times as fast as the generator: "
            "within 2,000 updates the points crowd into one or two of the eight clouds (four seeds of five or more), "
            "and the others stay empty.",
        ),
        "chase": (
            "The generator runs ahead",
            "It learns thirty times as fast as the discriminator: the points rush to wherever it says *real* at the "
            "moment, and on to the next place as soon as it knows better.",
        ),
        "careful": (
            "Another loss",
            "Beside it trains a GAN with the Wasserstein loss, whose discriminator gives scores, not probabilities. At "
            "this high learning rate the usual loss hits the clouds sooner but may fill them unevenly: after 1,500 "
            "updates its distance to the data is 0.03 to 0.10, that of the other 0.02 to 0.06 (five seeds).",
        ),
        "grid": (
            "A grid of 25",
            "More clouds, closer together. The rough shape is there within a few hundred updates; how many points "
            "still lie between the clouds after 5,000?",
        ),
        "digits": (
            "Digits of 8 by 8 pixels",
            "The same game with pictures, made from 16 random numbers each. After a few thousand updates many of them "
            "are digits; go back with *Moment* to see them come.",
        ),
        "mnist": (
            "MNIST with convolutions",
            "Transposed convolutions make pictures of 28 by 28 pixels. Give it a thousand updates, and look at "
            "the first ones again with *Moment*.",
        ),
    },
)
