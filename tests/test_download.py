import gzip
import hashlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast
from urllib.error import URLError
from urllib.request import OpenerDirector, build_opener, install_opener

import pytest
import torch
import torchvision.datasets

from nnviz.catalog.datasets import DATASETS
from nnviz.catalog.download import Download
from nnviz.catalog.files import SOURCES, UNPACKED, missing
from nnviz.specs.experiment import Choice

ENOUGH = 30.0  # seconds, for what takes milliseconds
FILES = {f"{name}.gz": gzip.compress(name.encode() * 10_000, 0) for name in UNPACKED}


class Mirror(ThreadingHTTPServer):
    """Serves `files` on this machine; where `is_slow`, the second half of each waits for `go_on`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = dict(FILES)
        self.asked: list[str] = []
        self.is_slow = False
        self.refuses_with = 0  # a status
        self.go_on = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Answer(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        name = self.path[1:]
        self.server.asked.append(name)
        if self.server.refuses_with:
            self.send_error(self.server.refuses_with)
            return
        if name not in self.server.files:
            self.send_error(404)
            return
        body = self.server.files[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body[: len(body) // 2])
            if self.server.is_slow:
                self.server.go_on.wait(ENOUGH)
            self.wfile.write(body[len(body) // 2 :])
        except ConnectionError:
            pass  # the download was cancelled

    do_CONNECT = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.go_on.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def raw(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let MNIST be four small files on the mirror, and give the folder where they should arrive."""
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [mirror.address])
    resources = [(name, hashlib.md5(body).hexdigest()) for name, body in FILES.items()]
    monkeypatch.setattr(torchvision.datasets.MNIST, "resources", resources)
    total = sum(map(len, FILES.values()))
    monkeypatch.setitem(SOURCES, "mnist", replace(SOURCES["mnist"], packed_bytes=total))
    return tmp_path / "MNIST" / "raw"


def finished() -> Download:
    download = Download("mnist")
    download.start()
    assert download.join(ENOUGH)
    return download


def under_way(mirror: Mirror) -> Download:
    """Start a download and wait until half of its first file is here."""
    mirror.is_slow = True
    download = Download("mnist")
    download.start()
    for _ in range(int(ENOUGH / 0.01)):
        if download.progress > 0.1:
            return download
        mirror.go_on.wait(0.01)
    raise AssertionError("nothing arrived")


def arrived(raw: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in raw.iterdir()}


def test_a_download_brings_every_file_and_nothing_else(raw: Path) -> None:
    assert missing("mnist") is not None
    download = finished()
    assert (download.state, download.progress) == ("done", 1.0)
    assert str(download.message) == "MNIST is on this machine now."
    assert arrived(raw) == FILES
    assert missing("mnist") is None


def test_a_download_waits_for_its_start(mirror: Mirror, raw: Path) -> None:
    download = Download("mnist")
    assert (download.state, download.progress) == ("ready", 0.0)
    assert download.join(0)
    assert mirror.asked == []
    assert not raw.exists()


def test_progress_tells_the_part_that_is_here(mirror: Mirror, raw: Path) -> None:
    download = under_way(mirror)
    assert download.state == "running"
    assert download.progress < 0.25
    assert not download.join(0)
    mirror.go_on.set()
    assert download.join(ENOUGH)
    assert download.progress == 1.0


def test_starting_twice_downloads_once(mirror: Mirror, raw: Path) -> None:
    download = under_way(mirror)
    download.start()
    mirror.go_on.set()
    assert download.join(ENOUGH)
    download.start()
    assert mirror.asked == list(FILES)


def test_cancelling_midway_leaves_nothing_behind(mirror: Mirror, raw: Path) -> None:
    download = under_way(mirror)
    assert len(arrived(raw)) == 1  # the unfinished one, under a name of its own
    download.cancel()
    assert download.state == "cancelled"
    mirror.go_on.set()
    assert download.join(ENOUGH)
    assert (download.state, arrived(raw)) == ("cancelled", {})
    assert "cancelled" in str(download.message)


def test_cancelling_before_the_start_means_no_start(mirror: Mirror, raw: Path) -> None:
    download = Download("mnist")
    download.cancel()
    download.start()
    assert download.join(ENOUGH)
    assert (download.state, mirror.asked) == ("cancelled", [])


def test_cancelling_after_the_end_changes_nothing(raw: Path) -> None:
    download = finished()
    download.cancel()
    assert (download.state, arrived(raw)) == ("done", FILES)


