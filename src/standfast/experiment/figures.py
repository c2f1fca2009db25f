"""The frame that every figure stands in, by matplotlib where it is installed."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from standfast.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_INCHES = (6.4, 4.8)
_DPI = 150


def has_matplotlib() -> bool:
    """Tell whether figures can be drawn."""
    return find_spec("matplotlib") is not None


@contextmanager
def figure_at(path: Path, inches: tuple[float, float] = _INCHES) -> Iterator[Any]:
    """Give a figure to draw in, and write it: the same bytes for the same content.

    Parameters
    ----------
    path
        Where to; its ending says whether as PNG or SVG.
    inches
        Width and height.

    Raises
    ------
    RunError
        Where matplotlib is not installed.
    """
    if not has_matplotlib():
        says = "figures need matplotlib, which is not installed"
        raise RunError(says, "Install it: pip install 'standfast[lab]'.")
    # a second to import, and not everybody has it
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with rc_context({"svg.hashsalt": "standfast", "svg.fonttype": "none"}):
        figure = Figure(figsize=inches, layout="constrained")
        yield figure
        figure.text(0.99, 0.005, "synthetic people; no forecast", ha="right", fontsize=6)
        svg = path.suffix == ".svg"
        figure.savefig(path, dpi=_DPI, metadata={"Date": None} if svg else None)
