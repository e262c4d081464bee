"""The files that the browser fetches: our scripts, styles and films, and the plot library of the installed package."""

import gzip
import hashlib
import importlib.util
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

FOLDER = Path(__file__).resolve().parents[3] / "static"
OTHERS = FOLDER / "vendor"  # what is not ours
PLANE = "plotly-cartesian.min.js"  # the part of the plot library that draws in a plane
TYPES = {".js": "text/javascript", ".css": "text/css", ".gif": "image/gif", ".png": "image/png"}
_FOR_EVER = "public, max-age=31536000, immutable"


@cache
def plotly_source() -> Path:
    """Find the plot library that the installed plotly package brings, without importing the package."""
    found = importlib.util.find_spec("plotly")
    if found is None or found.origin is None:
        raise FileNotFoundError("the package plotly is not installed")
    return Path(found.origin).parent / "package_data" / "plotly.min.js"


def served(folder: Path = FOLDER) -> dict[str, Path]:
    """List what is offered: its name in the browser and its file."""
    files = [file for place in (folder, OTHERS) for file in place.iterdir() if file.suffix in TYPES]
    return {**{file.name: file for file in files}, "plotly.min.js": plotly_source()}


def fingerprint(path: Path) -> str:
    """Name a file's content in 12 characters."""
    return _digest(path, path.stat().st_mtime_ns)


@cache
def _digest(path: Path, changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def version(folder: Path = FOLDER) -> str:
    """Name the content of all files together: one changed file gives all of them a new address."""
    parts = "".join(name + fingerprint(path) for name, path in sorted(served(folder).items()))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def address(name: str) -> str:
    """Name one of the files where the browser finds it, seen from any page."""
    return f"nnviz/{version()}/{name}"


def scripts() -> dict[str, str]:
    """List our scripts and their addresses, for a page that fetches them all at once."""
    folder = address("")  # asked for once: it looks at all files, and every run of a page's script comes by here
    return {name: folder + name for name in sorted(file.name for file in FOLDER.glob("*.js"))}


def script_import(name: str) -> str:
    """Write the few words of JavaScript by which a component loads one of our scripts."""
    return f"const m = await import(new URL('{address(name)}', document.baseURI).href);\nexport default m.default;"


async def send(request: Request) -> Response:
    """Answer with a file, to be kept for ever where the address names its content."""
    path = served().get(request.path_params["name"])
    if path is None:
        return PlainTextResponse("not found", status_code=404)
    is_current = request.path_params["version"] == version()  # it is not after an edit, until the server starts again
    headers = {"Cache-Control": _FOR_EVER if is_current else "no-cache", "X-Content-Type-Options": "nosniff"}
    kind = TYPES[path.suffix]
    if not kind.startswith("text/") or "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(path, headers=headers, media_type=kind)
    headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(_packed(path, path.stat().st_mtime_ns), headers=headers, media_type=kind)


@cache
def _packed(path: Path, changed_ns: int) -> bytes:
    """Pack a file once: to pack the plot library for each visitor takes longer than all else of a page's files."""
    return gzip.compress(path.read_bytes(), mtime=0)


async def attend(socket: WebSocket) -> None:
    """Serve a board's line; what that stands on may not be loaded before it is needed."""
    from nnviz.ui.push.channel import channel

    await channel().attend(socket)


def routes() -> list[BaseRoute]:
    """Offer files and lines below the app's own address; call it once the settings of the server are known."""
    base = f"/{st.get_option('server.baseUrlPath').strip('/')}/nnviz".replace("//", "/")
    return [Route(base + "/{version}/{name}", send), WebSocketRoute(f"{base}/live", attend)]
