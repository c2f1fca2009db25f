"""What a page sent, read field by field; everything that is wrong is gathered, each under its field."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeGuard

from standfast.errors import Problem, RunError, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_TEXT = 300
_MOST_NUMBER = 1e9


class Asked:
    """Fields of a form, of whatever type a page sent.

    Parameters
    ----------
    fields
        As they came.

    Attributes
    ----------
    problems : list of Problem
        What is wrong so far; the path of each is the name of its field.
    """

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields
        self.problems: list[Problem] = []

    def wrong(self, field: str, says: str, advice: str = "") -> None:
        """Say that something is wrong with a field."""
        self.problems.append(Problem(field, says, advice))

    @contextmanager
    def under(self, field: str) -> Iterator[None]:
        """Put what is found wrong inside under a field."""
        try:
            yield
        except ScenarioError as error:
            for each in error.problems:
                self.wrong(field, f"{each.path} {each.says}".strip(), each.advice)
        except RunError as error:
            self.wrong(field, error.says, error.advice)

    def text(self, field: str) -> str:
        """Return a line of text; empty where none was given, or it was none."""
        value = self._fields.get(field)
        return "" if value is None else self._line(field, value)

    def texts(self, field: str, most: int) -> tuple[str, ...]:
        """Return lines of text without those that are empty or come again."""
        given = self._fields.get(field)
        if given is None:
            return ()
        if not _is_list(given) or len(given) > most:
            self.wrong(field, f"is no list of at most {most} lines", "Choose fewer.")
            return ()
        lines = [self._line(field, each) for each in given]
        return tuple(dict.fromkeys(line for line in lines if line))

    def _line(self, field: str, value: object) -> str:
        line = value.strip() if isinstance(value, str) else None
        if line is not None and len(line) <= MOST_TEXT and line.isprintable():
            return line
        self.wrong(field, "is no line of text", f"Write at most {MOST_TEXT} characters.")
        return ""

    def whole(self, field: str, least: int, most: int) -> int:
        """Return a whole number within bounds; the least where it was none."""
        value = self._fields.get(field)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(field, "is not a whole number", f"Write {least:,} to {most:,}.")
        elif not least <= value <= most:
            self.wrong(field, f"is {value:,}, but lies between {least:,} and {most:,}")
        else:
            return value
        return least

    def number(self, field: str, usual: float) -> float:
        """Return a number; the usual one where none was given, or it was none."""
        value = self._fields.get(field, usual)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # a page can send numbers that no float holds, and what is none
        if is_number and abs(value) <= _MOST_NUMBER:
            return float(value)
        self.wrong(field, "is not a number", f"Write one such as {usual:g}.")
        return usual


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
