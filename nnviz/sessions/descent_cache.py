"""Trails that were walked lately, kept lane by lane: a turned learning rate walks one lane, not all of them."""

import threading
from dataclasses import replace

from cachetools import LRUCache

from nnviz.catalog.optimizers import labels
from nnviz.records.descent import Descent
from nnviz.specs.descent import DescentSpec
from nnviz.training.descent import descend

MOST = 512  # lanes; a lane of 300 steps takes about 40 kB


class DescentCache:
    """Gives descents, walking only the lanes that nobody has walked lately; from any thread.

    A lane's trail has the same bits alone and beside others, so that it may be kept by itself.
    """

    def __init__(self) -> None:
        self._kept: LRUCache[DescentSpec, Descent] = LRUCache(MOST)
        self._lock = threading.Lock()

    def of(self, spec: DescentSpec) -> Descent:
        """Return the descent of a spec."""
        alone = [spec.with_(lanes=(lane,)) for lane in spec.lanes]
        found = self._look_up(alone)
        missing = list(dict.fromkeys(one for one in alone if one not in found))
        if missing:
            found |= self._walk(spec, missing)
        trails = [found[one].trails[0] for one in alone]
        named = (replace(trail, label=label) for trail, label in zip(trails, labels(spec.lanes), strict=True))
        return Descent(spec, found[alone[0]].terrain, tuple(named))

    def _look_up(self, alone: list[DescentSpec]) -> dict[DescentSpec, Descent]:
        with self._lock:
            return {one: self._kept[one] for one in alone if one in self._kept}

    def _walk(self, spec: DescentSpec, missing: list[DescentSpec]) -> dict[DescentSpec, Descent]:
        """Walk some lanes together and keep each by itself."""
        together = descend(spec.with_(lanes=tuple(one.lanes[0] for one in missing)))
        fresh = {
            one: Descent(one, together.terrain, (trail,)) for one, trail in zip(missing, together.trails, strict=True)
        }
        with self._lock:
            self._kept.update(fresh)
        return fresh
