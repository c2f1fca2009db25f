"""TOML to a tree, with lines found as well as the format allows."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time

from standfast.errors import Problem
from standfast.scenario.reading import MAX_DEPTH, MAX_VALUES, ReadingError
from standfast.scenario.tree import Mark, Path, Plain, Tree, printable, walk

_MAX_CHARACTERS = 500_000
_TABLE = re.compile(r"\s*(\[\[?)([^\]]{1,400})\]")
_KEY = re.compile(
    r"""\s*((?:[\w-]+|"[^"]{0,200}"|'[^']{0,200}')(?:\s*\.\s*(?:[\w-]+|"[^"]{0,200}"|'[^']{0,200}')){0,23})\s*="""
)
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_WHERE = re.compile(r" \(at line (\d+), column (\d+)\)\Z")
# long dotted keys cost the parser the square of their length
_DOTS = re.compile(r"(?:[\w-]+\s*\.\s*){30}")


def read_toml(text: str) -> Tree:
    r"""Read TOML text.

    Raises
    ------
    ReadingError
        When it is no TOML, or too long or too deep.

    Examples
    --------
    >>> tree = read_toml('[time]\nstep = "1 h"')
    >>> tree.data, tree.marks["time", "step"]
    ({'time': {'step': '1 h'}}, (2, 1))
    """
    if len(text) > _MAX_CHARACTERS:
        msg = f"has more than {_MAX_CHARACTERS:,} characters"
        raise _stop(msg, "Longer scenarios are written in YAML.")
    if deep := _DOTS.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        msg = "has a key of more than 30 parts"
        raise _stop(msg, "No scenario needs more than ten.", line)
    try:
        data = tomllib.loads(text)
    except RecursionError:
        msg = f"is nested more than {MAX_DEPTH} levels deep"
        raise _stop(msg, "No scenario needs more than ten.") from None
    except ValueError as error:
        where = _WHERE.search(str(error))
        mark = (int(where[1]), int(where[2])) if where else (None, None)
        says = "cannot be read: " + printable(_WHERE.sub("", str(error)), 200)
        raise ReadingError(
            Problem("", says, "Look at the quotes and brackets here.", *mark)
        ) from None
    _measure(data)
    return Tree(_plain(data), _marks(text))


def _stop(says: str, advice: str, line: int | None = None) -> ReadingError:
    return ReadingError(Problem("", says, advice, line))


def _measure(data: Plain) -> None:
    for count, (path, _) in enumerate(walk(data)):
        if len(path) > MAX_DEPTH:
            msg = f"is nested more than {MAX_DEPTH} levels deep"
            raise _stop(msg, "No scenario needs more than ten.")
        if count > MAX_VALUES:
            msg = f"has more than {MAX_VALUES:,} values"
            raise _stop(msg, "A scenario holds aggregates.")


def _plain(value: Plain) -> Plain:
    """Turn dates into text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return value


def _marks(text: str) -> dict[Path, Mark]:
    """Find the line of tables and keys; keys inside inline tables have the line of their table."""
    marks: dict[Path, Mark] = {(): (1, 1)}
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        column = len(line) - len(line.lstrip()) + 1
        if found := _TABLE.match(line):
            table = _parts(found[2])
            if found[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            marks.setdefault(table, (number, column))
        elif found := _KEY.match(line):
            marks.setdefault((*table, *_parts(found[1])), (number, column))
    return marks


def _parts(key: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(key))
