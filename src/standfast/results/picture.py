"""A drawing by matplotlib, shown by a notebook and saved with the same bytes each time."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.errors import FileError, RunError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI, _SCREEN_DPI = 200, 100
#: what a file says of itself, by its ending; the date would change its bytes
_METADATA: dict[str, dict[str, Any]] = {
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
    ".png": {},
}
_NOTE = "synthetic people; no forecast"


def new_figure(inches: tuple[float, float]) -> Figure:
    """Return an empty figure of a size, in no window and known to no other library.

    Raises
    ------
    RunError
        Where matplotlib is not installed.
    """
    if find_spec("matplotlib") is None:
        says = "figures need matplotlib, which is not installed"
        raise RunError(says, "Install it: pip install 'standfast[lab]'.")
    # a second to import, and not everybody has it
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=inches, layout="constrained")
    figure.text(0.995, 0.005, _NOTE, ha="right", fontsize=6, color="0.4")
    return figure


class Picture:
    """A figure that shows itself in a notebook.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        To be changed as one likes.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure

    def save(self, path: str | Path) -> Path:
        """Write it as PNG, SVG or PDF, by the ending of the name, and return the path.

        Raises
        ------
        FileError
            When the ending is another one, or the file cannot be written.
        """
        path = Path(path)
        if path.suffix not in _METADATA:
            raise FileError(
                path, "does not end in .png, .svg or .pdf", "Give one of these endings."
            )
        try:
            path.write_bytes(self._draw(path.suffix, _DPI))
        except OSError as error:
            raise FileError(path, f"cannot be written: {error.strerror}") from error
        return path

    def _draw(self, ending: str, dpi: int) -> bytes:
        from matplotlib import rc_context  # noqa: PLC0415 - as above

        drawn = BytesIO()
        with rc_context({"svg.hashsalt": "standfast", "svg.fonttype": "none"}):
            self.figure.savefig(drawn, format=ending[1:], dpi=dpi, metadata=_METADATA[ending])
        return drawn.getvalue()

    def _repr_png_(self) -> bytes:
        return self._draw(".png", _SCREEN_DPI)

    def __repr__(self) -> str:
        width, height = self.figure.get_size_inches()
        return f"<standfast.Picture {width:g} x {height:g} inches>"
