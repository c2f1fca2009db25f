"""Refuses files that carry data about single persons.

standfast works on aggregates: strengths, shares, places. A file with a column for names or
addresses is turned away whole, whatever else is right about it, and no message repeats what
stood in it: neither values nor the keys around them, which may be names themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from standfast.errors import Problem
from standfast.scenario.person_values import is_card, personal_records, personal_rows, personal_text
from standfast.scenario.person_words import FILLERS, PERSON_FIELDS, ROSTERS, SHORT_FIELDS, normal
from standfast.scenario.tree import Path, Plain, Tree, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

#: legal in these mappings although the word is on the list above: shares and counts
_AGGREGATES = {("population", "phones")}
#: sections of a scenario that hold records of places, roads and forces; their fields are checked by
#: the schema, and titles beside coordinates and dates are what they are made of
_OURS = {(name,) for name in ("places", "roads", "forces", "events", "interventions")}
_SEPARATOR = re.compile(r"\s*[,;\t|،；，]\s*")
_LINES = 400
_HEADERS = frozenset({"columns", "column", "fields", "header", "headers"})

_ADVICE = (
    "standfast takes aggregates only: unit strengths, shares, places. "
    "Remove everything that describes single persons; nothing of it was kept."
)


def check_no_persons(tree: Tree) -> list[Problem]:
    """Return a problem for whatever is about single persons, without repeating what it holds.

    Examples
    --------
    >>> [p.says for p in check_no_persons(Tree({"rows": [{"surname": "x"}]}))]
    ['carries "surname", a field about single persons']
    """
    found = [
        (path, f'carries "{field}", a field about single persons')
        for path, field in _person_fields(tree.data)
    ]
    found = found or [
        (path, f"carries {what}, which is about single persons")
        for path, what in _person_values(tree.data)
    ]
    return [Problem("", says, _ADVICE, *tree.mark(path)) for path, says in found]


def check_no_table(text: str) -> list[Problem]:
    """Return a problem when the text is a table of persons, with or without heads of columns.

    Examples
    --------
    >>> len(check_no_table("rank;surname;phone")), len(check_no_table("standfast: 1"))
    (1, 0)
    """
    lines = text.splitlines()[:_LINES]
    for number, line in enumerate(lines[:20], start=1):
        columns = [cell for cell in _SEPARATOR.split(line) if cell.strip()]
        if len(columns) > 1 and (":" not in line and "=" not in line) and (found := _head(columns)):
            says = f'begins like a table with a column "{found}", which describes single persons'
            return [Problem("", says, _ADVICE, number)]
    rows = [
        (number, _SEPARATOR.split(line)) for number, line in enumerate(lines, 1) if line.strip()
    ]
    rows = [(number, row) for number, row in rows if len(row) > 1]
    # most lines of a table are rows of it; a scenario has few lines with commas and more without
    if len(rows) > 0.6 * len(lines) and (what := personal_rows([row for _, row in rows])):
        says = f"is a table with {what}, which is about single persons"
        return [Problem("", says, _ADVICE, rows[0][0])]
    cards = [number for number, line in enumerate(lines, 1) if is_card(line)]
    if len(cards) > 2:
        return [
            Problem("", "holds cards of addresses, which are of single persons", _ADVICE, cards[0])
        ]
    return []


def _head(columns: Sequence[str]) -> str | None:
    """Return the first column that only makes sense for one person; None when there is none."""
    found = [field for column in columns if (field := _field(column))]
    short = [normal(column) for column in columns if normal(column) in SHORT_FIELDS]
    return found[0] if found else (short[0] if len(short) > 1 else None)


def _field(column: str) -> str | None:
    """Return the field about persons that a head means: "Soldier Name", "mobile no. 2"."""
    name = normal(column)
    if name in PERSON_FIELDS:
        return name
    parts = [part for part in name.rstrip("0123456789").split("_") if part not in FILLERS]
    core = "_".join(part for part in parts if not part.isdecimal())
    return core if core in PERSON_FIELDS else None


def person_columns(columns: Iterable[str]) -> list[str]:
    """Return the columns of a table that describe single persons.

    Examples
    --------
    >>> person_columns(["latitude", "Phone Number", "surname"])
    ['phone_number', 'surname']
    """
    return [name for name in map(_field, columns) if name]


def _person_fields(data: Plain) -> Iterator[tuple[Path, str]]:
    for path, value in walk(data):
        field = normal(path[-1]) if path and isinstance(path[-1], str) else ""
        if (field in PERSON_FIELDS and path not in _AGGREGATES) or (
            field in ROSTERS and _holds_records(value)
        ):
            yield path, field
        elif isinstance(value, (list, tuple)):
            heads = [item for item in value if isinstance(item, str)]
            found = [head for head in heads if normal(head) in PERSON_FIELDS]
            if found and (len(found) > 1 or field in _HEADERS):
                yield path, normal(found[0])


def _person_values(data: Plain) -> Iterator[tuple[Path, str]]:
    for path, value in walk(data):
        if isinstance(value, str):
            what = personal_text(value)
        elif isinstance(value, (Mapping, list, tuple)) and path not in _OURS:
            what = personal_records(value)
        else:
            what = None
        if what is not None:
            yield path, what


def _holds_records(value: Plain) -> bool:
    if isinstance(value, Mapping):
        # a force or place may be called "recruits"; what it holds are its own fields
        if "title" in value and ("paper" in value or "latitude" in value):
            return False
        return any(isinstance(item, (Mapping, list)) for item in value.values())
    return isinstance(value, (list, tuple)) and bool(value)