def test_a_new_download_fetches_only_what_is_not_here(mirror: Mirror, raw: Path) -> None:
    finished()
    last = list(FILES)[-1]
    (raw / last).write_bytes(b"damaged")
    mirror.asked.clear()
    assert finished().state == "done"
    assert mirror.asked == [last]
    assert arrived(raw) == FILES


def test_a_wrong_checksum_is_a_sentence_and_leaves_no_file(mirror: Mirror, raw: Path) -> None:
    first = next(iter(FILES))
    mirror.files[first] = FILES[first][:-1] + b"?"
    download = finished()
    assert download.state == "failed"
    assert str(download.message) == "MNIST arrived damaged: press Download to try again."
    assert arrived(raw) == {}
    assert download.progress == 0.0


def test_a_file_that_stops_midway_is_damaged(mirror: Mirror, raw: Path) -> None:
    first = next(iter(FILES))
    mirror.files[first] = FILES[first][:1000]
    assert finished().state == "failed"
    assert arrived(raw) == {}


def closed_port() -> str:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return f"http://127.0.0.1:{server.server_port}/"


def test_offline_is_a_sentence_that_says_what_to_do(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [closed_port(), closed_port()])
    download = finished()
    assert download.state == "failed"
    assert "check this machine's network and press Download again." in str(download.message)
    assert arrived(raw) == {}


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (403, "it is refused (403 Forbidden) by its server or by something on the way there: try another network"),
        (404, "its server answers with an error (404): press Download again later."),
        (500, "its server answers with an error (500): press Download again later."),
    ],
)
def test_a_server_that_refuses_is_a_sentence(mirror: Mirror, raw: Path, status: int, sentence: str) -> None:
    mirror.refuses_with = status
    download = finished()
    assert download.state == "failed"
    assert str(download.message).startswith(f"MNIST could not be downloaded, for {sentence}")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_is_a_sentence(
    mirror: Mirror, raw: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    mirror.refuses_with = 407
    for name in (f"{scheme}_proxy", f"{scheme.upper()}_PROXY"):
        monkeypatch.setenv(name, mirror.address)
    install_opener(build_opener())  # the usual one has read its proxies at its first use
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [f"{scheme}://mnist.invalid/"])
    message = str(finished().message)
    install_opener(cast(OpenerDirector, None))
    assert "the proxy of this network asks for a name and a password (407): write them into HTTPS_PROXY" in message


def test_a_certificate_that_is_not_trusted_is_a_sentence(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*asked: object, **how: object) -> None:
        error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
        error.verify_message = "self-signed certificate in certificate chain"
        raise URLError(error)

    monkeypatch.setattr("nnviz.catalog.download.urlopen", refuse)
    message = str(finished().message)
    assert "cannot be verified (self-signed certificate in certificate chain): check this machine's clock" in message
    assert "SSL_CERT_FILE" in message


def test_the_second_mirror_helps_where_the_first_is_gone(
    mirror: Mirror, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [closed_port(), mirror.address])
    assert finished().state == "done"
    assert arrived(raw) == FILES


def test_a_folder_that_cannot_be_written_is_a_sentence(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    monkeypatch.setenv("NNVIZ_DATA", str(blocked))
    download = finished()
    assert download.state == "failed"
    assert f"cannot be kept in {blocked / 'MNIST' / 'raw'}" in str(download.message)
    assert str(download.message).endswith("set NNVIZ_DATA to a folder that can be written.")


def test_only_data_sets_with_files_can_be_downloaded() -> None:
    with pytest.raises(ValueError, match="'moons' is not a data set to download; choose one of mnist, fashion_mnist"):
        Download("moons")


@pytest.mark.parametrize("name", SOURCES)
def test_the_real_files_can_be_trained_on_once_downloaded(
    name: str, data_folder: Path, mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = SOURCES[name]
    mirror.files = {path.name: path.read_bytes() for path in source.raw(data_folder).glob("*.gz")}
    monkeypatch.setattr(source.known, "mirrors", [mirror.address])
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    download = Download(name)
    download.start()
    assert download.join(ENOUGH)
    assert (download.state, missing(name)) == ("done", None)
    values = DATASETS[name].values(Choice.of(name, normalisation="none"))
    assert len(DATASETS[name].build(torch.Generator(), **values).train_x) == 60_000
