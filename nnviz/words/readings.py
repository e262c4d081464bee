"""What instruments write beside the numbers that they find: names of parts, titles of axes, captions."""

SHARES = {
    "module": "module {number}",
    "share": "share",
    "parameters": "parameters (100 % = {count:,})",
    "multiply_adds": "multiply-adds (100 % = {count:,})",
    "all": "all four",
    "pool": "pool",
    "plain": "plain 5×5",
    "of_plain": "per cent of plain 5×5",
}

CODES = {
    "one": "the code",
    "class": "class",
    "first": "first number of the code",
    "second": "second number of the code",
    "first_component": "codes of {size} numbers: principal component 1",
    "second_component": "principal component 2",
    "drawn": "drawn at {place}",
    "nearest": "nearest: {name}",
}

PICTURES = {
    "picture": "picture",
    "noisy": "with noise",
    "back": "comes back",
    "first": "picture, conv 1",
    "conv": "conv {number}",
}

STEPS = {
    "step": "step",
    "value": "value",
    "unit": "unit",
    "state": "state",
    "cell": "cell",
    "gradient_norm": "gradient norm",
    "read": "read",
    "input": "input",
    "forget": "forget",
    "candidate": "candidate",
    "output": "output",
    "title": "the picture is: {name}",
    "rows": "rows read",
    "class": "class",
    "example": "test example",
    "sum": "sum of the marked numbers",
    "answer": "answer",
    "series": "the series",
    "forecast": "forecast one step before",
    "going_on": "going on by itself",
}

VERDICTS = {
    "score": "score: the higher, the more real",
    "probability": "D(x): probability of being real",
    "real": "real",
    "made": "made",
    "modes": "{covered} of {count} modes, {quality:.0f} % of the samples in one",
}

READS = {
    "layer": "layer {number}",
    "layer_short": "L{number}",
    "input": "input",
    "input_short": "in",
    "block": "block {number}",
    "hears": "hears",
}

SPECTRUM = {"place": "place among the singular values (%)", "value": "singular value"}

WITNESSES = {"example": "{number}: {truth}"}
