"""The real MNIST and the networks that several benchmarks train."""

import gzip
import os
import tempfile
from pathlib import Path

from nnviz.specs.experiment import Choice, ExperimentSpec

ROOT = Path(__file__).resolve().parent.parent

MNIST = ExperimentSpec(
    dataset=Choice("mnist"),
    model=Choice.of("mlp", hidden="256"),
    optimizer=Choice.of("adam", lr=0.001),
    batch_size=64,
    epochs=0,
)


def spiral(hidden: str) -> ExperimentSpec:
    """Describe the TensorFlow Playground's usual training on its spiral; `hidden` is like "8,8,8"."""
    return ExperimentSpec(
        dataset=Choice("spiral"),
        model=Choice.of("mlp", hidden=hidden),
        activation=Choice("tanh"),
        initializer=Choice("glorot_normal"),
        loss=Choice("mse"),
        optimizer=Choice.of("sgd", lr=0.03),
        batch_size=10,
        epochs=0,
    )


def point_to_data() -> Path:
    """Set NNVIZ_DATA to the folder of the real MNIST; FileNotFoundError says where it may be."""
    folder = Path(os.environ.get("NNVIZ_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / "MNIST" / "raw").is_dir():
        raise FileNotFoundError("no MNIST here: set NNVIZ_DATA to a folder with MNIST/raw")
    os.environ["NNVIZ_DATA"] = str(folder)
    return folder


def unpacked_mnist() -> tempfile.TemporaryDirectory[str]:
    """Unpack MNIST's files into a fresh folder, as torchvision's data set wants them."""
    fresh = tempfile.TemporaryDirectory()
    raw = Path(fresh.name) / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for packed in (point_to_data() / "MNIST" / "raw").glob("*.gz"):
        (raw / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return fresh
