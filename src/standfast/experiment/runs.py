"""What many runs came to: a table with a row a run, and agents and series where they were kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from standfast.errors import RunError
from standfast.experiment.outcome import Keep, unpack_agents, unpack_series
from standfast.experiment.rows import build_table, columns_of
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from standfast.experiment.ledger import Ledger
    from standfast.experiment.outcome import Agents

_NO_AGENTS = "agents were not kept", "Execute the runs with keep_agents=True."
_NO_SERIES = "no series were kept", 'Execute the runs with keep_series=("serving",).'


class Source(Protocol):
    """Where outcomes are: in memory or in a folder."""

    keep: Keep

    def table(self) -> pa.Table:
        """Return a row for every request."""
        ...

    def packed(self, key: str) -> tuple[bytes | None, bytes | None]:
        """Return the packed agents and series of a run."""
        ...

    def scenario_json(self, sha256: str) -> str:
        """Return the canonical JSON of a scenario."""
        ...


@dataclass(frozen=True, eq=False)
class Runs:
    """Finished runs, in the order in which they were asked for.

    Made by `standfast.experiment.execute.execute`. Nothing is read before it is asked for.
    """

    source: Source

    @property
    def table(self) -> pd.DataFrame:
        """One row a request.

        `label`, `scenario`, `scenario_sha256`, `seed`, `replicate` and `key` say which run it is;
        the other columns are those of `runs.parquet`: `verdict`, `share_gone`, `PLACE.verdict`,
        `PLACE.share_gone`, `PLACE.hours_to_half` and so on, missing where a scenario has no such
        place.
        """
        frame: pd.DataFrame = self.source.table().to_pandas()
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
        packed, _ = self.source.packed(key)
        if packed is None:
            raise RunError(*_NO_AGENTS)
        return unpack_agents(packed)

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
        _, packed = self.source.packed(key)
        if packed is None:
            raise RunError(*_NO_SERIES)
        table = self.source.table()
        row = table["key"].index(key).as_py()
        scenario = self.scenario(table["scenario_sha256"][row].as_py())
        return unpack_series(packed, self.source.keep.series, len(scenario.places))

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
        self._packed = {key: (agents, series) for key, agents, series in ledger.kept()}
        self._scenarios = dict(ledger.scenarios())

    def table(self) -> pa.Table:
        """Return a row for every request."""
        return self._table

    def packed(self, key: str) -> tuple[bytes | None, bytes | None]:
        """Return the packed agents and series of a run."""
        return self._packed[key]

    def scenario_json(self, sha256: str) -> str:
        """Return the canonical JSON of a scenario."""
        return self._scenarios[sha256]
