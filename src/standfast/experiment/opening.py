"""Opening the folder of a sweep for writing, whatever state it was left in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.errors import StoreError
from standfast.experiment.finished import InFolder
from standfast.experiment.keys import differing_parts, model_version
from standfast.experiment.ledger import BESIDE, LEDGER, Ledger
from standfast.experiment.parts import REQUESTS, SWEEP
from standfast.experiment.rebuilt import rebuild_manifest
from standfast.experiment.restore import restore
from standfast.experiment.salvage import mend_ledger
from standfast.results.commit import flush_entry, passing, remove_half_written
from standfast.results.store import is_sealed, read_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def open_ledger(folder: Path, say: Callable[[str], None]) -> Ledger:
    """Return the ledger of a folder: the one that is there, one made from its files, or a new one.

    Whoever was killed here left at worst a ledger with fewer runs, or files that are half written
    under another name: the first goes on, the others are removed.

    Parameters
    ----------
    folder
        Which this process alone writes.
    say
        Told what was found damaged.
    """
    path = folder / LEDGER
    mend_ledger(folder, say)
    if not path.exists() and (folder / REQUESTS).exists():
        _mend_manifest(folder, say)
    if not path.exists() and (folder / SWEEP).exists():
        check_model(folder, InFolder(folder).model)
        for damage in restore(folder):
            say(f"{damage}; what it held is computed again.")
    remove_half_written(folder)
    ledger = Ledger(path)
    damaged = ledger.forget_damaged()
    if damaged:
        say(f"{damaged} runs in {LEDGER} were not as they were written; they are computed again.")
    return ledger


def _mend_manifest(folder: Path, say: Callable[[str], None]) -> None:
    try:
        sound = is_sealed(read_json(folder / SWEEP))
    except StoreError:
        sound = False
    if not sound:
        rebuild_manifest(folder)
        say(f"{SWEEP} was missing or damaged; it was made again from the other files.")


def remove_ledger(folder: Path) -> None:
    """Remove the ledger once the files stand for it."""
    for name in (LEDGER, *BESIDE):
        passing("remove", folder / name)
        (folder / name).unlink(missing_ok=True)
    flush_entry(folder)


def check_model(folder: Path, model: str | None) -> None:
    """Refuse a folder whose runs were computed by another model.

    Parameters
    ----------
    folder
        Of a sweep.
    model
        What computed its runs; None when there are none.

    Raises
    ------
    StoreError
        With what differs.
    """
    differences = differing_parts(model, model_version()) if model is not None else ()
    if differences:
        says = f"was computed by another model ({'; '.join(differences)})"
        advice = "Runs of two models are never mixed: name another folder, or install that model."
        raise StoreError(folder, says, advice)
