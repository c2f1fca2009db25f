"""Small runs that the slow twin has confirmed, kept step by step, to hold a mutant against."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, given, settings

from standfast.engine.compile import compile_plan
from standfast.engine.record import Record
from standfast.engine.run import Run
from standfast.testing.strategies import scenarios

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "reference"))

from twin.compare import (  # noqa: E402  the twin is a package of the tests
    FRIENDS,
    PLACE_NUMBERS,
    STORED,
    TOLERANCE,
    first_difference,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from standfast.engine.compile import Plan

#: what the twin compares after every step, beside the names it lists itself
PEOPLE = (
    "agent_status", "exposed", "family", "announced", "pieces", "friends_gone", "harm_near",
    "departure_step", "heard", "heard_new", "spreading",
)  # fmt: skip
UNITS = (
    "squad_gone", "squad_fear", "company_gone", "company_fear", "company_order", "company_stand",
    "company_call_up", "company_trust_hit", "company_belief_shift", "battalion_place",
    "battalion_hq", "battalion_routed", "battalion_dissolved", "battalion_reserve",
    "battalion_duty", "battalion_eta",
)  # fmt: skip
OTHERS = ("lost_hour", "place_gone", "loot", "column_men", "n_log")
ENDS = ("departures", "cause", "resolute", "count")


@dataclass
class Witness:
    """A run of the engine that the twin agrees with."""

    plan: Plan
    replicate: int
    steps: list[dict[str, NDArray[Any]]]
    rows: list[NDArray[Any]]
    lines: frozenset[tuple[str, int]]

    def contradicts(self) -> bool:
        """Tell whether the engine as it is now runs otherwise, or not at all."""
        try:
            plan = compile_plan(
                self.plan.scenario,
                self.plan.seed,
                people=self.plan.people,
                network=self.plan.network,
            )
            states = zip(_states(plan, self.replicate), self.steps, self.rows, strict=True)
            return any(differ(now, known) or off(row, kept) for (now, row), known, kept in states)
        except Exception:  # noqa: BLE001  whatever a mutant does wrong, it was found
            return True


def differ(now: dict[str, NDArray[Any]], known: dict[str, NDArray[Any]]) -> bool:
    """Tell whether any array of state differs by more than the twin allows."""
    return any(off(now[name], value) for name, value in known.items())


def off(now: NDArray[Any], known: NDArray[Any]) -> bool:
    """Compare whole numbers exactly, and others to what the twin allows."""
    if now.dtype.kind != "f":
        return not np.array_equal(now, known)
    a, b = now.astype(np.float64), known.astype(np.float64)
    near = np.abs(a - b) <= 2 * TOLERANCE * np.maximum(1e-3, np.maximum(np.abs(a), np.abs(b)))
    return not bool(np.all(near | (a == b) | (np.isnan(a) & np.isnan(b))))


def _states(plan: Plan, replicate: int) -> Iterator[tuple[dict[str, NDArray[Any]], NDArray[Any]]]:
    run, record = Run(plan, replicate), Record(plan)
    counts = _count_work(run)
    living = plan.people.ghost == 0
    p = plan.arrays["behaviour"][0]
    friends = FRIENDS if p["peer_phone"] or p["peer_kin"] else ()
    places = tuple(x for x in PLACE_NUMBERS if p["M13"] or x not in ("answer", "call_delay"))
    row = 0
    for step in range(plan.n_step + 1):
        if step:
            run.advance()
        kept = {x: run.arrays[x][living].copy() for x in (*STORED, *friends, *PEOPLE)}
        kept |= {x: run.arrays[x].copy() for x in (*places, *UNITS, *OTHERS, *ENDS)}
        kept["log"] = _log(run)
        kept["counts"] = np.array(counts)
        readings = np.zeros(0)
        if step % plan.record_every == 0:
            record.write(row, run.arrays)
            readings = np.concatenate([x[row].ravel() for x in record.readings.values()])
            row += 1
        yield kept, readings


def _count_work(run: Run) -> list[int]:
    """Have every phase of a run write down what its kernel says it did, in order."""
    counts: list[int] = []

    def counted(kernel: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any) -> Any:
            counts.append(int(kernel(*values) or 0))
            return counts[-1]

        return call

    run.calls = [(name, counted(kernel), *rest) for name, kernel, *rest in run.calls]
    return counts


def _log(run: Run) -> NDArray[np.float64]:
    lines = run.arrays["log_lines"][: int(run.arrays["n_log"][0])]
    return np.array([list(line) for line in lines.tolist()], dtype=np.float64)


def gather(number: int, seed: int, kernels: Path, each_line: int = 10) -> list[Witness]:
    """Return witnesses so that every line of a kernel that any runs is run by several.

    Parameters
    ----------
    number
        Scenarios to draw.
    each_line
        Witnesses wanted for every line.
    """
    drawn: list[tuple[Any, int]] = []

    @hypothesis.seed(seed)
    @settings(
        max_examples=number, derandomize=False, database=None, deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(scenarios(max_people=24, max_steps=24), hypothesis.strategies.integers(0, 5))
    def draw(scenario: Any, replicate: int) -> None:
        drawn.append((scenario, replicate))

    @hypothesis.seed(seed)
    @settings(
        max_examples=number // 4, derandomize=False, database=None, deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(scenarios(max_people=110, max_steps=12), hypothesis.strategies.integers(0, 5))
    def draw_more_people(scenario: Any, replicate: int) -> None:
        # so that more companies are there than are advanced together
        if "details" in {force.unit_scheme for force in scenario.forces.values()}:
            drawn.append((scenario, replicate))

    draw_more_people()
    draw()
    # friends who left count in most scenarios by phone and by kin; in these by one of them only
    for n, (scenario, replicate) in enumerate(drawn[-40:]):
        alone = ("peer_phone", "peer_kin")[n % 2]
        changes = {"behaviour.comrades.peer_phone": 0.0, "behaviour.comrades.peer_kin": 0.0}
        changes[f"behaviour.comrades.{alone}"] = 1.0
        drawn.insert(0, (scenario.with_(changes), replicate))
    seen: dict[tuple[str, int], int] = {}
    witnesses = []
    for n, (scenario, replicate) in enumerate(drawn):
        plan = compile_plan(scenario, n)
        with Tracer(kernels) as tracer:
            states = list(_states(plan, replicate))
        if all(seen.get(line, 0) >= each_line for line in tracer.lines):
            continue
        # interpreted, single precision rounds otherwise than compiled: rarely by more than allowed
        if first_difference(scenario, n, replicate) is not None:
            continue
        for line in tracer.lines:
            seen[line] = seen.get(line, 0) + 1
        steps, rows = zip(*states, strict=True)
        witnesses.append(Witness(plan, replicate, list(steps), list(rows), frozenset(tracer.lines)))
    return witnesses


class Tracer:
    """Collect which lines of the kernels are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.lines: set[tuple[str, int]] = set()

    def __enter__(self) -> Tracer:
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame: Any, event: str, _arg: object) -> Any:
        del event
        file = frame.f_code.co_filename
        if not file.startswith(self.folder):
            return None
        module = Path(file).stem

        def line(frame: Any, event: str, _arg: object) -> Any:
            if event == "line":
                self.lines.add((module, frame.f_lineno))
            return line

        return line
