"""The files that the browser fetches from the `static` folder."""

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"


def plotly_source() -> Path:
    """Find the plot library that the installed plotly package brings, without importing the package."""
    found = importlib.util.find_spec("plotly")
    if found is None or found.origin is None:
        raise FileNotFoundError("the package plotly is not installed")
    return Path(found.origin).parent / "package_data" / "plotly.min.js"


def provide_plotly(folder: Path = STATIC) -> Path | None:
    """Copy the plot library to the served folder unless it is there; returns the path if that cannot be written."""
    source, target = plotly_source(), folder / "plotly.min.js"
    if target.is_file() and fingerprint(target) == fingerprint(source):
        return None
    try:
        folder.mkdir(exist_ok=True)
        fresh = target.with_suffix(".part")
        fresh.write_bytes(source.read_bytes())
        fresh.replace(target)  # never half a file, even when two servers start at once
    except OSError:
        return target
    return None


def fingerprint(path: Path) -> str:
    """Name a file's content in 12 characters."""
    return _digest(path, path.stat().st_mtime_ns)


@cache
def _digest(path: Path, changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def board_version(folder: Path = STATIC) -> str:
    """Name the content of all of the board's scripts together: one changed part gives all of them a new address."""
    parts = "".join(fingerprint(path) for path in sorted(folder.glob("nnviz_*.js")))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def board_import() -> str:
    """Write the few words of JavaScript that load the board, with addresses that change with the files."""
    address = f"app/static/nnviz_board.js?v={board_version()}&plotly={fingerprint(plotly_source())}"
    return f"const m = await import(new URL('{address}', document.baseURI).href);\nexport default m.default;"
