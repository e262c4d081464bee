"""GAN: a generator and a discriminator that learn against each other."""

from nnviz.ui.entrance import entrance
from nnviz.words.models.gan import TEXTS


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.families.page import family_page

    family_page("gan")


entrance(TEXTS.title, page)
