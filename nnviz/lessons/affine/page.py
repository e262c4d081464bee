"""The page of the lesson on affine maps."""

from nnviz.lessons.affine.page_controller import CONTROLLER
from nnviz.lessons.affine.page_fit import fit_section
from nnviz.lessons.affine.page_plane import plane_section

__all__ = ["CONTROLLER", "affine"]


def affine() -> None:
    """Draw the map of the plane, then the fit to data."""
    plane_section()
    fit_section()
