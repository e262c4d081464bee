"""Whom the layers of dense blocks listen to."""

import torch

from nnviz.catalog.networks import densenet
from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import Grids, Question
from nnviz.training.arrays import numbers
from nnviz.words.language import message
from nnviz.words.readings import READS

_COLOURS = (60.0, 140.0)  # per cent: where they end; in a few minutes of training few differ more
_WRITTEN_OUT = 5  # layers whose names have room under their columns


def layer_reads(look: ModelContext, question: Question) -> Grids | None:
    """Return for each dense block how strongly each layer hears each source, in per cent of its average source.

    A weight's mean size (Huang et al. 2017, figure 5) is taken relative to its row's: a layer of few inputs begins with
    larger weights whomever it hears.
    """
    heard = densenet.layer_reads(look.model)
    tables = tuple(numbers(100 * table / torch.nanmean(table, 1, keepdim=True)) for table in heard)
    count = len(tables[0])
    end = "" if count <= _WRITTEN_OUT else "_short"
    layers = tuple(message(READS[f"layer{end}"], number=number) for number in range(1, count + 1))
    titles = tuple(message(READS["block"], number=number) for number in range(1, len(tables) + 1))
    columns = (message(READS[f"input{end}"]), *layers[:-1])
    low, high = _COLOURS
    return Grids(tables, titles, message(READS["hears"]), "", low=low, high=high, rows=layers, columns=columns)
