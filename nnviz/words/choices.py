"""What a knob's named values are called: most are words as they are, such as "two_moons"."""

from nnviz.words.language import Table, Text, say

CALLED = Table(lstm="LSTM", rnn="plain RNN", conv="convolutional")


def choice_english(word: object) -> Text:
    """Name a value in English."""
    return CALLED.english.get(str(word)) or str(word).replace("_", " ")


def choice_text(word: object) -> str:
    """Name a value in the reader's language."""
    return say(choice_english(word))
