"""The code that the lab shows, as it stands here, and runs: a network, its forward pass and its evaluation."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn
from torch.nn import functional


class Net(nn.Module):
    """inputs -> hidden -> ReLU -> outputs."""

    def __init__(self, inputs: int, hidden: int, outputs: int, generator: Generator) -> None:
        super().__init__()
        self.lin_1 = nn.Linear(inputs, hidden)
        self.lin_2 = nn.Linear(hidden, outputs)
        for layer in (self.lin_1, self.lin_2):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Turn pictures (n, inputs) into logits (n, outputs)."""
        h = torch.relu(self.lin_1(x))
        logits: Tensor = self.lin_2(h)
        return logits


def forward_pass(model: Net, x: NDArray[np.float32], device: str) -> dict[str, NDArray[np.float32]]:
    """Send one picture through the network and return every stage on the way."""
    tensor = torch.from_numpy(x).to(device)  # numpy -> torch
    with torch.no_grad():
        before = model.lin_1(tensor)
        hidden = torch.relu(before)
        scores = model.lin_2(hidden)
    logits = scores.cpu().numpy()  # torch -> numpy
    powers = np.exp(logits - logits.max())
    softmax = powers / powers.sum()
    return {"x": x, "lin_1": before.cpu().numpy(), "relu": hidden.cpu().numpy(), "logits": logits, "softmax": softmax}


def evaluate(model: nn.Module, x: Tensor, y: Tensor) -> tuple[int, float]:
    """Return how many pictures are answered right, and the mean loss."""
    model.eval()
    right, loss = 0, 0.0
    with torch.no_grad():
        for pictures, labels in zip(torch.split(x, 2048), torch.split(y, 2048), strict=True):
            logits = model(pictures)
            right += int((logits.argmax(dim=1) == labels).sum())
            loss += functional.cross_entropy(logits, labels, reduction="sum").item()
    return right, loss / len(x)
