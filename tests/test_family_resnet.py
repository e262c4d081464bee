"""What ResNet's page says of shortcuts, over three seeds."""

from nnviz.catalog import MODELS
from nnviz.ui.families.models.resnet import PAGE
from tests.seeds import FEW, accuracy, claims, edited, loss, stories

USUAL = MODELS["resnet"].usual
PLAIN = MODELS["resnet"].twins["plain"].edit


@claims("resnet", "idea")
def test_a_deep_plain_net_trains_worse_than_its_residual_twin() -> None:
    (residual,), (plain,) = stories(USUAL, 50, seeds=FEW), stories(PLAIN(USUAL), 50, seeds=FEW)
    assert loss(residual) < 0.4 * loss(plain)
    assert accuracy(residual) > 0.75


@claims("resnet", "Shallow: no difference")
def test_with_8_layers_both_learn_alike() -> None:
    shallow = edited(PAGE, "Shallow: no difference", USUAL)
    (residual,), (plain,) = stories(shallow, 60, seeds=FEW), stories(PLAIN(shallow), 60, seeds=FEW)
    assert abs(accuracy(residual) - accuracy(plain)) < 0.06
    assert min(accuracy(residual), accuracy(plain)) > 0.89


@claims("resnet", "20 layers")
def test_with_20_layers_the_loss_of_the_plain_net_falls_later() -> None:
    middle = edited(PAGE, "20 layers", USUAL)
    (residual,), (plain,) = stories(middle, 40, seeds=FEW), stories(PLAIN(middle), 40, seeds=FEW)
    assert loss(residual) < 0.75 * loss(plain)
