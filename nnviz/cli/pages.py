"""The pages whose links can be trained, and the links of saved runs."""

from collections.abc import Mapping
from urllib.parse import urlencode

from nnviz.library.saved import Saved

# The last part of a page's address, by the page's name or the model's; written out, for the catalogue takes PyTorch.
PAGES: Mapping[str, str] = {
    "train": "Train",
    "race": "Race",
    "home": "Home",
    "alexnet": "AlexNet",
    "googlenet": "GoogLeNet",
    "resnet": "ResNet",
    "densenet": "DenseNet",
    "lstm": "LSTM",
    "autoencoder": "Autoencoder",
    "gan": "GAN",
}


def link_of(saved: Saved) -> str:
    """Write the address of a saved run behind the server's name: its settings as it went, and where it is found."""
    query = urlencode({**saved.query, "run": saved.id}, safe=":;,@*=")
    return f"/{PAGES.get(saved.kind, '')}?{query}"
