"""What the classes of the data sets are called."""

CIRCLES = ("outer ring", "inner ring")
MOONS = ("upper moon", "lower moon")
XOR = ("same signs", "mixed signs")
SPIRAL = ("arm A", "arm B")
FASHION = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
