"""Tables of an ensemble: a row a replicate (`runs.parquet`), a row an event (`events.parquet`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast.results.attribution import cause_shares, exit_shares
from standfast.results.clock import reference_hour
from standfast.results.summary import last_place_lost
from standfast.results.verdict import judge
from standfast.scenario.forces import BRANCHES
from standfast.scenario.vocabulary import EXITS, LOG_KINDS, TERMS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standfast.results.dataset import Units
    from standfast.results.recording import Recording
    from standfast.results.verdict import Outcome
    from standfast.scenario.model import Scenario


def build_runs(recordings: Sequence[Recording], scenario: Scenario) -> pd.DataFrame:
    """Return one row a replicate: outcomes overall and per place, causes, ways out.

    Times that never came are infinite in the model and missing here.
    """
    reference = reference_hour(scenario)
    rows = [run_row(recording, scenario, reference) for recording in recordings]
    return pd.DataFrame(rows)


def run_row(recording: Recording, scenario: Scenario, reference: float) -> dict[str, Any]:
    """Return the outcomes of one replicate by the column they stand in.

    Parameters
    ----------
    reference
        Hour of the reference event, from which hours are counted.
    """
    outcome = judge(recording, scenario, reference)
    names = list(scenario.places)
    last = last_place_lost(outcome)
    departed = int(recording.departures.sum())
    row: dict[str, Any] = {
        "replicate": recording.replicate,
        "verdict": outcome.overall_verdict,
        "share_gone": outcome.overall_share_gone,
        "killed_share": outcome.killed_share,
        "departures": departed,
        "resolute_departures": recording.resolute_departures,
        "places_lost": int(np.isfinite(outcome.lost_at_h).sum()),
        "last_place_lost": None if last is None else names[last],
    }
    for index, name in enumerate(names):
        row |= _place_columns(outcome, index, name)
    row |= {
        f"cause.{term}": share for term, share in zip(TERMS, cause_shares(recording), strict=True)
    }
    row |= {f"exit.{way}": share for way, share in zip(EXITS, exit_shares(recording), strict=True)}
    return row


def _place_columns(outcome: Outcome, index: int, name: str) -> dict[str, Any]:
    columns: dict[str, Any] = {
        f"{name}.verdict": outcome.verdict[index],
        f"{name}.share_gone": outcome.share_gone[index],
        f"{name}.hours_to_half": _or_missing(outcome.hours_to_half[index]),
        f"{name}.hours_to_nine_tenths": _or_missing(outcome.hours_to_nine_tenths[index]),
        f"{name}.lost_at_h": _or_missing(outcome.lost_at_h[index]),
    }
    for branch, gone in zip(BRANCHES, outcome.share_gone_by_branch[index], strict=True):
        if not np.isnan(gone):
            columns[f"{name}.{branch}.share_gone"] = gone
    return columns


def _or_missing(hours: float) -> float:
    return hours if np.isfinite(hours) else np.nan


def build_events(recordings: Sequence[Recording], scenario: Scenario, units: Units) -> pd.DataFrame:
    """Return the event logs of all replicates: when, what, where, which battalion, how much.

    Sorted by replicate and hour; `hour` counts from the start, `since_reference_h` from the
    reference event, `time` is the date and time in the scenario.
    """
    log = np.concatenate([recording.log for recording in recordings])
    sizes = [recording.log.size for recording in recordings]
    replicate = np.repeat([recording.replicate for recording in recordings], sizes)
    events = pd.DataFrame(
        {
            "replicate": replicate.astype(np.int32),
            "hour": log["hour"],
            "since_reference_h": log["hour"] - reference_hour(scenario),
            "time": pd.Timestamp(scenario.time.start)
            + pd.to_timedelta(np.round(log["hour"] * 3600).astype(np.int64), unit="s"),
            "kind": _named(log["kind"], LOG_KINDS),
            "place": _named(log["place"], tuple(scenario.places)),
            "battalion": _named(log["battalion"], units.title),
            "value": log["value"],
        }
    )
    return events.sort_values(["replicate", "hour"], kind="stable", ignore_index=True)


def _named(codes: np.ndarray[Any, np.dtype[np.integer]], names: tuple[str, ...]) -> pd.Series[Any]:
    # -1 means none
    table = np.array([*names, None], dtype=object)
    return pd.Series(table[codes.astype(np.int64)], dtype="string")


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet with a checksum on every page."""
    frame.to_parquet(
        path, engine="pyarrow", index=False, compression="zstd", write_page_checksum=True
    )


def read_frame(path: Path) -> pd.DataFrame:
    """Read what `write_frame` wrote, verifying the checksums."""
    return pd.read_parquet(path, engine="pyarrow", page_checksum_verification=True)
