"""The lecture's models, each on a page of its own."""

from nnviz.ui import texts
from nnviz.ui.families.overview import overview
from nnviz.ui.registry import hall
from nnviz.ui.shell import shell

shell(texts.FAMILY["title"])
hall()
overview()
