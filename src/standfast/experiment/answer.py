"""What an experiment came to: a table, a summary, how it was made; saved whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.experiment.keys import model_version
from standfast.experiment.shown import Shown, stacked
from standfast.results.frames import write_frame
from standfast.results.provenance import describe_run, hash_files
from standfast.results.spread import rounded
from standfast.results.store import PROVENANCE, SCENARIO, SUMMARY, sealed, staged, write_json
from standfast.scenario.dump import dump_yaml, sha256
from standfast.scenario.plugins import code_hashes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from rich.console import RenderableType

    from standfast.scenario.model import Scenario

TABLE, RUNS = "table.parquet", "runs.parquet"


@dataclass(frozen=True, eq=False, repr=False)
class Answer:
    """The answer to one question put to the model.

    Attributes
    ----------
    kind
        Which experiment: ``"compare"``, ``"why"`` and so on.
    scenario
        What it was asked of.
    table : pandas.DataFrame
        The answer, in full; every column is described in the guide.
    runs : pandas.DataFrame
        One row a run.
    summary
        The content of `summary.json`.
    shown
        What is printed.
    provenance
        Versions, seed and hashes.
    tables
        Further tables by name.
    figures
        What draws each further file, by name.
    """

    kind: str
    scenario: Scenario
    table: pd.DataFrame
    runs: pd.DataFrame
    summary: dict[str, Any]
    shown: tuple[Shown, ...]
    provenance: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    figures: dict[str, Callable[[Path], object]] = field(default_factory=dict)

    def renderable(self) -> RenderableType:
        """Return what is printed, for a rich console."""
        return stacked(self.shown)

    def save(self, folder: str | Path, command: Sequence[str] = ()) -> Path:
        """Write it to a folder, whole or not at all, and return the folder.

        Parameters
        ----------
        folder
            New, empty, or that of an earlier answer or result, which is replaced.
        command
            As typed, with paths cut down.

        Raises
        ------
        FileError
            When the folder holds anything else, or cannot be written.
        """
        with staged(Path(folder)) as staging:
            text = dump_yaml(self.scenario)
            (staging / SCENARIO).write_text(text, encoding="utf-8", newline="\n")
            write_json(self.summary, staging / SUMMARY)
            frames = {TABLE: self.table, RUNS: self.runs}
            frames |= {f"{name}.parquet": frame for name, frame in self.tables.items()}
            for name, frame in frames.items():
                write_frame(frame, staging / name)
            for name, draw in self.figures.items():
                draw(staging / name)
            files = [SCENARIO, SUMMARY, *frames, *self.figures]
            hashes = hash_files({name: staging / name for name in files})
            described = self.provenance | {"command": list(command), "sha256": hashes}
            write_json(sealed(described), staging / PROVENANCE)
        return Path(folder)

    def __repr__(self) -> str:
        return f"<standfast.Answer {self.kind}: {self.shown[0].title}>"

    def _repr_html_(self) -> str:
        return "".join(shown.html() for shown in self.shown)


def build_answer(
    kind: str,
    scenario: Scenario,
    *,
    table: pd.DataFrame,
    runs: pd.DataFrame,
    found: Mapping[str, Any],
    shown: Sequence[Shown],
    seed: int,
    replicates: int,
    tables: Mapping[str, pd.DataFrame] | None = None,
    figures: Mapping[str, Callable[[Path], object]] | None = None,
) -> Answer:
    """Return an answer with its summary and provenance.

    Parameters
    ----------
    kind, scenario
        Which experiment, and of what.
    table, runs, tables, figures, shown
        As in `Answer`.
    found
        What the summary says beside the scenario, seed and number of runs.
    seed, replicates
        As asked.
    """
    digest = sha256(scenario)
    summary = {
        "experiment": kind,
        "scenario": scenario.scenario,
        "scenario_sha256": digest,
        "standfast": version("standfast"),
        "seed": seed,
        "replicates": replicates,
        "runs": len(runs),
        **found,
    }
    described = describe_run(
        seed=seed, replicates=replicates, replicates_asked=replicates, threads=1,
        scenario_sha256=digest, code=code_hashes(scenario),
    )  # fmt: skip
    # the answer does not depend on how many runs went side by side
    del described["threads"]
    return Answer(
        kind=kind,
        scenario=scenario,
        table=table,
        runs=runs,
        summary=plain(summary),
        shown=tuple(shown),
        provenance={"experiment": kind, "model": json.loads(model_version()), **described},
        tables=dict(tables or {}),
        figures=dict(figures or {}),
    )


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a summary holds
    """Return a value as JSON can hold it: numbers rounded as in every summary, NaN as null.

    Examples
    --------
    >>> plain({"a": np.float64("nan"), "b": (1, True, 0.1 + 0.2)})
    {'a': None, 'b': [1, True, 0.3]}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    value = value.item() if isinstance(value, np.generic) else value
    return rounded(value) if isinstance(value, float) else value
