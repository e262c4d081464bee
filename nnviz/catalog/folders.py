"""Where data files are kept: where the user says, in the user's cache, or in a temporary folder."""

import atexit
import os
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path


def data_folder(part: str = "") -> Path:
    """Where data files are read and kept: NNVIZ_DATA, else a cache folder of the user's own.

    Where that has not the part that is asked for and cannot be written, a temporary folder takes its place.
    """
    if named := os.environ.get("NNVIZ_DATA"):
        return _expanded(Path(named))
    usual = _cache_folder()
    if usual is not None and ((part and (usual / part).is_dir()) or can_be_written(usual)):
        return usual
    return temporary_folder() or usual or Path("nnviz")


def is_passing(folder: Path) -> bool:
    """Tell whether a folder goes away when the app ends."""
    return temporary_folder.cache_info().currsize > 0 and folder == temporary_folder()


def can_be_written(folder: Path) -> bool:
    """Tell whether files can be put into a folder, which may have to be made first."""
    nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


@cache
def temporary_folder() -> Path | None:
    """Make the one temporary folder of this process, which takes it away at its end; None where there is no place."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="nnviz-"))
    except OSError:
        return None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _cache_folder() -> Path | None:
    variable, usual = ("LOCALAPPDATA", "AppData/Local") if sys.platform == "win32" else ("XDG_CACHE_HOME", ".cache")
    if named := os.environ.get(variable):
        return Path(named) / "nnviz"
    try:
        return Path.home() / usual / "nnviz"
    except RuntimeError:  # a user without a name has no home
        return None


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        return path
