"""The lecture's models, each on a page of its own."""

from nnviz.ui.families.overview import overview
from nnviz.ui.family_texts import page as words
from nnviz.ui.registry import hall
from nnviz.ui.shell import shell

shell(words.FAMILY["title"])
hall()
overview()
