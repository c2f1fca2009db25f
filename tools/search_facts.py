"""Look for one set of behavioural parameters under which as many facts as possible hold together.

    python tools/search_facts.py --minutes 45 --seed 1 --from build/search/best-1.json

The mean-field twin takes the place of the engine, as a candidate needs thirteen worlds: the road from Mosul to Samarra
as it was and with one thing otherwise, the quiet case, Mosul 2004 and the garrison with its messages. What misses
a window costs by how far; CMA-ES (Hansen 2016, by pycma) looks for the least cost. Every fact that enters is
*fitted*, and its agreement afterwards shows that one set can do it, and nothing more. Candidates go to
build/search/SEED.jsonl, the best to build/search/best-SEED.json, for `standfast validate` to measure with the engine.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cma
import numpy as np

from calibration_cases import along
from machine import ROOT
from standfast.experiment.axes import place_at
from standfast.experiment.trials import Means
from standfast.experiment.vary import find_axis
from standfast.meanfield.run import MeanField, run_meanfield
from standfast.results.clock import reference_hour
from standfast.scenario.load import load_scenario
from standfast.validation.worlds import (
    ANSWERED,
    BOTH,
    DEFEAT,
    DOUBLED,
    HARM,
    MESSAGES,
    NEITHER,
    SILENT,
    THREAT,
    UNEXPOSED,
    WORLDS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from standfast.scenario.model import Scenario

OUT = ROOT / "build" / "search"
AS_IT_IS, QUIET, MOSUL_2004 = "as it is", "quiet", "mosul-2004"
#: what is moved and how far: within the priors, where there are some, or half to twice what is shipped
RANGES: Mapping[str, tuple[float, float]] = {
    "decision.commitment": (8.3, 11.3), "decision.weight_fear": (3, 7), "decision.weight_family": (0.5, 6),
    "decision.weight_belief": (1, 4), "decision.weight_trust": (1, 4), "decision.cross_pressure": (0, 3),
    "decision.weight_order": (1, 5), "decision.commitment_local_police": (-2.5, 0),
    "decision.commitment_federal_police": (-3.5, 0),
    "decision.home_defence": (0, 2.5), "decision.wavering_pressure": (-6.5, -3.5),
    "comrades.peer_squad": (2, 8), "comrades.peer_company": (0, 4), "comrades.peer_norm": (0.15, 0.45),
    "comrades.memory": (24, 168), "fear.contagion_rate": (0.02, 0.3), "fear.amplification": (0, 0.6),
    "fear.fear_decay": (48, 240), "fear.shock_combat": (0.02, 0.12), "fear.shock_message": (0.02, 0.3),
    "fear.shock_targeted": (0.1, 0.5), "fear.shock_harm": (0.05, 0.4), "information.fear_of_alarm": (0.05, 0.5),
    "information.alarm_doubt": (0, 1), "trust.trust_decay": (720, 4320), "trust.trust_loss_fall": (0.1, 0.5),
    "information.fear_of_fall": (0.05, 0.5), "information.fear_of_flight": (0.05, 0.5),
    "belief.belief_of_fall": (0.4, 3), "belief.belief_of_flight": (0.5, 3), "belief.belief_of_departures": (0.5, 4),
    "belief.belief_of_alarm": (0.1, 1.5), "combat.attacker_power": (4, 16), "combat.break_ratio": (0.4, 1),
    "combat.break_time": (3, 12), "command.flight_rate": (0.005, 0.1), "command.flight_ratio": (0.5, 2),
    "command.order_by_flight": (0.3, 1.5), "family.reach_contested": (0.3, 1), "exposure.harm_rate": (0.0003, 0.004),
    "exposure.perceived_by_harm": (0.1, 0.5), "exposure.credibility_gain": (0.1, 0.6), "trust.trust_loss": (0.05, 0.6),
    "trust.trust_loss_flight": (0.1, 0.7), "front.assault_ratio": (1, 2.5), "front.advance_speed": (12, 30),
    "front.regroup": (0.25, 6), "front.garrison_share": (0.1, 0.4),
}  # fmt: skip
#: measure -> (least, most, how far off counts as one)
WINDOWS: Mapping[str, tuple[float, float, float]] = {
    "hours to half": (78, 112, 15),
    "hours to nine tenths": (88, 130, 15),
    "gone after 85 h": (0.05, 0.33, 0.1),
    "hours from Mosul to Tikrit": (20, 35, 8),
    "Samarra lost": (-1, 0, 0.67),
    "wavering over departures": (2.3, math.inf, 0.5),
    "garrisons that waver": (0.95, math.inf, 0.2),
    "answered: Mosul gone": (-1, 0.38, 0.1),
    "unexposed over as it is": (-1, 0.74, 0.1),
    "doubled over as it is": (-1, 0.95, 0.1),
    "both over the sum": (1.4, math.inf, 0.2),
    "quiet, a month": (0.0115, 0.033, 0.005),
    "Mosul 2004 gone": (0.7, 0.9, 0.3),
    "moved by messages": (0.0005, 0.08, 0.02),
    "after harm, over that": (3.4, math.inf, 2),
}
#: no single miss costs more
MOST = 3.0


def worlds() -> dict[str, Scenario]:
    """Return the thirteen worlds by name."""
    means = Means(progress=False)
    road = along(load_scenario("mosul-2014")).with_({"time.horizon": "288 h"})
    found = {AS_IT_IS: road, QUIET: load_scenario("quiet").with_({"time.horizon": "10 d"})}
    found[MOSUL_2004] = load_scenario("mosul-2004").with_({"time.horizon": "129 h"})
    for name in (
        ANSWERED,
        UNEXPOSED,
        DOUBLED,
        THREAT,
        DEFEAT,
        NEITHER,
        SILENT,
        MESSAGES,
        HARM,
        BOTH,
    ):
        found[name] = WORLDS[name].make(road, means)
    return found


def with_behaviour(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with some parameters at other values, checked as an experiment's are.

    Raises
    ------
    ScenarioError
        When there is no such parameter, or a value does not fit there.
    """
    axes = [find_axis(f"behaviour.{name}", scenario)[0] for name in values]
    return place_at(scenario, axes, list(values.values()))


