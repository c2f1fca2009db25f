"""Bytes to a tree, without trusting the bytes: YAML and JSON.

The file is read as a stream of events, which costs no recursion, and counted before anything is
built: size, depth, number of values. Aliases and tags are refused, so 200 bytes cannot become
200 megabytes, and a key that stands twice is a problem and not a silent choice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from standfast.errors import Problem
from standfast.scenario.scalars import AmbiguousScalarError, read_plain
from standfast.scenario.tree import Mark, Path, Plain, Tree, path_text, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 2_000_000
MAX_DEPTH = 24
MAX_VALUES = 100_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# an escaped backslash, which is passed over, or the two halves of a character beyond 16 bits
_HALVES = re.compile(r"(\\\\)|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
# the C parser is twenty times faster; a wheel without it still reads the same events
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ReadingError(Exception):
    """Reading cannot go on; carries the one problem that stopped it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.render())
        self.problem = problem


def decode(content: bytes) -> str:
    """Return the text of a file.

    Raises
    ------
    ReadingError
        When it is too long, or not UTF-8 text.

    Examples
    --------
    >>> decode(b"standfast: 1")
    'standfast: 1'
    """
    if len(content) > MAX_BYTES:
        msg = f"has more than {MAX_BYTES:,} bytes"
        raise _stop(
            msg,
            "A scenario holds aggregates and is a few thousand lines at most.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = "is not UTF-8 text"
        raise _stop(msg, "Save the file as UTF-8.", line) from None
    if strange := _CONTROL.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        says = f"holds the control character {ord(strange[0]):#04x}"
        raise _stop(says, "A scenario is a text file: YAML, JSON or TOML.", line)
    return text


def read_yaml(text: str) -> Tree:
    r"""Read YAML or JSON text.

    Raises
    ------
    ReadingError
        When the text has no structure that could be read to its end.

    Examples
    --------
    >>> tree = read_yaml("time:\n  step: 1 h")
    >>> tree.data, tree.marks["time", "step"]
    ({'time': {'step': '1 h'}}, (2, 3))
    """
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error) from None
    except yaml.YAMLError:
        msg = "cannot be read as YAML"
        raise _stop(msg, "Save the file as plain UTF-8 text.") from None
    return builder.tree()


def read_json(text: str) -> Tree:
    """Read JSON text: as YAML, which holds all of JSON but characters written as two halves.

    Raises
    ------
    ReadingError
        When the text has no structure that could be read to its end.

    Examples
    --------
    >>> read_json('{"time": {"step": "1 h"}}').marks["time", "step"]
    (1, 11)
    """
    return read_yaml(_HALVES.sub(_whole_character, text))


def _whole_character(found: re.Match[str]) -> str:
    if found[2] is None:
        return found[0]
    return chr(0x10000 + ((int(found[2], 16) - 0xD800) << 10) + int(found[3], 16) - 0xDC00)


def _unreadable(error: yaml.MarkedYAMLError) -> ReadingError:
    here, begun = error.problem_mark, error.context_mark
    parts = [error.context, error.problem]
    if here and begun and begun.line != here.line:
        parts.insert(1, f"begun in line {begun.line + 1}")
    mark = here or begun
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    says = "cannot be read: " + printable(" ".join(part for part in parts if part), 200)
    advice = "Look at the indentation, the colons and the quotes here and just above."
    return ReadingError(Problem("", says, advice, line, column))


def _stop(says: str, advice: str = "", line: int | None = None) -> ReadingError:
    return ReadingError(Problem("", says, advice, line))


def _events(text: str) -> Iterator[yaml.Event]:
    return iter(yaml.parse(text, Loader=_Loader))


class _Open:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("items", "key", "path")

    def __init__(self, path: Path, items: dict[str, Plain] | list[Plain]) -> None:
        self.path = path
        self.items = items
        self.key: str | None = None


class _Builder:
    """Turns events into plain objects, one event at a time."""

    def __init__(self) -> None:
        self.marks: dict[Path, Mark] = {}
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.n_value = 0
        self.n_document = 0
        self.data: Any = None

    def tree(self) -> Tree:
        return Tree(self.data, self.marks, self.problems)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_extras(event)
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._refuse_extras(event)
            self._begin(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise self._halt(
                event, "uses an alias (*), which standfast does not read", "Write the value out."
            )
        elif isinstance(event, yaml.DocumentStartEvent):
            self.n_document += 1
            if self.n_document > 1:
                raise self._halt(
                    event, "begins a second document (---)", "One file holds one scenario."
                )

    def _refuse_extras(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        self.n_value += 1
        if self.n_value > MAX_VALUES:
            raise self._halt(
                event, f"has more than {MAX_VALUES:,} values", "A scenario holds aggregates."
            )
        if event.anchor is not None:
            raise self._halt(
                event, "sets an anchor (&), which standfast does not read", "Write the value out."
            )
        if event.tag is not None:
            raise self._halt(
                event, f"carries the tag {printable(event.tag)}", "Write the plain value."
            )

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        parent = self.stack[-1] if self.stack else None
        if parent is not None and isinstance(parent.items, dict) and parent.key is None:
            self._name(parent, event)
            return
        path = self._place(event)
        self._put(self._value(event, path))

    def _value(self, event: yaml.ScalarEvent, path: Path) -> Plain:
        if event.style:
            return event.value
        try:
            return read_plain(event.value)
        except AmbiguousScalarError as error:
            line, column = self.marks[path]
            self.problems.append(Problem(path_text(path), error.says, error.advice, line, column))
            return event.value

    def _name(self, parent: _Open, event: yaml.ScalarEvent) -> None:
        key, mark = event.value, _mark(event)
        path = (*parent.path, key)
        if path in self.marks:
            first = self.marks[path][0]
            says = f"stands twice, first in line {first}"
            self.problems.append(Problem(path_text(path), says, "Keep one of the two.", *mark))
        self.marks[path] = mark
        parent.key = key

    def _begin(self, event: yaml.Event) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise self._halt(
                event,
                f"is nested more than {MAX_DEPTH} levels deep",
                "No scenario needs more than ten.",
            )
        parent = self.stack[-1] if self.stack else None
        if parent is not None and isinstance(parent.items, dict) and parent.key is None:
            raise self._halt(event, "uses a list or mapping as a key", "A key is one word.")
        items: dict[str, Plain] | list[Plain] = (
            {} if isinstance(event, yaml.MappingStartEvent) else []
        )
        path = self._place(event)
        self._put(items)
        self.stack.append(_Open(path, items))

    def _place(self, event: yaml.Event) -> Path:
        """Return the path at which the next value goes, and remember where it stands."""
        if not self.stack:
            path: Path = ()
        elif isinstance(self.stack[-1].items, list):
            path = (*self.stack[-1].path, len(self.stack[-1].items))
        else:
            path = (*self.stack[-1].path, self.stack[-1].key or "")
        self.marks.setdefault(path, _mark(event))
        return path

    def _put(self, value: Plain) -> None:
        if not self.stack:
            self.data = value
            return
        parent = self.stack[-1]
        if isinstance(parent.items, list):
            parent.items.append(value)
        else:
            # a key that stands twice keeps its first value; the problem is already noted
            parent.items.setdefault(parent.key or "", value)
            parent.key = None

    def _halt(self, event: yaml.Event, says: str, advice: str) -> ReadingError:
        # a dangerous file must not choose how long its message is: no path, only the line
        return ReadingError(Problem("", says, advice, *_mark(event)))


def _mark(event: yaml.Event) -> Mark:
    start: Plain = event.start_mark
    return (start.line + 1, start.column + 1)
