"""Recurrent networks: one small network, used again at every step of a sequence."""

from typing import Literal

from torch import Tensor, nn
from torch.nn import functional as F


class Recurrent(nn.Module):
    """Read x (examples, steps * features), answer (examples, outputs), or (examples, outputs, steps) at every step.

    LSTM: Hochreiter and Schmidhuber 1997, "Long Short-Term Memory".
    RNN: Elman 1990, "Finding Structure in Time".
    """

    def __init__(
        self,
        steps: int,
        features: int,
        outputs: int,
        hidden: int = 64,
        layers: int = 1,
        kind: Literal["lstm", "rnn"] = "lstm",
        is_every_step: bool = False,
        vocabulary: int = 0,
    ) -> None:
        super().__init__()
        self.steps, self.features, self.vocabulary = steps, features, vocabulary
        self.is_every_step = is_every_step
        network = nn.LSTM if kind == "lstm" else nn.RNN
        self.rnn = network(vocabulary or features, hidden, layers, batch_first=True)
        self.head = nn.Linear(hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Read the whole sequence, then answer from the last state, or from the state at every step."""
        states, _ = self.rnn(self.sequence(x))  # (examples, steps, hidden)
        if self.is_every_step:
            return self.head(states).transpose(1, 2)  # (examples, outputs, steps)
        return self.head(states[:, -1])  # (examples, outputs)

    def sequence(self, x: Tensor) -> Tensor:
        """Lay the flat x out step by step: (examples, steps, features), each character as a one-hot vector."""
        if self.vocabulary:
            return F.one_hot(x.long(), self.vocabulary).to(x)
        return x.reshape(-1, self.steps, self.features)
