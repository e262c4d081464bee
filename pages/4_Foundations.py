"""The lessons of the first lecture."""

from nnviz.ui import texts
from nnviz.ui.lessons.overview import overview
from nnviz.ui.registry import hall
from nnviz.ui.shell import shell

shell(texts.FOUNDATIONS["title"])
hall()
overview()
