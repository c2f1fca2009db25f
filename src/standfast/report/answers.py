"""Saved answers of experiments, read so that a page can show them."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from standfast.errors import StoreError
from standfast.report.words import middle_title
from standfast.results.frames import read_frame
from standfast.results.store import SCENARIO, SERIES, SUMMARY, check_files, read_json
from standfast.scenario.load import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from standfast.scenario.model import Scenario

TABLE = "table.parquet"
#: further tables that a figure draws
MORE = ("people", "hysteresis", "curves", "candidates", "points", "way")


@dataclass(frozen=True)
class StoredAnswer:
    """What an experiment came to, as it was saved.

    Attributes
    ----------
    kind
        Which experiment, such as ``"compare"``.
    scenario
        What it was asked of.
    table, more
        The answer in full, and further tables by name.
    summary, provenance
        As in the folder.
    """

    kind: str
    scenario: Scenario
    table: pd.DataFrame
    more: dict[str, pd.DataFrame]
    summary: dict[str, Any]
    provenance: dict[str, Any]

    @property
    def place(self) -> str:
        """The place that was asked about, as people write it within a sentence."""
        name = str(self.summary.get("place", ""))
        if name in self.scenario.places:
            return middle_title(self.scenario.places[name].title)
        return "the whole" if name in ("", "whole") else name

    @property
    def command(self) -> str:
        """What makes it again."""
        command = self.provenance.get("command")
        return shlex.join(map(str, command)) if isinstance(command, list) else ""


def is_answer(folder: Path) -> bool:
    """Whether a folder holds an answer, and not the result of a run."""
    return (folder / TABLE).is_file() and not (folder / SERIES).is_file()


def read_answer(folder: Path) -> StoredAnswer:
    """Read the answer in a folder, and check that no file changed since it was written.

    Raises
    ------
    FileError
        When there is no such folder.
    StoreError
        When it holds no answer, or a file is not as it was written.
    """
    provenance = check_files(folder)
    if not is_answer(folder):
        says = "holds no answer of an experiment"
        advice = "Name the folder that an experiment, such as compare or why, wrote to."
        raise StoreError(folder, says, advice)
    found = [name for name in MORE if (folder / f"{name}.parquet").is_file()]
    summary = read_json(folder / SUMMARY)
    return StoredAnswer(
        kind=str(summary.get("experiment", "")),
        scenario=load_scenario(folder / SCENARIO),
        table=read_frame(folder / TABLE),
        more={name: read_frame(folder / f"{name}.parquet") for name in found},
        summary=summary,
        provenance=provenance,
    )
