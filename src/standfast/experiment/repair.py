"""Computing again what of a result is damaged, to the same bytes; nothing else is touched."""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from standfast.errors import FileError, StandfastError, StoreError
from standfast.experiment.drawn import recorded_draws
from standfast.experiment.ensemble import run_ensemble
from standfast.results.commit import flush_entry, put_right, remove_half_written, write_whole
from standfast.results.damage import Damage, find_result_damage
from standfast.results.provenance import sha256_of
from standfast.results.result import Result
from standfast.results.store import (
    DATA_FILES,
    PROVENANCE,
    SCENARIO,
    SUMMARY,
    read_json,
    read_provenance,
    reading,
    sealed,
    write_json,
)
from standfast.scenario.dump import dump_yaml, sha256
from standfast.scenario.load import list_library, load_scenario
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from standfast.scenario.model import Scenario

    Page = Callable[[Result, Path], object]
    Ask = Callable[[Path, Sequence[str], Path], object]

_BY_HAND = "Make the result again in another folder, and remove this one."


def repair_result(
    folder: str | Path,
    *,
    pages: Mapping[str, Page],
    ask: Ask,
    threads: int | None = None,
    progress: bool | None = None,
) -> tuple[Damage, ...]:
    """Compute again the damaged files of a result or an answer, and return what had been wrong.

    The runs are done again from scenario, seed and replicates; a file is put in its place only when
    it has the SHA-256 that it had when it was written first.

    Parameters
    ----------
    folder
        Of a result, or of the answer to a question put at the command line.
    pages
        What writes each page of a result, by its name.
    ask
        Puts the question of an answer again: given the scenario file, the words of the command, and
        the folder for the new answer.
    threads, progress
        As for `run_ensemble`.

    Raises
    ------
    FileError
        When there is no such folder, it holds anything else, or it cannot be written.
    StoreError
        When it cannot be made as it was.
    """
    folder = Path(folder)
    with suppress(OSError):
        put_right(folder.resolve())
    with reading(folder):
        damage = find_result_damage(folder)
    foreign = [found.name for found in damage if found.foreign]
    if foreign:
        says = f"holds more than a result: {', '.join(map(printable, foreign[:5]))}"
        raise FileError(folder, says, "Move that elsewhere first; nothing was changed.")
    damaged = {found.name for found in damage}
    try:
        remove_half_written(folder)
        if not damage:
            return ()
        if PROVENANCE in damaged:
            _mend_provenance(folder, pages, threads, progress=progress)
        else:
            made = read_provenance(folder)
            if SCENARIO in damaged:
                _mend_scenario(folder, made)
            if "experiment" in made:
                _mend_answer(folder, made, damaged, ask)
            else:
                _mend_files(folder, made, damaged, pages, threads, progress=progress)
        flush_entry(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileError(
            folder, f"cannot be written: {reason}", "Mend that, and repair again."
        ) from error
    return damage


def _mend_answer(folder: Path, made: Mapping[str, Any], damaged: set[str], ask: Ask) -> None:
    lost = damaged - {SCENARIO}
    if lost:
        if not made["command"]:
            says = "was asked from Python, so that the question is not known here"
            raise StoreError(folder, says, _BY_HAND)
        with TemporaryDirectory(prefix="standfast-") as base:
            new = Path(base) / "again"
            ask(folder / SCENARIO, made["command"], new)
            _put_back(folder, new, lost, made["sha256"])


def _mend_files(
    folder: Path,
    made: Mapping[str, Any],
    damaged: set[str],
    pages: Mapping[str, Page],
    threads: int | None,
    *,
    progress: bool | None,
) -> None:
    if damaged & set(DATA_FILES) - {SCENARIO}:
        scenario = load_scenario(folder / SCENARIO)
        again = run_ensemble(
            scenario, made["replicates"], made["seed"], threads, progress,
            parameters=recorded_draws(made),
        )  # fmt: skip
        again.summary["timing"] = made["timing"]
        with TemporaryDirectory(prefix="standfast-") as base:
            new = again.save(Path(base) / "again")
            _put_back(folder, new, damaged & set(DATA_FILES), made["sha256"])
    lost = damaged & made["pages"].keys()
    if lost:
        result = Result.load(folder)
        with TemporaryDirectory(prefix="standfast-") as base:
            for name in lost & pages.keys():
                pages[name](result, Path(base) / name)
            _put_back(folder, Path(base), lost, made["pages"])


def _put_back(folder: Path, new: Path, names: Iterable[str], hashes: Mapping[str, str]) -> None:
    """Put files in their place once all of them have the bytes that they had."""
    for name in sorted(names):
        if not (new / name).is_file() or sha256_of(new / name) != hashes[name]:
            says = f"cannot be made as it was: {name} comes out differently"
            advice = f"The packages may be others than those in {PROVENANCE}. {_BY_HAND}"
            raise StoreError(folder, says, advice)
    for name in sorted(names):
        write_whole(folder / name, partial(shutil.copyfile, new / name))


def _mend_scenario(folder: Path, made: Mapping[str, Any]) -> None:
    """Write the scenario again if it was a built-in one, with what the command changed."""
    words = [str(word) for word in made.get("command", ())]
    name = next((word for word in words[2:] if word in list_library()), None)
    if name is not None:
        pairs = list(pairwise(words))
        changes = [value for option, value in pairs if option == "--set"]
        changes += [f"time.horizon={value}" for option, value in pairs if option == "--horizon"]
        with suppress(StandfastError):
            text = dump_yaml(load_scenario(name, overrides=changes))
            with TemporaryDirectory(prefix="standfast-") as base:
                new = Path(base)
                (new / SCENARIO).write_text(text, encoding="utf-8", newline="\n")
                _put_back(folder, new, [SCENARIO], made["sha256"])
            return
    says = "is damaged, and cannot be computed: it is what the runs were computed from"
    advice = f"Put back the file whose SHA-256 is {made['sha256'][SCENARIO]}, and repair again."
    raise StoreError(folder / SCENARIO, says, advice)


def _mend_provenance(
    folder: Path, pages: Mapping[str, Page], threads: int | None, *, progress: bool | None
) -> None:
    """Make the runs of a scenario and summary again, and write down how, if they come out the same.

    What is not known any more, the command, is left out.
    """
    scenario, asked = _what_was_run(folder)
    if "experiment" in asked:
        says = "is damaged, and it alone held the question"
        raise StoreError(folder / PROVENANCE, says, _BY_HAND)
    result = run_ensemble(scenario, asked["replicates"], asked["seed"], threads, progress)
    result.summary["timing"] = asked["timing"]
    with TemporaryDirectory(prefix="standfast-") as base:
        writers = {name: partial(page, result) for name, page in pages.items()}
        new = result.save(Path(base) / "again", pages=writers)
        if sha256_of(new / SUMMARY) != sha256_of(folder / SUMMARY):
            says = f"cannot be made as it was: {SUMMARY} comes out differently"
            raise StoreError(folder, says, _BY_HAND)
        content = read_json(new / PROVENANCE)
        for name in (*DATA_FILES, *pages):
            if not (folder / name).is_file() or sha256_of(folder / name) != sha256_of(new / name):
                write_whole(folder / name, partial(shutil.copyfile, new / name))
        write_whole(folder / PROVENANCE, lambda path: write_json(sealed(content), path))


def _what_was_run(folder: Path) -> tuple[Scenario, dict[str, Any]]:
    lost = StoreError(
        folder / PROVENANCE,
        f"is damaged, and so is {SUMMARY} or {SCENARIO}: what was run is not known",
        _BY_HAND,
    )
    try:
        scenario, asked = load_scenario(folder / SCENARIO), read_json(folder / SUMMARY)
    except StandfastError:
        raise lost from None
    if asked.get("scenario_sha256") != sha256(scenario):
        raise lost
    return scenario, asked
