"""A drawing surface for terminals: lines in Braille dots, two by four to a character."""

from __future__ import annotations

#: bit of each dot of a Braille character, by row and column (Unicode 15, chapter 21.1)
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BRAILLE = 0x2800
DOTS_ACROSS = 2
DOTS_DOWN = 4


class Canvas:
    """Characters in rows, drawn on by dots.

    Parameters
    ----------
    width, height
        Size in characters.

    Examples
    --------
    >>> canvas = Canvas(3, 1)
    >>> canvas.line(0, 0, 5, 0)
    >>> canvas.text()
    '⠉⠉⠉'
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._bits = [[0] * width for _ in range(height)]

    def dot(self, x: int, y: int) -> None:
        """Set a dot, counted from the upper left; dots outside are passed over."""
        column, row = x // DOTS_ACROSS, y // DOTS_DOWN
        if 0 <= column < self.width and 0 <= row < self.height:
            self._bits[row][column] |= _BITS[y % DOTS_DOWN][x % DOTS_ACROSS]

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a straight line between two dots; what lies outside is cut off."""
        if not self._may_show(x0, x1, self.width * DOTS_ACROSS):
            return
        if not self._may_show(y0, y1, self.height * DOTS_DOWN):
            return
        n_step = max(1, round(max(abs(x1 - x0), abs(y1 - y0))))
        for step in range(n_step + 1):
            along = step / n_step
            self.dot(round(x0 + along * (x1 - x0)), round(y0 + along * (y1 - y0)))

    @staticmethod
    def _may_show(start: float, end: float, size: int) -> bool:
        return max(start, end) >= 0 and min(start, end) < size

    def is_drawn(self, row: int, column: int) -> bool:
        """Tell whether a character has a dot."""
        return self._bits[row][column] != 0

    def character(self, row: int, column: int) -> str:
        """Return one character; a blank where nothing is drawn."""
        bits = self._bits[row][column]
        return chr(_BRAILLE + bits) if bits else " "

    def text(self) -> str:
        """Return the rows as text."""
        return "\n".join(
            "".join(self.character(row, column) for column in range(self.width))
            for row in range(self.height)
        )
