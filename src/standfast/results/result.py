"""The result of an ensemble: labelled series, tables, summary, and how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from standfast.errors import StandfastError, StoreError
from standfast.results.card import render_card
from standfast.results.dataset import read_dataset, write_dataset
from standfast.results.frames import read_frame, write_frame
from standfast.results.provenance import hash_files
from standfast.results.store import (
    DATA_FILES,
    EVENTS,
    PROVENANCE,
    RUNS,
    SCENARIO,
    SERIES,
    SUMMARY,
    check_files,
    read_json,
    sealed,
    staged,
    write_json,
)
from standfast.results.words import headline
from standfast.scenario.load import load_scenario
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import xarray as xr

    from standfast.results.plots import Plots
    from standfast.scenario.model import Scenario


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What an ensemble of replicates came to; made by `standfast.run`, read by `Result.load`.

    Attributes
    ----------
    scenario, scenario_yaml
        What was simulated, evidence included, and the same as written to the file.
    series : xarray.Dataset
        Counts and readings by replicate, hour and place; every variable has its unit.
    runs : pandas.DataFrame
        One row a replicate.
    events : pandas.DataFrame
        One row an event.
    summary
        The content of `summary.json`.
    provenance
        Versions, seed, hashes and command.
    """

    scenario: Scenario
    scenario_yaml: str
    series: xr.Dataset
    runs: pd.DataFrame
    events: pd.DataFrame
    summary: dict[str, Any]
    provenance: dict[str, Any]

    @property
    def verdict(self) -> dict[str, float] | None:
        """Share of the replicates in each class overall; None with the verdict switched off."""
        verdict: dict[str, float] | None = self.summary["overall"]["verdict"]
        return verdict

    @property
    def verdicts(self) -> pd.DataFrame:
        """Share of the replicates in each class, a row for each place with a garrison."""
        found = {
            name: place["verdict"]
            for name, place in self.summary["places"].items()
            if place["verdict"] is not None
        }
        return pd.DataFrame.from_dict(found, orient="index").rename_axis("place")

    def causes(self) -> pd.DataFrame:
        """Return why people left: each driver's share of departures, largest first.

        Proximate, that is by the terms of the pressure to leave at that moment.
        """
        return _ranked(self.summary["causes"]["proximate"], "driver")

    def exits(self) -> pd.DataFrame:
        """Return how people left: each way out's share of departures, largest first."""
        return _ranked(self.summary["exits"], "exit")

    @property
    def plot(self) -> Plots:
        """Figures for papers, by matplotlib: `result.plot.strength("mosul").save("mosul.pdf")`."""
        from standfast.results.plots import Plots  # noqa: PLC0415 - few results are drawn this way

        return Plots(self)

    def save(
        self, folder: str | Path, *, pages: Mapping[str, Callable[[Path], object]] | None = None
    ) -> Path:
        """Write the result to a folder, whole or not at all, and return the folder.

        Parameters
        ----------
        folder
            New, empty, or the folder of an earlier result, which is replaced.
        pages
            Further files, by name, each with what writes it to the path it is given.

        Raises
        ------
        FileError
            When the folder holds anything else, or cannot be written.
        """
        with staged(Path(folder)) as staging:
            (staging / SCENARIO).write_text(self.scenario_yaml, encoding="utf-8", newline="\n")
            write_json(self.summary, staging / SUMMARY)
            write_frame(self.runs, staging / RUNS)
            write_dataset(self.series, staging / SERIES)
            write_frame(self.events, staging / EVENTS)
            for name, write in (pages or {}).items():
                write(staging / name)
            described = self.provenance | {
                # the one part of the summary that another run would not give again
                "timing": self.summary["timing"],
                "sha256": hash_files({name: staging / name for name in DATA_FILES}),
                "pages": hash_files({name: staging / name for name in pages or {}}),
            }
            write_json(sealed(described), staging / PROVENANCE)
        return Path(folder)

    @classmethod
    def load(cls, folder: str | Path) -> Result:
        """Read a result, and check that no file changed since it was written.

        Raises
        ------
        FileError
            When there is no such folder.
        StoreError
            When it is not a result, is incomplete, or a file is not as it was written.
        """
        folder = Path(folder)
        provenance = check_files(folder)
        missing = [name for name in DATA_FILES if name not in provenance["sha256"]]
        if missing:
            raise StoreError(folder, f"is not a result: it has no {', '.join(missing)}")
        try:
            return cls(
                scenario=load_scenario(folder / SCENARIO),
                scenario_yaml=(folder / SCENARIO).read_text(encoding="utf-8"),
                series=read_dataset(folder / SERIES),
                runs=read_frame(folder / RUNS),
                events=read_frame(folder / EVENTS),
                summary=read_json(folder / SUMMARY),
                provenance=provenance,
            )
        except StandfastError:
            raise
        except Exception as error:
            raise StoreError(
                folder, f"cannot be read: {printable(error)}", "Make the result again."
            ) from error

    def __repr__(self) -> str:
        return f"<standfast.Result {headline(self.summary, self.scenario)}>"

    def _repr_html_(self) -> str:
        return render_card(self.summary, self.scenario)


def _ranked(shares: Mapping[str, Mapping[str, float] | None], label: str) -> pd.DataFrame:
    known = {name: spread for name, spread in shares.items() if spread is not None}
    frame = pd.DataFrame.from_dict(
        known, orient="index", columns=["q05", "median", "q95"], dtype=float
    )
    return frame.sort_values("median", ascending=False, kind="stable").rename_axis(label)
