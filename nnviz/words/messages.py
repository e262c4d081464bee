"""What runs, searches and downloads have to tell, and how a change while training is written down."""

from nnviz.words.language import say, within

RUN = {
    "diverged": "The loss stopped being a finite number at update {step:,}: a smaller learning rate usually helps.",
    "ended": "Training stopped with {kind}: {reason}",
    "search_ended": "The search stopped with {kind}: {reason}",
    "trial_ended": "The test stopped with {kind}: {reason}",
    "nothing_to_try": "There is no network to test: this run could not be built.",
    "fault": "This run stopped with {kind}; details are in the server's log.",
    "queue": "As many runs as may train at once ({most}) do so; this one starts when one of them pauses or ends.",
}

CHANGE = {
    "from_to": "{knob} {before:g} → {after:g}",
    "to": "{knob} → {after:g}",
    "player": "{player}: {knob:within}",
    "batch_size": "Batch size",
    "weight": "Weight of layer {layer}, unit {unit}, for input {source}",
}
# Networks that learn against each other, as their names begin a line.
PLAYERS = {"generator": "Generator", "discriminator": "Discriminator"}


def player(name: str) -> str:
    """Name a player within a sentence."""
    return within(say(PLAYERS[name]))


DOWNLOAD = {
    "ready": "{data} is {megabytes} MB to download.",
    "running": "{data} is being downloaded.",
    "cancelled": "{data} was not downloaded: the download was cancelled.",
    "done": "{data} is on this machine now.",
    "folder": "{data} cannot be kept in {folder} ({reason}): set NNVIZ_DATA to a folder that can be written.",
    "fault": "{data} could not be downloaded: the server's log tells why.",
    "damaged": "{data} arrived damaged: press Download to try again.",
    "silent": "{data} could not be downloaded, for its server does not answer: check this machine's network and press "
    "Download again.",
    "refused": "{data} could not be downloaded, for it is refused (403 Forbidden) by its server or by something on the "
    "way there: try another network, or put the files into the data folder by hand.",
    "proxy": "{data} could not be downloaded, for the proxy of this network asks for a name and a password (407): "
    "write them into HTTPS_PROXY and HTTP_PROXY, as in http://name:password@proxy:8080, and start again.",
    "error": "{data} could not be downloaded, for its server answers with an error ({code}): press Download again "
    "later.",
    "certificate": "{data} could not be downloaded, for the certificate of its server cannot be verified ({reason}): "
    "check this machine's clock; where the network puts a certificate of its own in between, name its file in "
    "SSL_CERT_FILE and start again.",
}

FILES = {
    "absent": "{data} is not on this machine: press Download ({megabytes} MB), or set NNVIZ_DATA to a folder that has "
    "{part}.",
    "absent_passing": "{data} is not on this machine: press Download ({megabytes} MB), or set NNVIZ_DATA to a folder "
    "that has {part}. No other folder can be written, so {folder} keeps it, until the app ends.",
    "damaged": "{data} has a damaged file, {path}: press Download to fetch it again, or replace it by hand.",
}