class Judge:
    """Measures a candidate on all worlds."""

    def __init__(self) -> None:
        self.worlds = worlds()
        self.assault = round(reference_hour(self.worlds[AS_IT_IS]))

    def measure(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return every measure of `WINDOWS` under some values."""
        # one set serves every world, so that it is checked once
        moved = {"behaviour": with_behaviour(self.worlds[SILENT], values).behaviour}
        runs = {
            name: run_meanfield(world.model_copy(update=moved))
            for name, world in self.worlds.items()
        }
        gone = {name: run.judgement.overall_share_gone for name, run in runs.items()}
        alone = gone[THREAT] + gone[DEFEAT] - 2 * gone[NEITHER]
        told = gone[MESSAGES] - gone[SILENT]
        return self._clock(runs[AS_IT_IS]) | {
            "answered: Mosul gone": at(runs[ANSWERED], "mosul", "share_gone"),
            "unexposed over as it is": gone[UNEXPOSED] / gone[AS_IT_IS],
            "doubled over as it is": gone[DOUBLED] / gone[AS_IT_IS],
            "both over the sum": (gone[AS_IT_IS] - gone[NEITHER]) / max(alone, 1e-6),
            "quiet, a month": 1 - (1 - gone[QUIET]) ** 3,
            "Mosul 2004 gone": at(runs[MOSUL_2004], "mosul", "share_gone"),
            "moved by messages": told,
            "after harm, over that": (gone[BOTH] - gone[HARM]) / max(told, 1e-6),
        }

    def _clock(self, run: MeanField) -> dict[str, float]:
        q = run.places.index("mosul")
        left = 1 - run.serving[:, q] / run.serving[0, q]
        half = first_hour(left, 0.5)
        before = max(0, half - 24)
        week = 1 - run.serving[before, q] / run.serving[max(0, before - 168), q]
        manned = run.present[-1] >= 50
        lost = run.lost_hour[run.places.index("tikrit")] - run.lost_hour[q]
        return {
            "hours to half": half - self.assault,
            "hours to nine tenths": first_hour(left, 0.9) - self.assault,
            "gone after 85 h": float(left[self.assault + 85]),
            "hours from Mosul to Tikrit": float(lost),
            "Samarra lost": float(np.isfinite(run.lost_hour[run.places.index("samarra")])),
            "wavering over departures": float(run.wavering[before, q] / max(week, 1e-6)),
            "garrisons that waver": float(
                ((run.wavering[-1] * run.present[-1])[manned] > 0.5).mean()
            ),
        }


def at(run: MeanField, place: str, what: str) -> float:
    """Return a judgement about a place."""
    return float(getattr(run.judgement, what)[run.places.index(place)])


def first_hour(left: np.ndarray, share: float) -> int:
    """Return the first hour at which a share is gone, or one after the last."""
    gone = np.flatnonzero(left >= share)
    return int(gone[0]) if gone.size else left.size


def cost(measured: Mapping[str, float]) -> dict[str, float]:
    """Return what each miss costs; what is no number costs most."""
    found = {}
    for name, (least, most, scale) in WINDOWS.items():
        value = measured[name]
        miss = max(least - value, value - most, 0.0) / scale if np.isfinite(value) else MOST
        found[name] = min(MOST, miss)
    return found


def search(start: Mapping[str, float], minutes: float, seed: int) -> dict[str, Any]:
    """Look for the least cost, and return the best candidate that was found."""
    judge = Judge()
    names = list(RANGES)
    low, high = np.array(list(RANGES.values())).T
    unit = (np.array([start[name] for name in names]) - low) / (high - low)
    strategy = cma.CMAEvolutionStrategy(
        np.clip(unit, 0, 1),
        0.12,
        {"bounds": [0, 1], "seed": seed, "verbose": -9, "CMA_diagonal": True},
    )
    best: dict[str, Any] = {"cost": math.inf}
    until = time.monotonic() + 60 * minutes
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / f"{seed}.jsonl").open("a") as told:
        while time.monotonic() < until:
            asked, costs = strategy.ask(), []
            for point in asked:
                values = dict(zip(names, (low + point * (high - low)).tolist(), strict=True))
                measured = judge.measure(values)
                misses = cost(measured)
                costs.append(sum(misses.values()))
                row = {"cost": costs[-1], "values": values, "measured": measured, "misses": misses}
                told.write(json.dumps(row) + "\n")
                if costs[-1] < best["cost"]:
                    best = row
                    show(best)
            strategy.tell(asked, costs)
    return best


def show(row: Mapping[str, Any]) -> None:
    """Print what a candidate misses."""
    misses = {name: round(miss, 2) for name, miss in row["misses"].items() if miss > 0}
    print(f"{row['cost']:.2f}: {misses or 'misses nothing'}", flush=True)


def begin(path: Path | None) -> dict[str, float]:
    """Return the values to begin from: those shipped, or those of a file."""
    shipped = load_scenario("garrison").behaviour
    values = {}
    for name in RANGES:
        room, field = name.split(".")
        values[name] = float(getattr(getattr(shipped, room), field))
    return values if path is None else values | json.loads(path.read_text())["values"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Search, and keep the best."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="start", type=Path, help="a file with values to begin from")
    asked = parser.parse_args(arguments)
    best = search(begin(asked.start), asked.minutes, asked.seed)
    (OUT / f"best-{asked.seed}.json").write_text(json.dumps(best, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
