"""What can be seen of a network beyond its records: one entry a sight, taken while measuring."""

from collections.abc import Mapping

from nnviz.training.sights.sight import Taken

SIGHTS: Mapping[str, Taken] = {}
