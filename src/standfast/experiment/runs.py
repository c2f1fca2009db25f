"""What many runs came to: a table with a row a run, and agents and series where they were kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from standfast.errors import RunError
from standfast.experiment.finished import open_finished
from standfast.experiment.outcome import Agents, Keep, series_from_bytes, unpacked
from standfast.experiment.rows import build_table, columns_of
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from standfast.experiment.ledger import Ledger

_NO_AGENTS = "agents were not kept", "Execute the runs with keep_agents=True."
_NO_SERIES = "no series were kept", 'Execute the runs with keep_series=("serving",).'


class Source(Protocol):
    """Where outcomes are: in memory or in a folder."""

    keep: Keep

    def table(self) -> pa.Table:
        """Return a row for every request."""
        ...

    def kept(self, key: str) -> tuple[bytes | None, bytes | None]:
        """Return agents and series of a run as bytes."""
        ...

    def scenario_of(self, key: str) -> str:
        """Return the SHA-256 of the scenario of a run."""
        ...

    def scenario_json(self, sha256: str) -> str:
        """Return the canonical JSON of a scenario."""
        ...


@dataclass(frozen=True, eq=False)
class Runs:
    """Finished runs, in the order in which they were asked for.

    Made by `standfast.experiment.execute.execute`, or read by `load`. Nothing is read before it is
    asked for.

    Attributes
    ----------
    source
        Where the outcomes are.
    rows
        Which of its rows these are; None for all.
    """

    source: Source
    rows: Sequence[int] | None = None

    @classmethod
    def load(cls, store: str | Path) -> Runs:
        """Read a finished sweep from its folder.

        Raises
        ------
        FileError
            When there is no such folder.
        StoreError
            When it is not a sweep, not finished, or a file is not as it was written.
        """
        return cls(open_finished(Path(store)))

    @property
    def table(self) -> pd.DataFrame:
        """One row a request.

        `label`, `scenario`, `scenario_sha256`, `seed`, `replicate` and `key` say which run it is;
        the other columns are those of `runs.parquet`: `verdict`, `share_gone`, `PLACE.verdict`,
        `PLACE.share_gone`, `PLACE.hours_to_half` and so on, missing where a scenario has no such
        place.
        """
        table = self.source.table()
        frame: pd.DataFrame = (
            table if self.rows is None else table.take(pa.array(self.rows))
        ).to_pandas()
        return frame

    def agents(self, key: str) -> Agents:
        """Return how every agent of a run ended; runs with the same seed have the same agents.

        Parameters
        ----------
        key
            Of the run, as in the table.

        Raises
        ------
        RunError
            When agents were not kept.
        """
        raw, _ = self.source.kept(key)
        if raw is None:
            raise RunError(*_NO_AGENTS)
        return Agents.from_bytes(raw)

    def series(self, key: str) -> dict[str, npt.NDArray[np.float32]]:
        """Return the series that were kept of a run by name, each (n_hour, n_place).

        Parameters
        ----------
        key
            Of the run, as in the table.

        Raises
        ------
        RunError
            When no series were kept.
        """
        _, raw = self.source.kept(key)
        if raw is None:
            raise RunError(*_NO_SERIES)
        n_place = len(self.scenario(self.source.scenario_of(key)).places)
        return series_from_bytes(raw, self.source.keep.series, n_place)

    def scenario(self, sha256: str) -> Scenario:
        """Return a scenario of these runs by the SHA-256 in the table, without its evidence."""
        return Scenario.model_validate_json(self.source.scenario_json(sha256))


class InMemory:
    """Outcomes of a ledger, kept in memory.

    Parameters
    ----------
    ledger
        Read once; may be closed afterwards.
    keep
        What was kept of every run.
    """

    def __init__(self, ledger: Ledger, keep: Keep) -> None:
        self.keep = keep
        entries = list(ledger.entries())
        self._table = build_table(entries, columns_of(entries))
        self._scenario_of = {entry.key: entry.scenario_sha256 for entry in entries}
        self._kept = {key: (agents, series) for key, agents, series in ledger.kept()}
        self._scenarios = dict(ledger.scenarios())

    def table(self) -> pa.Table:
        """Return a row for every request."""
        return self._table

    def kept(self, key: str) -> tuple[bytes | None, bytes | None]:
        """Return agents and series of a run as bytes."""
        agents, series = self._kept[key]
        return unpacked(agents), unpacked(series)

    def scenario_of(self, key: str) -> str:
        """Return the SHA-256 of the scenario of a run."""
        return self._scenario_of[key]

    def scenario_json(self, sha256: str) -> str:
        """Return the canonical JSON of a scenario."""
        return self._scenarios[sha256]
