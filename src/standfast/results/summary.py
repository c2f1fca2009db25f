"""`summary.json`: the answer of an ensemble in one page of numbers; a public interface."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.results.attribution import summarise_causes, summarise_exits
from standfast.results.clock import reference_hour
from standfast.results.spread import rounded, spread, spread_of_hours
from standfast.results.verdict import VERDICTS, judge
from standfast.scenario.forces import BRANCHES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from standfast.results.recording import Recording
    from standfast.results.verdict import Outcome
    from standfast.scenario.model import Scenario

    Summary = dict[str, Any]


@dataclass(frozen=True)
class Timing:
    """What a run cost; differs from run to run, and is the only part of the summary that may.

    Attributes
    ----------
    simulate_s
        Seconds from the first step to the last replicate, on the wall.
    compile_s
        Seconds before the first step: compiling kernels, building people and ties.
    agent_steps_per_s
        Agents advanced, summed over steps and replicates, over `simulate_s`.
    peak_rss_mb
        Most memory the process held so far, in MB; None where the system does not tell.
    """

    simulate_s: float
    compile_s: float
    agent_steps_per_s: float
    peak_rss_mb: float | None


def summarise(
    recordings: Sequence[Recording],
    scenario: Scenario,
    *,
    seed: int,
    scenario_sha256: str,
    timing: Timing,
) -> Summary:
    """Return the content of `summary.json` for an ensemble of at least one replicate.

    Every key is documented in docs/reference/summary.md. A quantity over replicates is
    ``{"q05", "median", "q95"}``; a share of replicates is a plain number.
    """
    reference = reference_hour(scenario)
    outcomes = [judge(recording, scenario, reference) for recording in recordings]
    return {
        "scenario": scenario.scenario,
        "scenario_sha256": scenario_sha256,
        "standfast": version("standfast"),
        "seed": seed,
        "replicates": len(recordings),
        "n_agent": recordings[0].n_agent,
        "n_step": recordings[0].n_step,
        "dt_h": scenario.time.step,
        "people_conserved": all(recording.people_conserved for recording in recordings),
        "overall": {
            "verdict": _verdict_shares(outcome.overall_verdict for outcome in outcomes),
            "share_gone": spread(outcome.overall_share_gone for outcome in outcomes),
            "killed_share": spread(outcome.killed_share for outcome in outcomes),
        },
        "places": {
            name: _summarise_place(outcomes, index) for index, name in enumerate(scenario.places)
        },
        "front": _summarise_front(outcomes, list(scenario.places)),
        "causes": {"proximate": summarise_causes(recordings)},
        "exits": summarise_exits(recordings),
        "timing": {
            key: None if value is None else rounded(value) for key, value in asdict(timing).items()
        },
    }


def last_place_lost(outcome: Outcome) -> int | None:
    """Return the index of the place lost last; the first in order among those of the same hour."""
    if not np.isfinite(outcome.lost_at_h).any():
        return None
    return int(np.argmax(np.where(np.isfinite(outcome.lost_at_h), outcome.lost_at_h, -np.inf)))


def _summarise_place(outcomes: Sequence[Outcome], index: int) -> Summary:
    return {
        "verdict": _verdict_shares(outcome.verdict[index] for outcome in outcomes),
        "share_gone": spread(outcome.share_gone[index] for outcome in outcomes),
        "hours_to_half": spread_of_hours(outcome.hours_to_half[index] for outcome in outcomes),
        "hours_to_nine_tenths": spread_of_hours(
            outcome.hours_to_nine_tenths[index] for outcome in outcomes
        ),
        "lost_at_h": spread_of_hours(outcome.lost_at_h[index] for outcome in outcomes),
        "by_branch": {
            branch: {"share_gone": gone}
            for at, branch in enumerate(BRANCHES)
            if (gone := spread(outcome.share_gone_by_branch[index, at] for outcome in outcomes))
        },
    }


def _summarise_front(outcomes: Sequence[Outcome], names: list[str]) -> Summary:
    last = Counter(last_place_lost(outcome) for outcome in outcomes)
    return {
        "last_place_lost": {
            name: rounded(last[index] / len(outcomes))
            for index, name in enumerate(names)
            if last[index]
        },
        "places_lost": spread(float(np.isfinite(outcome.lost_at_h).sum()) for outcome in outcomes),
    }


def _verdict_shares(verdicts: Iterable[str | None]) -> dict[str, float | None] | None:
    found = [verdict for verdict in verdicts if verdict is not None]
    if not found:
        return None
    return {name: rounded(found.count(name) / len(found)) for name in VERDICTS}
