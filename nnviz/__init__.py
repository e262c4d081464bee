"""nnviz: watch a real PyTorch network learn while you turn its knobs."""

__version__ = "0.1.0"
