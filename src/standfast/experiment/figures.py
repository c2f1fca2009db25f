"""The frame that every figure stands in, by matplotlib where it is installed."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from standfast.errors import Problem, RunError, ScenarioError
from standfast.scenario.names import suggest
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: kinds of files
KINDS = ("png", "svg")
_OPTION = "--figure"
_INCHES = (6.4, 4.8)
_DPI = 150
#: left, bottom, width and height of what is drawn; the note stands below
_ABOVE_NOTE = (0.0, 0.025, 1.0, 0.975)


def draws_figure(figure: str | None) -> bool:
    """Tell whether a figure is to be drawn; asked before anything is run.

    Parameters
    ----------
    figure
        ``"png"``, ``"svg"``, or None for a PNG where matplotlib is installed.

    Raises
    ------
    ScenarioError
        When there is no such kind.
    RunError
        When one is asked for, and matplotlib is not installed.

    Examples
    --------
    >>> draws_figure("svg")
    True
    """
    if figure is None:
        return find_spec("matplotlib") is not None
    if figure not in KINDS:
        says = f'is "{printable(figure)}", which is no kind of figure'
        raise ScenarioError(_OPTION, [Problem("", says, suggest(figure, KINDS, "kinds"))])
    _need_matplotlib()
    return True


def _need_matplotlib() -> None:
    if find_spec("matplotlib") is None:
        says = "figures need matplotlib, which is not installed"
        raise RunError(says, "Install it: pip install 'standfast[lab]'.")


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
    _need_matplotlib()
    # a second to import, and not everybody has it
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415

    with rc_context({"svg.hashsalt": "standfast", "svg.fonttype": "none"}):
        figure = Figure(figsize=inches, layout=ConstrainedLayoutEngine(rect=_ABOVE_NOTE))
        yield figure
        figure.text(0.99, 0.005, "synthetic people; no forecast", ha="right", fontsize=6)
        svg = path.suffix == ".svg"
        figure.savefig(path, dpi=_DPI, metadata={"Date": None} if svg else None)
