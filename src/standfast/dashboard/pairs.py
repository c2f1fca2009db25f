"""Who stayed because of it: the same people in two worlds that differ in what the defender does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.results.clock import reference_hour
from standfast.results.verdict import judge
from standfast.scenario.forces import BRANCHES
from standfast.scenario.vocabulary import HOME_KINDS, SERVING, STATUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.dashboard.jobs import Job
    from standfast.dashboard.world import World
    from standfast.scenario.model import Scenario

    Mask = NDArray[np.bool_]

_SERVES = np.isin(np.arange(len(STATUS)), [STATUS.index(name) for name in SERVING])
#: people named as examples
EXAMPLES = 8


def are_paired(first: World, second: World) -> bool:
    """Return whether two worlds have the same people under the same luck."""
    a, b = first.sim, second.sim
    same = (a.seed, a.replicate) == (b.seed, b.replicate)
    return (
        same and a.original.forces == b.original.forces and a.original.places == b.original.places
    )


def who_stayed(first: World, second: World, hour: float) -> dict[str, Any]:
    """Compare everybody at an hour: who serves in the second world and not in the first.

    Parameters
    ----------
    first, second
        Two worlds of the same people.
    hour
        Compared at this hour, or the last that both have reached [h].
    """
    with first.lock, second.lock:
        at = min(hour, first.sim.hour, second.sim.hour)
        step = round(at / first.sim.scenario.time.step)
        serve_a = _SERVES[first.sim.chronicle.status_at(step)]
        serve_b = _SERVES[second.sim.chronicle.status_at(step)]
    plan = first.sim.run.plan
    people = plan.people
    stayed, left = serve_b & ~serve_a, serve_a & ~serve_b
    living = people.ghost == 0
    origin, kind = plan.arrays["origin"], plan.arrays["home_kind"]

    def rows(codes: NDArray[np.integer[Any]], n: int) -> list[list[int]]:
        return [
            [int((mask & (codes == k)).sum()) for mask in (living, serve_a, serve_b, stayed, left)]
            for k in range(n)
        ]

    index = first.ground.index
    by_place = rows(origin, plan.n_place)
    return {
        "hour": at,
        "people": int(living.sum()),
        "serving": [int(serve_a.sum()), int(serve_b.sum())],
        "stayed": int(stayed.sum()),
        "left": int(left.sum()),
        "by_place": [by_place[i] for i in index],
        "by_branch": rows(people.branch, len(BRANCHES)),
        "by_home": rows(kind, len(HOME_KINDS)),
        "examples": _examples(first, stayed),
    }


def _examples(world: World, stayed: Mask) -> list[dict[str, Any]]:
    """Return a few of those who stayed, of every rank and from all over, the same ones every time."""
    people = world.sim.run.plan.people
    who = np.flatnonzero(stayed)
    if who.size == 0:
        return []
    leaders = who[people.rank[who] > 0][: EXAMPLES // 2]
    spread = who[np.linspace(0, who.size - 1, EXAMPLES).astype(int)]
    chosen = sorted({*leaders.tolist(), *spread.tolist()})[:EXAMPLES]
    places = list(world.sim.scenario.places.values())
    return [
        {
            "agent": i,
            "rank": int(people.rank[i]),
            "unit": people.battalion_title(
                int(people.company_battalion[people.squad_company[people.squad[i]]])
            ),
            "home": places[int(people.home[i])].title,
        }
        for i in chosen
    ]


def run_pairs(
    job: Job, base: Scenario, changed: Scenario, seed: int, replicates: list[int]
) -> list[dict[str, Any]]:
    """Run both scenarios over some replicates, and return the outcome of every pair."""
    plans = [compile_plan(scenario, seed) for scenario in (base, changed)]
    total = len(replicates) * sum(plan.n_step for plan in plans)
    done = 0
    found: list[dict[str, Any]] = []
    for replicate in replicates:
        pair = []
        for plan in plans:

            def tell(step: int, so_far: int = done) -> None:
                if step % 8 == 0:
                    job.progress(so_far + step, total, f"{len(found)} of {len(replicates)} pairs")

            recording = run_replicate(plan, replicate, should_stop=job.stop.is_set, on_step=tell)
            done += plan.n_step
            outcome = judge(recording, plan.scenario, reference_hour(plan.scenario))
            pair.append(
                {
                    "verdict": outcome.overall_verdict,
                    "gone": round(float(outcome.overall_share_gone), 5),
                }
            )
        found.append({"replicate": replicate, "without": pair[0], "with": pair[1]})
        job.result = list(found)
    return found
