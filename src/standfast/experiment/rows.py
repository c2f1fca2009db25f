"""Rows of a sweep as a table: every column of one type, whatever is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from standfast.experiment.ledger import Entry

#: columns that say which run a row is, before those that say what came of it
WHICH = ("label", "scenario", "scenario_sha256", "seed", "replicate", "key")
_TEXT = {"verdict", "last_place_lost", "label", "scenario", "scenario_sha256", "key"}
_WHOLE = {"replicate", "departures", "resolute_departures", "places_lost"}


def columns_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the columns that any of the entries has, in the order in which they first appear."""
    columns = dict.fromkeys(WHICH)
    for entry in entries:
        columns |= dict.fromkeys(json.loads(entry.row))
    return tuple(columns)


def build_table(entries: Sequence[Entry], columns: Sequence[str]) -> pa.Table:
    """Return entries as an Arrow table with the given columns, null where a row lacks one."""
    rows = [_cells(entry) for entry in entries]
    arrays = [pa.array([row.get(name) for row in rows], type_of(name)) for name in columns]
    return pa.table(arrays, names=list(columns))


def _cells(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(entry.row)
    return row | {name: getattr(entry, name) for name in WHICH}


def type_of(column: str) -> pa.DataType:
    """Return the Arrow type of a column, which its name decides."""
    last = column.rpartition(".")[2]
    if last in _TEXT:
        return pa.string()
    if last in _WHOLE:
        return pa.int64()
    return pa.uint64() if last == "seed" else pa.float64()
