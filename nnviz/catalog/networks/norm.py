"""Batch normalisation that can bear a last batch of one example."""

from torch import Tensor, nn
from torch.nn import functional as F


class BatchNorm(nn.BatchNorm1d):
    """nn.BatchNorm1d that measures a batch of one example by its running averages, where torch would give up."""

    def forward(self, input: Tensor) -> Tensor:
        """Normalise each unit over the batch, or as in evaluation where there is nothing to compare with."""
        if self.training and len(input) == 1:
            averages = self.running_mean, self.running_var
            return F.batch_norm(input, *averages, self.weight, self.bias, eps=self.eps)
        return super().forward(input)
