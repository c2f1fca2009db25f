"""The manifest of a finished sweep, made again from its files: it holds nothing that they do not."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

from standfast.errors import StoreError
from standfast.experiment.keys import run_key
from standfast.experiment.parts import FORMAT, REQUESTS, SCENARIOS, SWEEP, is_part, put_manifest
from standfast.results.provenance import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

_AGAIN = "Ask for the same runs again in another folder."


def rebuild_manifest(folder: Path) -> None:
    """Write `sweep.json` again from the files that can be read.

    Every page of every file is read and compared with its checksum. A file that cannot be read is
    left out, so that what it held is computed again. What was asked for, and of which scenarios,
    must be readable, and is compared with the keys, which are hashes of it.

    Parameters
    ----------
    folder
        Of a finished sweep, which this process alone writes.

    Raises
    ------
    StoreError
        When what was asked for cannot be told any more.
    """
    files: dict[str, dict[str, Any]] = {}
    about: dict[bytes, bytes] | None = None
    for path in sorted(x for x in folder.iterdir() if is_part(x.name) and x.name != SWEEP):
        found = _read_through(path)
        if found is None:
            continue
        rows, metadata = found
        if about not in (None, metadata):
            says = f"holds files of more than one sweep, and no sound {SWEEP} to tell them apart"
            raise StoreError(folder, says, _AGAIN)
        about = metadata
        files[path.name] = {"sha256": sha256_of(path), "bytes": path.stat().st_size, "rows": rows}
    for name in (REQUESTS, SCENARIOS):
        if name not in files:
            says = f"is damaged, and so is {SWEEP}: what was asked for is not known"
            raise StoreError(folder / name, says, _AGAIN)
    labels = about or {}
    model = labels[b"standfast_model"].decode()
    runs = _check_requests(folder, model)
    order = [SCENARIOS, REQUESTS, *(name for name in files if name not in {SCENARIOS, REQUESTS})]
    content = {
        "standfast_sweep": FORMAT,
        "model": json.loads(model),
        "keep": json.loads(labels[b"standfast_keep"]),
        "requests": files[REQUESTS]["rows"],
        "runs": runs,
        "files": {name: files[name] for name in order},
    }
    put_manifest(folder, content)


def _read_through(path: Path) -> tuple[int, dict[bytes, bytes]] | None:
    """Return rows and labels of a file of which every page has its checksum; None if it has not."""
    try:
        with parquet.ParquetFile(path, page_checksum_verification=True) as file:
            for group in range(file.num_row_groups):
                file.read_row_group(group)
            labels = file.schema_arrow.metadata or {}
            rows = int(file.metadata.num_rows)
    except (OSError, ValueError, pa.ArrowException) as error:
        if getattr(error, "errno", None):
            raise  # the disk fails, which says nothing of the file
        return None
    told = {
        name: labels[name] for name in (b"standfast_model", b"standfast_keep") if name in labels
    }
    return (rows, told) if len(told) == 2 else None


def _check_requests(folder: Path, model: str) -> int:
    """Return the number of different runs, once every key is the hash of what it stands for."""
    scenarios = parquet.read_table(folder / SCENARIOS, page_checksum_verification=True)
    for digest, text in zip(
        *(scenarios[name].to_pylist() for name in ("sha256", "json")), strict=True
    ):
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            raise StoreError(folder / SCENARIOS, "is damaged, and so is " + SWEEP, _AGAIN)
    columns = ["scenario_sha256", "seed", "replicate", "key"]
    keys = set()
    with parquet.ParquetFile(folder / REQUESTS, page_checksum_verification=True) as file:
        for batch in file.iter_batches(columns=columns):
            for row in batch.to_pylist():
                digest, seed, replicate, key = (row[name] for name in columns)
                if run_key(digest, seed, replicate, model) != key:
                    raise StoreError(folder / REQUESTS, "is damaged, and so is " + SWEEP, _AGAIN)
                keys.add(key)
    return len(keys)
