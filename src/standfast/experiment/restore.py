"""A ledger made from the files of a finished sweep: to add runs, or to compute damaged ones again."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

from standfast.errors import StoreError
from standfast.experiment.finished import InFolder, find_damage, keep_to_json
from standfast.experiment.keys import RunRequest
from standfast.experiment.ledger import LEDGER, Ledger
from standfast.experiment.outcome import Outcome, pack_row, packed
from standfast.experiment.parts import KEPT, REQUESTS, ROWS, SCENARIOS
from standfast.experiment.queueing import enqueue
from standfast.experiment.rows import WHICH
from standfast.results.commit import PARTIAL, flush_entry, passing, remove_half_written
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_AGAIN = "Ask for the same runs again in another folder."


def restore(folder: Path) -> tuple[str, ...]:
    """Make the ledger of a finished sweep again from the files that are as they were written.

    Runs whose files are damaged are back in the queue.

    Parameters
    ----------
    folder
        Of the sweep, which this process may write.

    Returns
    -------
    tuple of str
        Every damage that was found, as a sentence.

    Raises
    ------
    StoreError
        When what was asked for cannot be told any more.
    """
    source = InFolder(folder)
    damage = find_damage(folder, source.content)
    damaged = {found.name for found in damage}
    partial = folder / (PARTIAL + LEDGER)
    remove_half_written(folder)
    with closing(Ledger(partial)) as ledger:
        about = {"keep": keep_to_json(source.keep)}
        enqueue(ledger, _requests(folder, source, damaged), source.model, about)
        _fill(ledger, source, damaged)
        ledger.fold()
    flush_entry(partial)
    passing("swap", folder / LEDGER)
    os.replace(partial, folder / LEDGER)  # noqa: PTH105 - says that it replaces
    flush_entry(folder)
    return tuple(found.sentence for found in damage)


def _requests(folder: Path, source: InFolder, damaged: set[str]) -> Iterator[RunRequest]:
    if SCENARIOS in damaged:
        says = "is damaged, and what it holds cannot be computed again"
        raise StoreError(folder / SCENARIOS, says, _AGAIN)
    # both hold which runs were asked for
    names = [REQUESTS] if REQUESTS not in damaged else source.names(ROWS)
    lost = damaged.intersection(names)
    if lost:
        says = f"is damaged, and so is {min(lost)}: which runs were asked for is not known"
        raise StoreError(folder / REQUESTS, says, _AGAIN)
    texts = dict(source.scenarios())
    last: tuple[str, Scenario] | None = None
    for name in names:
        with source.open(name) as file:
            for batch in file.iter_batches(columns=list(WHICH)):
                for row in batch.to_pylist():
                    digest = row["scenario_sha256"]
                    if last is None or last[0] != digest:
                        last = digest, Scenario.model_validate_json(texts[digest])
                    yield RunRequest(last[1], row["seed"], row["replicate"], row["label"])


def _fill(ledger: Ledger, source: InFolder, damaged: Collection[str]) -> None:
    """Give runs their outcomes, as far as all of an outcome is there."""
    with ledger.transaction():
        for name in source.names(ROWS):
            if name in damaged:
                continue
            with source.open(name) as file:
                for batch in file.iter_batches():
                    ledger.db.executemany(
                        "UPDATE run SET row = ? WHERE key = ?",
                        ((_row(row), row["key"]) for row in batch.to_pylist()),
                    )
        kept = (
            row
            for name in source.names(KEPT)
            if name not in damaged
            for row in source.kept_rows(name)
        )
        for key, agents, series in kept:
            new = (packed(agents), packed(series), key)
            ledger.db.execute("UPDATE run SET agents = ?, series = ? WHERE key = ?", new)
        _settle(ledger, source)


def _row(cells: dict[str, object]) -> str:
    said = {name for name in WHICH if name != "replicate"}
    return pack_row({name: value for name, value in cells.items() if name not in said})


def _settle(ledger: Ledger, source: InFolder) -> None:
    """Sign outcomes that are whole, and put the other runs back into the queue."""
    last = ledger.db.execute("SELECT coalesce(max(id), 0) FROM run").fetchone()[0]
    query = "SELECT row, agents, series FROM run WHERE id = ?"
    for run in range(1, last + 1):
        row, agents, series = ledger.db.execute(query, (run,)).fetchone()
        lacks = (source.keep.agents and agents is None) or (source.keep.series and series is None)
        if row is None or lacks:
            new = "UPDATE run SET row = NULL, agents = NULL, series = NULL WHERE id = ?"
            ledger.db.execute(new, (run,))
        else:
            digest = Outcome(row, agents, series).digest
            ledger.db.execute("UPDATE run SET digest = ? WHERE id = ?", (digest, run))
