"""A scenario file as plain objects, with the line and column of everything in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from standfast.errors import Problem

#: steps from the top of a file down to a value: keys of mappings, positions in lists
Path = tuple[str | int, ...]
Mark = tuple[int, int]
#: a mapping, list, text, number, boolean or None; what it should be is only known after the check
Plain = Any

_SHOWN = 60


def path_text(path: Sequence[str | int]) -> str:
    """Write a path the way messages show it.

    Examples
    --------
    >>> path_text(("events", 2, "place"))
    'events[2].place'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{printable(step)}" if text else printable(step)
    return text


def printable(value: object, length: int = _SHOWN) -> str:
    r"""Write a value short enough for a message, with nothing that a terminal would obey.

    Examples
    --------
    >>> printable("a" + chr(27) + "[31m"), printable(True), printable({"a": 1})
    ('a\\x1b[31m', 'true', 'a mapping')
    """
    safe = _safe(_plain(value))
    return safe if len(safe) <= length else safe[: length - 3] + "..."


def _safe(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _plain(value: object) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true" if value else "false"
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case int() if abs(value) >= 10**40:
            return "a whole number of more than 40 digits"
        case _:
            return str(value)


@dataclass
class Tree:
    """What a file holds, before anybody asks whether it makes sense.

    Attributes
    ----------
    data
        Mappings, lists, texts, numbers, booleans and None.
    marks
        Line and column, counted from 1, of the key or list item at each path.
    problems
        What reading itself found wrong, such as a key that stands twice.
    options
        Paths whose values come from the command line and not from the file.
    """

    data: Plain
    marks: dict[Path, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    options: set[Path] = field(default_factory=set)

    def mark(self, path: Path) -> Mark | tuple[None, None]:
        """Return the position of a path, or of the nearest thing above it that has one."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.marks:
                return self.marks[path[:end]]
        return (None, None)

    def problem(self, path: Path, says: str, advice: str = "") -> Problem:
        """Return a problem that knows its line, or that it was made by an option."""
        # names of the file may stand in these sentences, and a name may hold anything
        says, advice = _safe(says), _safe(advice)
        if any(path[:end] in self.options for end in range(1, len(path) + 1)):
            return Problem(f"--set {path_text(path)}", says, advice)
        line, column = self.mark(path)
        return Problem(path_text(path), says, advice, line, column)


def walk(data: Plain, path: Path = ()) -> Iterator[tuple[Path, Plain]]:
    """Yield every path below and including `path`, parents first, with what stands there."""
    waiting: list[tuple[Path, Plain]] = [(path, data)]
    while waiting:
        here, value = waiting.pop()
        yield here, value
        if isinstance(value, Mapping):
            waiting.extend(((*here, key), value[key]) for key in reversed(value))
        elif isinstance(value, (list, tuple)):
            waiting.extend(((*here, i), value[i]) for i in reversed(range(len(value))))
