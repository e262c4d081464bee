"""ResNet (He et al. 2016, section 4.2): three stages of basic blocks, each with a shortcut around it."""

from torch import Tensor, nn
from torchvision.models.resnet import BasicBlock, conv1x1, conv3x3


class PlainBlock(BasicBlock):
    """The same two convolutions, with nothing led around them."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (examples, channels, rows, columns) to the block's own width and resolution."""
        out = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(out)))


class ResNet(nn.Module):
    """A network of 6 n + 2 layers for flat pictures of the given (rows, columns); plain: without shortcuts."""

    def __init__(self, picture: tuple[int, int], classes: int, depth: int, width: int, plain: bool = False) -> None:
        super().__init__()
        blocks = (depth - 2) // 6
        self.picture = picture
        stride = 2 if min(picture) > 16 else 1  # larger pictures are halved at once, as in the ImageNet nets
        self.stem = nn.Sequential(conv3x3(1, width, stride), nn.BatchNorm2d(width), nn.ReLU())
        self.stage1 = self.stage(width, width, blocks, 1, plain)
        self.stage2 = self.stage(width, 2 * width, blocks, 2, plain)
        self.stage3 = self.stage(2 * width, 4 * width, blocks, 2, plain)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(4 * width, classes)

    def stage(self, before: int, after: int, blocks: int, stride: int, plain: bool) -> nn.Sequential:
        """Line up blocks; the first one changes width and resolution, so its shortcut is a 1x1 convolution."""
        block = PlainBlock if plain else BasicBlock
        shortcut = None
        if not plain and (before != after or stride != 1):
            shortcut = nn.Sequential(conv1x1(before, after, stride), nn.BatchNorm2d(after))
        first = block(before, after, stride, shortcut)
        return nn.Sequential(first, *(block(after, after) for _ in range(blocks - 1)))

    def forward(self, x: Tensor) -> Tensor:
        """Map (examples, pixels) to (examples, classes)."""
        x = self.stem(x.view(-1, 1, *self.picture))
        x = self.stage3(self.stage2(self.stage1(x)))
        return self.fc(self.pool(x).flatten(1))
