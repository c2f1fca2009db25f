"""Doing a saved result again from what it says of itself, and comparing every byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from standfast.errors import StoreError
from standfast.experiment.drawn import recorded_draws
from standfast.experiment.ensemble import run_ensemble
from standfast.experiment.execute import execute
from standfast.experiment.files import EXPERIMENT, check_same_model, put_again
from standfast.experiment.finished import open_finished
from standfast.experiment.keys import RunRequest
from standfast.experiment.verify import RESULT, kind_of
from standfast.results.provenance import sha256_of
from standfast.results.store import DATA_FILES, SCENARIO, check_files
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from standfast.experiment.finished import InFolder

    Ask = Callable[[Path, Sequence[str], Path], object]


@dataclass(frozen=True)
class Replayed:
    """What came of doing a result again.

    Attributes
    ----------
    folder
        Of the result.
    same
        Files that came out byte for byte as they were.
    other
        Files that did not, or are missing.
    """

    folder: Path
    same: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The finding in words."""
        if not self.other:
            return f"{self.folder}: done again, and all {len(self.same)} files are the same bytes."
        return f"{self.folder}: done again, and {', '.join(self.other)} came out differently."


def replay(
    folder: str | Path, *, ask: Ask, threads: int | None = None, progress: bool | None = None
) -> Replayed:
    """Do a result, an answer or a store of many runs again, elsewhere, and compare the bytes.

    Parameters
    ----------
    folder
        Of what `standfast run`, a command of the laboratory or `execute` wrote; it is not changed.
    ask
        Puts the question of an answer again: given the scenario file, the words of the command, and
        the folder for the new answer.
    threads, progress
        As for `standfast.experiment.execute.execute`.

    Raises
    ------
    StoreError
        When the folder is damaged, was computed by another model, or does not say how it was made.
    """
    folder = Path(folder)
    with TemporaryDirectory(prefix="standfast-") as base:
        new = Path(base) / "again"
        if kind_of(folder) == RESULT:
            names = _again(folder, new, ask, threads, progress=progress)
        else:
            names = _runs_again(folder, new, threads, progress=progress)
        same = tuple(name for name in names if _is_same(folder / name, new / name))
    return Replayed(folder, same, tuple(name for name in names if name not in same))


def _is_same(first: Path, second: Path) -> bool:
    return first.is_file() and second.is_file() and sha256_of(first) == sha256_of(second)


def _again(
    folder: Path, new: Path, ask: Ask, threads: int | None, *, progress: bool | None
) -> list[str]:
    """Do a result or an answer again; return the files that hold it."""
    made = check_files(folder)
    check_same_model(folder, made.get("model"))
    if "experiment" in made:
        _answer_again(folder, new, made, ask, threads, progress=progress)
        return sorted(made["sha256"])
    if made["interrupted"]:
        says = "was interrupted, and which replicates had finished was chance"
        raise StoreError(folder, says, "Make the result again, to its end.")
    scenario = load_scenario(folder / SCENARIO)
    result = run_ensemble(
        scenario, made["replicates"], made["seed"], threads, progress,
        parameters=recorded_draws(made),
    )  # fmt: skip
    # the one part of the summary that another run does not give again
    result.summary["timing"] = made["timing"]
    result.save(new)
    return list(DATA_FILES)


def _answer_again(
    folder: Path,
    new: Path,
    made: Mapping[str, Any],
    ask: Ask,
    threads: int | None,
    *,
    progress: bool | None,
) -> None:
    if (folder / EXPERIMENT).is_file():
        put_again(folder, new, threads=threads, progress=progress)
    elif made["command"]:
        ask(folder / SCENARIO, made["command"], new)
    else:
        says = "was asked from Python, so that the question is not known here"
        raise StoreError(folder, says, "Put it from an experiment file, or with its command.")


def _runs_again(
    folder: Path, new: Path, threads: int | None, *, progress: bool | None
) -> list[str]:
    """Compute every run of a store again; return its files."""
    source = open_finished(folder)
    check_same_model(folder, source.content["model"])
    keep = source.keep
    execute(
        _requests(source), store=new, threads=threads, progress=progress,
        keep_agents=keep.agents, keep_series=keep.series,
    )  # fmt: skip
    again = open_finished(new)
    return sorted({*source.content["files"], *again.content["files"]})


def _requests(source: InFolder) -> Iterator[RunRequest]:
    """Yield what was asked for, in its order; replicates of a scenario share the object."""
    scenarios = dict(source.scenarios())
    last, scenario = "", None
    for table in source.tables():
        columns = ["scenario_sha256", "seed", "replicate", "label"]
        for row in table.select(columns).to_pylist():
            if scenario is None or row["scenario_sha256"] != last:
                last = row["scenario_sha256"]
                scenario = Scenario.model_validate_json(scenarios[last])
            yield RunRequest(scenario, int(row["seed"]), row["replicate"], row["label"])
