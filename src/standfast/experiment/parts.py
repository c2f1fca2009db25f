"""A finished sweep as files: Parquet with a checksum on every page, and a hash for every file.

The bytes depend on the requests and the model alone: not on who computed the runs, nor on the order
in which they were done, nor on how often the sweep was stopped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa
from pyarrow import parquet

from standfast.experiment.outcome import unpacked
from standfast.experiment.rows import WHICH, build_table, columns_of, type_of
from standfast.results.commit import flush_entry, passing, write_whole
from standfast.results.provenance import sha256_of
from standfast.results.store import sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from standfast.experiment.ledger import Ledger

T = TypeVar("T")
SWEEP = "sweep.json"
SCENARIOS, REQUESTS = "scenarios.parquet", "requests.parquet"
#: names of the parts that are numbered
ROWS, KEPT = "runs", "kept"
FORMAT = 1
_ROWS_OF_PART = 5000
_BYTES_OF_PART = 64_000_000
_BYTES_OF_GROUP = 4_000_000
_SCENARIO_TYPES = pa.schema([("sha256", pa.string()), ("json", pa.large_string())])
_KEPT_TYPES = pa.schema(
    [("key", pa.string()), ("agents", pa.large_binary()), ("series", pa.large_binary())]
)


def compact(ledger: Ledger, folder: Path) -> None:
    """Write a ledger whose runs are all done as files; `sweep.json` comes last and stands for all.

    Parameters
    ----------
    ledger
        Of which nothing is changed.
    folder
        Where to; files of an earlier state are replaced.
    """
    passing("compact", folder)
    about = ledger.about()
    files: dict[str, dict[str, Any]] = {}

    def put(name: str, tables: Iterable[pa.Table], schema: pa.Schema) -> None:
        labelled = schema.with_metadata({f"standfast_{key}": about[key] for key in sorted(about)})
        rows = 0

        def write(path: Path) -> None:
            nonlocal rows
            with parquet.ParquetWriter(
                path, labelled, compression="zstd", write_page_checksum=True
            ) as writer:
                for table in tables:
                    writer.write_table(table.cast(labelled))
                    rows += table.num_rows

        write_whole(folder / name, write)
        path = folder / name
        files[name] = {"sha256": sha256_of(path), "bytes": path.stat().st_size, "rows": rows}

    put(SCENARIOS, _scenario_tables(ledger), _SCENARIO_TYPES)
    which = pa.schema([(name, type_of(name)) for name in WHICH])
    put(REQUESTS, (build_table(part, WHICH) for part in _parts(ledger.entries())), which)
    columns = columns_of(ledger.entries())
    schema = pa.schema([(name, type_of(name)) for name in columns])
    for number, part in enumerate(_parts(ledger.entries())):
        put(_numbered(ROWS, number), [build_table(part, columns)], schema)
    for number, groups in enumerate(_kept_tables(ledger)):
        put(_numbered(KEPT, number), groups, _KEPT_TYPES)

    counts = ledger.counts()
    content = {
        "standfast_sweep": FORMAT,
        "model": json.loads(about["model"]),
        "keep": json.loads(about["keep"]),
        "requests": counts.requests,
        "runs": counts.runs,
        "files": files,
    }
    put_manifest(folder, content)


def put_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write `sweep.json`, which stands for all other files and comes after them."""
    flush_entry(folder)
    passing("swap", folder / SWEEP)
    write_whole(folder / SWEEP, lambda path: _write_manifest(path, content))
    flush_entry(folder)
    passing("swapped", folder / SWEEP)


def is_part(name: str) -> bool:
    """Tell whether a file name is one that a sweep writes when it is finished."""
    stem, _, number = name.removesuffix(".parquet").partition("-")
    numbered = stem in {ROWS, KEPT} and name.endswith(".parquet") and number.isdigit()
    return numbered or name in {SWEEP, SCENARIOS, REQUESTS}


def misfit(name: str, schema: pa.Schema) -> str | None:
    """Return what is wrong with the columns of a part, of which each has one type; None when nothing is.

    Examples
    --------
    >>> misfit("scenarios.parquet", pa.schema([("sha256", pa.string()), ("json", pa.int64())]))
    'its column json holds int64, and not large_string'
    """
    stem = name.removesuffix(".parquet").partition("-")[0]
    if name == SCENARIOS or stem == KEPT:
        types = _SCENARIO_TYPES if name == SCENARIOS else _KEPT_TYPES
        needed = {field.name: field.type for field in types}
    else:
        # of what came of runs, sweeps have the verdict in common
        columns = (*WHICH, *schema.names, *(["verdict"] if stem == ROWS else []))
        needed = {column: type_of(column) for column in columns}
    for column, wanted in needed.items():
        found = schema.get_all_field_indices(column)
        if len(found) != 1:
            return f"it has {len(found)} columns {column}, and not one"
        if schema.types[found[0]] != wanted:
            return f"its column {column} holds {schema.types[found[0]]}, and not {wanted}"
    return None


def _write_manifest(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(sealed(content), indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _numbered(name: str, number: int) -> str:
    return f"{name}-{number:05}.parquet"


def _parts(items: Iterable[T]) -> Iterator[list[T]]:
    part: list[T] = []
    for item in items:
        part.append(item)
        if len(part) == _ROWS_OF_PART:
            yield part
            part = []
    if part:
        yield part


def _scenario_tables(ledger: Ledger) -> Iterator[pa.Table]:
    for part in _parts(ledger.scenarios()):
        yield pa.Table.from_pylist(
            [{"sha256": digest, "json": text} for digest, text in part], _SCENARIO_TYPES
        )


def _kept_tables(ledger: Ledger) -> Iterator[Iterator[pa.Table]]:
    """Yield the row groups of every part of agents and series; nothing when none were kept."""
    waiting = iter(_kept_rows(ledger))
    row = next(waiting, None)

    def groups() -> Iterator[pa.Table]:
        nonlocal row
        group: list[dict[str, Any]] = []
        in_part = in_group = 0
        while row is not None and (in_part == 0 or in_part + _size(row) <= _BYTES_OF_PART):
            group.append(row)
            in_part += _size(row)
            in_group += _size(row)
            row = next(waiting, None)
            if in_group >= _BYTES_OF_GROUP:
                yield pa.Table.from_pylist(group, _KEPT_TYPES)
                group, in_group = [], 0
        if group:
            yield pa.Table.from_pylist(group, _KEPT_TYPES)

    while row is not None:
        yield groups()


def _kept_rows(ledger: Ledger) -> Iterator[dict[str, Any]]:
    for key, agents, series in ledger.kept():
        if agents is not None or series is not None:
            yield {"key": key, "agents": unpacked(agents), "series": unpacked(series)}


def _size(row: dict[str, Any]) -> int:
    return len(row["agents"] or b"") + len(row["series"] or b"")
