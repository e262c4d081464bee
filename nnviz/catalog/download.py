"""Fetching MNIST or Fashion-MNIST in the background, with progress and cancel."""

import logging
import ssl
import threading
import uuid
from collections.abc import Generator
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from nnviz.catalog.files import SOURCES, is_intact
from nnviz.words import errors
from nnviz.words.language import Message, Text, message
from nnviz.words.messages import DOWNLOAD

_PIECE = 1 << 16  # bytes between two looks at whether it was cancelled
_TUNNEL_407 = "Tunnel connection failed: 407"  # all that http.client tells of a proxy's answer
_ANSWERS = {403: DOWNLOAD["refused"], 407: DOWNLOAD["proxy"]}
_SILENCE = 15.0  # seconds without a byte after which a mirror counts as unreachable

_log = logging.getLogger(__name__)


class _CancelledError(Exception):
    """Nothing more is to be fetched."""


class _FailedError(Exception):
    """A mirror did not give a file; the text has a place for the data set, and for the values."""

    def __init__(self, text: Text, **values: object) -> None:
        super().__init__(text)
        self.text, self.values = text, values


class Download:
    """One download of a data set's files into the data folder; any thread may call its methods.

    Each file gets its name only once it is complete and checked, so none is ever left damaged.
    """

    def __init__(self, name: str) -> None:
        if name not in SOURCES:
            raise ValueError(message(errors.CHOICES["download"], name=name, choices=errors.listed(SOURCES)))
        self.name = name
        self._source = SOURCES[name]
        self._raw = self._source.raw()
        self._thread = threading.Thread(target=self._work, name=f"download-{name}", daemon=True)
        self._lock = threading.Lock()  # holds the three below
        self._state = "ready"
        self._message = self._told(DOWNLOAD["ready"], megabytes=self._source.megabytes)
        self._bytes = 0

    @property
    def state(self) -> str:
        """One of "ready", "running", "done", "failed" and "cancelled"."""
        with self._lock:
            return self._state

    @property
    def message(self) -> Message:
        """Where it stands, and what to do where it failed."""
        with self._lock:
            return self._message

    @property
    def progress(self) -> float:
        """The part of all bytes that is here, from 0 to 1."""
        with self._lock:
            return 1.0 if self._state == "done" else min(self._bytes / self._source.packed_bytes, 1.0)

    def start(self) -> None:
        """Begin in the background and return at once; a second call does nothing."""
        if self._move("ready", "running", DOWNLOAD["running"]):
            self._thread.start()

    def cancel(self) -> None:
        """Give up at once; the thread ends at the next piece, and files that are complete stay."""
        for state in ("ready", "running"):
            self._move(state, "cancelled", DOWNLOAD["cancelled"])

    def join(self, timeout: float | None = None) -> bool:
        """Wait until the thread has ended, for at most `timeout` seconds, and tell whether it has."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _move(self, before: str, state: str, text: Text, **values: object) -> bool:
        with self._lock:
            if self._state != before:
                return False
            self._state, self._message = state, self._told(text, **values)
            return True

    def _told(self, text: Text, **values: object) -> Message:
        return message(text, data=message(self._source.label), **values)

    def _work(self) -> None:
        """Fetch every file (this is the download's own thread)."""
        try:
            self._raw.mkdir(parents=True, exist_ok=True)
            for filename, md5 in self._source.known.resources:
                self._fetch(filename, md5)
            self._move("running", "done", DOWNLOAD["done"])
        except _CancelledError:
            pass  # `cancel` has said so
        except _FailedError as error:
            self._move("running", "failed", error.text, **error.values)
        except OSError as error:
            self._move("running", "failed", DOWNLOAD["folder"], folder=self._raw, reason=error.strerror)
        except Exception:  # a thread has no caller to tell
            _log.exception("the download of %s failed", self.name)
            self._move("running", "failed", DOWNLOAD["fault"])

    def _fetch(self, filename: str, md5: str) -> None:
        """Bring one file here from the first mirror that sends it whole."""
        if is_intact(self._raw / filename, md5):
            self._count((self._raw / filename).stat().st_size)
            return
        failures = []
        before = self._bytes
        for mirror in self._source.known.mirrors:
            try:
                self._fetch_from(mirror + filename, self._raw / filename, md5)
                return
            except _FailedError as error:
                failures.append(error)
                self._count(before - self._bytes)
        raise failures[0]

    def _fetch_from(self, url: str, path: Path, md5: str) -> None:
        from torchvision.datasets.utils import check_integrity  # slow to import, rarely needed

        # a name of its own, for two people may fetch the same file at once
        part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        try:
            with part.open("xb") as file, closing(_pieces(url)) as pieces:
                for piece in pieces:
                    self._count(len(piece))
                    file.write(piece)
            if not check_integrity(part, md5):
                raise _FailedError(DOWNLOAD["damaged"])
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _count(self, more: int) -> None:
        with self._lock:
            if self._state != "running":
                raise _CancelledError
            self._bytes += more


def _pieces(url: str) -> Generator[bytes]:
    """Read a file from the network; raises _FailedError when nothing (more) comes."""
    from torchvision.datasets.utils import USER_AGENT

    try:
        with urlopen(Request(url, headers={"User-Agent": USER_AGENT}), timeout=_SILENCE) as answer:
            while piece := answer.read1(_PIECE):
                yield piece
    except (OSError, HTTPException) as error:
        _log.info("%s: %s", url, error)
        if isinstance(error, HTTPError):
            error.close()
        raise _failed(error) from error


def _failed(error: Exception) -> _FailedError:
    """Say what went wrong on the way to a server, and what helps."""
    cause = getattr(error, "reason", error)  # of an URLError; a word where a server has answered
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _FailedError(DOWNLOAD["certificate"], reason=cause.verify_message)
    code = error.code if isinstance(error, HTTPError) else 407 if _TUNNEL_407 in str(cause) else None
    if code is None:
        return _FailedError(DOWNLOAD["silent"])
    return _FailedError(_ANSWERS.get(code, DOWNLOAD["error"]), code=code)
