"""GAN: a generator and a discriminator that learn against each other."""

from nnviz.ui.families.page import family_page

family_page("gan")
