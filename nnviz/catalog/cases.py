"""The fault gallery: runs that are ill in one way each, and what else one could take it for."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.catalog.models import MODELS
from nnviz.specs.experiment import Choice, ExperimentSpec

DIGITS = ExperimentSpec(epochs=0)
_MOONS = DIGITS.with_(
    dataset=Choice("moons"), model=Choice.of("mlp", hidden="8,8"), activation=Choice("tanh"),
    initializer=Choice("glorot_normal"),
)  # fmt: skip
_SINE = DIGITS.with_(dataset=Choice("sine"), loss=Choice("mse"), optimizer=Choice.of("adam", lr=0.01))


@dataclass(frozen=True, slots=True)
class Case:
    """One ill run.

    finding: the rule that tells it.  within: updates after which that has been told.  charts: where it shows.
    others: cases that it could be taken for.
    """

    spec: ExperimentSpec
    finding: str
    within: int
    charts: tuple[str, ...]
    others: tuple[str, ...]


CASES: Mapping[str, Case] = {
    "rate_high": Case(
        _MOONS.with_(optimizer=Choice.of("sgd", lr=10.0)), "fast", 100,
        ("loss", "accuracy", "field", "updates"), ("permuted_labels", "rate_low", "no_activation"),
    ),
    "rate_low": Case(
        DIGITS.with_(optimizer=Choice.of("sgd", lr=1e-6)), "slow", 600,
        ("loss", "accuracy", "updates", "weights"), ("zeros", "vanishing", "decay"),
    ),
    "zeros": Case(
        DIGITS.with_(initializer=Choice("zeros"), model=Choice.of("mlp", hidden="32,32")), "still", 40,
        ("loss", "accuracy", "weights", "updates"), ("rate_low", "dead_units", "permuted_labels"),
    ),
    "dead_units": Case(
        DIGITS.with_(model=Choice.of("mlp", hidden="32,32"), optimizer=Choice.of("sgd", lr=5.0)), "dead", 40,
        ("loss", "accuracy", "activations", "dead_units"), ("low_biases", "vanishing", "decay"),
    ),
    "low_biases": Case(
        DIGITS.with_(fault=Choice("low_biases")), "dead", 160,
        ("loss", "accuracy", "activations", "dead_units"), ("dead_units", "rate_low", "imbalance"),
    ),
    "vanishing": Case(
        DIGITS.with_(
            model=Choice.of("mlp", hidden=",".join(["16"] * 10)), activation=Choice("sigmoid"), optimizer=Choice("sgd")
        ), "vanishing", 160,
        ("loss", "accuracy", "gradient_depth", "gradients"), ("zeros", "decay", "raw_inputs"),
    ),
    "decay": Case(
        _MOONS.with_(optimizer=Choice.of("sgd", lr=0.5, weight_decay=1.0)), "decay", 40,
        ("loss", "accuracy", "field", "weights"), ("rate_low", "no_activation", "overfit"),
    ),
    "raw_inputs": Case(
        DIGITS.with_(fault=Choice("raw_inputs")), "raw", 160,
        ("loss", "accuracy", "activations", "gradients"), ("rate_high", "softmax_twice", "imbalance"),
    ),
    "permuted_labels": Case(
        DIGITS.with_(fault=Choice("permuted_labels")), "unrelated", 1600,
        ("loss", "accuracy", "confusion", "filters"), ("displaced_labels", "overfit", "rate_low"),
    ),
    "displaced_labels": Case(
        DIGITS.with_(fault=Choice("displaced_labels")), "displaced", 160,
        ("loss", "accuracy", "confusion", "gallery"), ("permuted_labels", "overfit", "imbalance"),
    ),
    "imbalance": Case(
        DIGITS.with_(fault=Choice("imbalance")), "crowded", 160,
        ("loss", "accuracy", "confusion", "gallery"), ("overfit", "displaced_labels", "softmax_twice"),
    ),
    "softmax_twice": Case(
        DIGITS.with_(fault=Choice("softmax_twice")), "floored", 600,
        ("loss", "accuracy", "confusion", "gradients"), ("rate_low", "vanishing", "raw_inputs"),
    ),
    "mixed_shapes": Case(
        _SINE.with_(fault=Choice("mixed_shapes")), "alike", 1200,
        ("loss", "fit", "gradients", "parameters"), ("rate_low", "decay", "vanishing"),
    ),
    "no_activation": Case(
        _MOONS.with_(dataset=Choice("circles"), activation=Choice("identity"), optimizer=Choice.of("adam", lr=0.01)),
        "bare", 1600, ("loss", "accuracy", "field", "weights"), ("rate_low", "permuted_labels", "decay"),
    ),
    "overfit": Case(
        DIGITS.with_(dataset=Choice.of("moons", size=100, noise=0.4), model=Choice.of("mlp", hidden="64,64")),
        "overfit", 1600, ("loss", "accuracy", "field", "weights"), ("permuted_labels", "rate_high", "imbalance"),
    ),
    "too_small": Case(
        _MOONS.with_(
            dataset=Choice("circles"), model=Choice.of("mlp", hidden="1"), optimizer=Choice.of("adam", lr=0.03)
        ), "small", 1600,
        ("loss", "accuracy", "field", "weights"), ("no_activation", "rate_low", "permuted_labels"),
    ),
    "saturated": Case(
        DIGITS.with_(
            activation=Choice("tanh"), initializer=Choice.of("normal", std=2.0), model=Choice.of("mlp", hidden="32,32"),
            optimizer=Choice.of("sgd", lr=0.01),
        ), "saturated", 40,
        ("loss", "accuracy", "activations", "gradients"), ("rate_low", "vanishing", "raw_inputs"),
    ),
    "twins": Case(
        _MOONS.with_(fault=Choice("equal_weights"), optimizer=Choice.of("adam", lr=0.01)), "twins", 200,
        ("loss", "accuracy", "field", "network"), ("no_activation", "too_small", "rate_low"),
    ),
    "sorted": Case(
        DIGITS.with_(order=Choice("sorted"), optimizer=Choice.of("sgd", lr=0.3)), "unshuffled", 400,
        ("loss", "accuracy", "confusion", "gradients"), ("imbalance", "rate_high", "permuted_labels"),
    ),
    "tiny_batches": Case(
        DIGITS.with_(model=Choice.of("mlp", hidden="32", batch_norm="on"), batch_size=2), "lonely", 800,
        ("loss", "accuracy", "activations", "gradients"), ("overfit", "rate_high", "sorted"),
    ),
    "exploding": Case(
        MODELS["lstm"].usual_for["waves"].with_(
            model=Choice.of("lstm", cell="rnn"), initializer=Choice.of("normal", std=0.4),
            optimizer=Choice.of("sgd", lr=0.2),
        ), "exploding", 80,
        ("loss", "gradient_flow", "gradients", "updates"), ("rate_high", "vanishing", "raw_inputs"),
    ),
    "small_batches": Case(
        _MOONS.with_(
            dataset=Choice.of("moons", noise=0.3), batch_size=1, optimizer=Choice.of("sgd", lr=0.3)
        ), "noisy", 2000,
        ("loss", "accuracy", "field", "updates"), ("rate_high", "overfit", "permuted_labels"),
    ),
    "plateau": Case(
        DIGITS.with_(
            activation=Choice("tanh"), initializer=Choice("glorot_normal"), optimizer=Choice.of("adam", lr=0.2)
        ), "plateau", 800,
        ("loss", "accuracy", "updates", "activations"), ("small_batches", "too_small", "softmax_twice"),
    ),
    "unstable": Case(
        DIGITS.with_(
            activation=Choice("tanh"), initializer=Choice("glorot_normal"), model=Choice.of("mlp", hidden="32,32"),
            optimizer=Choice.of("rmsprop", lr=0.03),
        ), "unstable", 160,
        ("loss", "accuracy", "updates", "activations"), ("raw_inputs", "saturated", "sorted"),
    ),
    "starved": Case(
        MODELS["gan"].usual.with_(
            optimizer=Choice.of("adam", lr=0.0001, beta1=0.5), second_optimizer=Choice.of("adam", lr=0.01, beta1=0.5)
        ), "starved", 600,
        ("players", "density", "samples", "modes"), ("collapsed", "imbalance", "vanishing"),
    ),
    "collapsed": Case(
        MODELS["gan"].usual.with_(
            optimizer=Choice.of("adam", lr=0.003, beta1=0.5), second_optimizer=Choice.of("adam", lr=0.0001, beta1=0.5)
        ), "collapsed", 1000,
        ("players", "density", "samples", "modes"), ("starved", "too_small", "imbalance"),
    ),
}  # fmt: skip
