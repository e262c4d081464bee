"""Max-pooling in the layout in which torch finds the same maxima several times as fast on a processor."""

import torch
from torch import Tensor, channels_last, nn


def pool_quickly(model: nn.Module) -> None:
    """Give every max-pooling of a network its maps place by place, and what follows it whole maps as before.

    A maximum rounds nothing, and among equals the first one has the gradient in either layout: no bit changes.
    """
    for module in model.modules():
        if isinstance(module, nn.MaxPool2d):
            module.register_forward_pre_hook(_place_by_place)
            module.register_forward_hook(_map_by_map)


def _place_by_place(module: nn.Module, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    (x,) = given
    is_small = module.kernel_size == 2 and torch.is_grad_enabled()  # the way back costs what four numbers save
    return given if is_small or x.device.type != "cpu" else (x.contiguous(memory_format=channels_last),)


def _map_by_map(module: nn.Module, given: tuple[Tensor, ...], pooled: Tensor) -> Tensor:
    return pooled.contiguous()
