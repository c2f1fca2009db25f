"""Dated events: who and what each touches, when it happens, and that it touches nothing else.

Most tests let one event happen to a run at hour 0 and compare every array with before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.events import Moment, apply, draw_moments, happen
from standfast.engine.run import Run, run_replicate
from standfast.kernels import status
from standfast.kernels.draws import run_key
from standfast.scenario.vocabulary import LOG_KINDS
from standfast.testing.alike import differing_arrays
from standfast.testing.proving_ground import proving_ground

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

PORT, FORD, FORT = range(3)
LOG = {"log_lines", "n_log"}
EVENTS: dict[str, tuple[str, dict[str, object]]] = {
    "attack": ("M33", {"place": "port", "fighters": 120, "intensity": 0.25}),
    "reinforce": ("M13", {"place": "port", "force": "fort-brigade", "battalions": 1, "delay": "5 h"}),
    "commanders_leave": ("M15", {"place": "port", "share": 0.6}),
    "mass_message": ("M01", {"places": ["port", "fort"], "reach": 0.4}),
    "order": ("M17", {"place": "port", "order": "leave", "share": 0.5}),
    "call_up": ("M19", {"places": ["ford"]}),
    "breach": ("M08", {"place": "port", "share": 0.3}),
    "prison_break": ("M36", {"place": "port"}),
    "mobilisation": ("M39", {"place": "fort", "volunteers": 70}),
    "leaving_safety": ("M28 M29", {"place": "ford", "change": 0.2}),
}  # fmt: skip


def event_of(kind: str, **more: object) -> dict[str, object]:
    return {"id": "it", "kind": kind, "at": "0 h"} | EVENTS.get(kind, ("", {}))[1] | more


def run_of(events: list[dict[str, object]], replicate: int = 0, **changes: object) -> Run:
    base = {"events": events, "interventions": [], "time.reference_event": None}
    return Run(compile_plan(proving_ground(base | changes), 1), replicate)


def copied(run: Run) -> Arrays:
    return {name: array.copy() for name, array in run.arrays.items()}


def let_happen(run: Run) -> Arrays:
    """Let every event of a run happen now; return the arrays as they were before."""
    before = copied(run)
    for moment in run.moments:
        happen(run.scene, moment)
    return before


def changed(run: Run, before: Arrays) -> set[str]:
    return {name for name, array in run.arrays.items() if array.tobytes() != before[name].tobytes()}


def lines(run: Run) -> list[tuple[Any, ...]]:
    """Return the log as (kind, place, battalion, value)."""
    written = run.arrays["log_lines"][: run.arrays["n_log"][0]]
    return [
        (LOG_KINDS[kind], int(place), int(battalion), round(float(value), 4))
        for _, kind, place, battalion, value in written.tolist()
    ]


def at_place(run: Run, place: int) -> NDArray[np.bool_]:
    """Return who is posted at a place."""
    people, arrays = run.plan.people, run.arrays
    battalion = people.company_battalion[people.squad_company[people.squad]]
    return arrays["battalion_place"][battalion] == place


def serves(run: Run) -> NDArray[np.bool_]:
    return run.arrays["agent_status"] <= status.LEAVE


def test_attack():
    run = run_of([event_of("attack")])
    before = let_happen(run)
    assert changed(run, before) == LOG | {"fighters", "scripted", "intensity"}
    assert (run.arrays["fighters"] - before["fighters"]).tolist() == [120, 0, 0, 0]
    assert run.arrays["intensity"].tolist() == [0.25, 0, 0, 0]
    assert lines(run) == [("attack", PORT, -1, 120.0)]


def test_nobody_attacks_what_the_adversary_holds():
    run = run_of([event_of("attack")])
    run.arrays["control"][PORT] = status.ADVERSARY
    assert changed(run, let_happen(run)) == set()


def test_intensify_only_presses_an_assault_under_way():
    harder = event_of("intensify", id="harder", place="port", intensity=0.9)
    run = run_of([event_of("attack"), harder])
    let_happen(run)
    assert run.arrays["scripted"][PORT] == 0.9
    assert lines(run)[-1] == ("intensify", PORT, -1, 0.9)
    alone = run_of([harder])
    assert changed(alone, let_happen(alone)) == set()


def test_reinforce():
    run = run_of([event_of("reinforce")])
    run.arrays["battalion_target"][:] = -1  # target is read only of those under way
    before = let_happen(run)
    assert changed(run, before) == LOG | {"battalion_eta", "battalion_target"}
    sent = np.flatnonzero(run.arrays["battalion_eta"] >= 0)
    force = list(run.plan.scenario.forces).index("fort-brigade")
    assert sent.size == 1
    assert run.plan.people.battalion_force[sent].tolist() == [force]
    hours = 5.0 + run.arrays["travel_hours"][FORT, PORT]
    assert run.arrays["battalion_eta"][sent] == pytest.approx(hours)
    assert run.arrays["battalion_target"][sent] == PORT
    assert lines(run) == [("call_answered", PORT, int(sent[0]), round(float(hours), 4))]


@pytest.mark.parametrize("kept_back", ["battalion_eta", "battalion_dissolved", "battalion_place"])
def test_reinforce_sends_no_battalion_twice_nor_one_that_is_no_more_or_there(kept_back):
    run = run_of([event_of("reinforce", battalions=5)])
    run.arrays[kept_back][:] = 1 if kept_back != "battalion_place" else PORT
    assert changed(run, let_happen(run)) == set()


def test_commanders_leave():
    run = run_of([event_of("commanders_leave")])
    before = let_happen(run)
    arrays, people = run.arrays, run.plan.people
    gone = np.flatnonzero(arrays["battalion_hq"] == 0)
    here = np.flatnonzero(arrays["battalion_place"] == PORT)
    assert 0 < gone.size < here.size
    assert set(gone) <= set(here)
    ordered = np.isin(people.company_battalion, gone)
    push = np.where(ordered, arrays["behaviour"]["order_by_flight"], 0.0)
    assert arrays["company_order"].tolist() == push.tolist()
    # all of those battalions who serve learn it, and nobody else
    told = ordered[people.squad_company[people.squad]] & serves(run)
    assert (arrays["heard_new"] != 0).tolist() == told.tolist()
    assert arrays["news_kind"][0] == status.FLIGHT
    assert lines(run) == [("commanders_leave", PORT, int(b), 1.0) for b in gone]
    assert changed(run, before) == LOG | {
        "battalion_hq", "company_order", "heard_new", "news_kind", "news_weight", "slot_next",
    }  # fmt: skip


def test_a_larger_share_takes_more_of_the_same_commanders():
    gone = []
    for share in (0.3, 0.6, 1.0):
        run = run_of([event_of("commanders_leave", share=share)])
        let_happen(run)
        gone.append(set(np.flatnonzero(run.arrays["battalion_hq"] == 0).tolist()))
    assert gone[0] <= gone[1] <= gone[2]
    assert gone[2] == set(np.flatnonzero(run.arrays["battalion_place"] == PORT).tolist())


@pytest.mark.parametrize(("share", "kept"), [(0.0, 0.0), (1.0, 1.0)])
def test_where_all_commanders_stay_there_is_no_news(share, kept):
    run = run_of([event_of("commanders_leave", share=share)])
    run.arrays["leaders_kept"][PORT] = kept
    assert changed(run, let_happen(run)) == set()


def test_mass_message():
    run = run_of([event_of("mass_message")])
    before = let_happen(run)
    assert changed(run, before) == LOG | {
        "heard_new", "news_kind", "news_place", "news_weight", "slot_next",
    }  # fmt: skip
    told = run.arrays["heard_new"]
    reachable = serves(run) & (run.arrays["phone"] == 1)
    for bit, place in ((1, PORT), (2, FORT)):
        here = at_place(run, place)
        heard = (told & bit) != 0
        assert not heard[~(here & reachable)].any()
        n = int((here & reachable).sum())
        assert abs(heard.sum() - 0.4 * n) < 4 * np.sqrt(0.24 * n)
    assert not (told > 3).any()
    assert lines(run) == [("mass_message", PORT, -1, 0.4), ("mass_message", FORT, -1, 0.4)]


def test_order_to_leave_reaches_a_share_of_the_battalions():
    run = run_of([event_of("order")])
    before = let_happen(run)
    assert changed(run, before) == LOG | {"company_order"}
    reached = np.unique(run.plan.people.company_battalion[run.arrays["company_order"] == 1.0])
    here = np.flatnonzero(run.arrays["battalion_place"] == PORT)
    assert 0 < reached.size < here.size
    assert set(reached) <= set(here)
    assert lines(run) == [("order", PORT, -1, 3.0)]


def test_order_to_stand():
    run = run_of([event_of("order", order="stand", share=1.0)])
    before = let_happen(run)
    assert changed(run, before) == LOG | {"company_stand", "company_belief_shift"}
    here = run.arrays["battalion_place"][run.plan.people.company_battalion] == PORT
    assert run.arrays["company_stand"].tolist() == here.astype(float).tolist()
    assert (run.arrays["company_belief_shift"] > 0).tolist() == here.tolist()


@pytest.mark.parametrize("order", ["withdraw", "evacuate"])
@pytest.mark.parametrize(("skill", "in_order"), [(1.0, True), (0.0, False)])
def test_order_to_move_is_carried_out_or_releases(order, skill, in_order):
    trusting = {"behaviour.command.evacuation_skill": skill, "forces.port-brigade.corruption": 0.0,
                "forces.port-police.corruption": 0.0, "forces.port-police.quality": 0.5}  # fmt: skip
    run = run_of([event_of("order", order=order, to="fort", share=1.0)], **trusting)
    here = np.flatnonzero(run.arrays["battalion_place"] == PORT)
    before = let_happen(run)
    if in_order:
        assert changed(run, before) == LOG | {"battalion_place"}
        assert (run.arrays["battalion_place"][here] == FORT).all()
        duty = before["battalion_duty"][here].tolist()
        assert lines(run)[:-1] == [
            ("evacuation", PORT, int(b), float(n)) for b, n in zip(here, duty, strict=True)
        ]
    else:
        assert changed(run, before) == LOG | {"company_order"}
        assert len(lines(run)) == 1
    assert lines(run)[-1][0] == "order"


def test_a_battalion_that_is_no_more_carries_out_no_order():
    run = run_of([event_of("order", order="withdraw", to="fort", share=1.0)])
    run.arrays["battalion_dissolved"][:] = 1
    assert changed(run, let_happen(run)) == LOG


def test_call_up():
    run = run_of([event_of("call_up")])
    before = let_happen(run)
    assert changed(run, before) == LOG | {"company_call_up"}
    here = run.arrays["battalion_place"][run.plan.people.company_battalion] == FORD
    push = run.arrays["behaviour"]["order_by_call_up"][0]
    assert run.arrays["company_call_up"].tolist() == (here * push).tolist()
    assert lines(run) == [("call_up", FORD, -1, float(here.sum()))]


@pytest.mark.parametrize(("guard", "share"), [(0.0, 0.3), (0.5, 0.15), (1.0, 0.0)])
def test_breach(guard, share):
    run = run_of([event_of("breach")])
    run.arrays["guard"][PORT] = guard
    before = let_happen(run)
    assert changed(run, before) <= LOG | {"leak"}
    assert run.arrays["leak"].tolist() == pytest.approx([share, 0, 0, 0])
    assert lines(run) == [("breach", PORT, -1, round(share, 4))]


def test_prison_break():
    run = run_of([event_of("prison_break")])
    before = let_happen(run)
    assert changed(run, before) == LOG | {
        "fighters", "inmates", "heard_new", "news_kind", "news_weight", "slot_next",
    }  # fmt: skip
    # 300 inmates, half of them fighters, of whom two fifths join
    assert run.arrays["fighters"][PORT] - before["fighters"][PORT] == pytest.approx(60.0)
    assert run.arrays["inmates"].tolist() == [0, 200, 0, 0]
    assert (run.arrays["heard_new"] != 0)[at_place(run, PORT) & serves(run)].all()
    assert lines(run) == [("prison_break", PORT, -1, 300.0)]


def test_mobilisation():
    run = run_of([event_of("mobilisation")])
    before = let_happen(run)
    assert changed(run, before) == LOG | {"volunteers_called"}
    assert run.arrays["volunteers_called"].tolist() == [0, 0, 70, 0]
    assert lines(run) == [("mobilisation", FORT, -1, 70.0)]


@pytest.mark.parametrize(("change", "safety"), [(0.2, 0.7), (1.0, 1.0), (-0.8, 0.0)])
def test_leaving_safety_stays_a_share(change, safety):
    run = run_of([event_of("leaving_safety", change=change)])
    before = let_happen(run)
    assert changed(run, before) == LOG | {"leaving_safety"}
    assert run.arrays["leaving_safety"].tolist() == pytest.approx([0.5, safety, 0.5, 0.5])
    assert lines(run) == [("leaving_safety", FORD, -1, change)]


@pytest.mark.parametrize("kind", EVENTS)
def test_of_a_mechanism_that_is_off_it_does_nothing(kind):
    off = {f"mechanisms.{key}.enabled": False for key in EVENTS[kind][0].split()}
    run = run_of([event_of(kind)], **off)
    assert changed(run, let_happen(run)) == set()


def test_what_is_no_event_is_refused():
    with pytest.raises(TypeError):
        apply(object(), run_of([]).scene)


@pytest.mark.parametrize("held", [True, False])
def test_unless_held_waits_for_a_place_to_fall(held):
    run = run_of([event_of("mobilisation", unless_held="ford")])
    if not held:
        run.arrays["control"][FORD] = status.ADVERSARY
    before = let_happen(run)
    assert changed(run, before) == (set() if held else LOG | {"volunteers_called"})


def hours_of(replicates: int, **more: object) -> list[float | None]:
    """Return the hour at which an event happens in each replicate, None where it does not."""
    plan = run_of([event_of("mobilisation", **more)]).plan
    drawn = []
    for k in range(replicates):
        key0, key1 = run_key(np.uint64(1), k)
        moments = draw_moments(plan, (int(key0), int(key1)))
        drawn.append(moments[0].hour if moments else None)
    return drawn


def test_spread_is_drawn_evenly_after_the_hour():
    hours = np.array(hours_of(400, at="10 h", spread="20 h"), dtype=float)
    assert hours.min() >= 10.0
    assert hours.max() < 30.0
    # four standard errors of the mean of a uniform over 20 h
    assert abs(hours.mean() - 20.0) < 4 * 20 / np.sqrt(12 * 400)
    assert np.unique(hours).size == 400


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_probability_is_a_share_of_the_replicates(probability):
    happened = sum(hour is not None for hour in hours_of(400, probability=probability))
    error = np.sqrt(400 * probability * (1 - probability))
    assert abs(happened - 400 * probability) <= 4 * error


def test_it_happens_in_the_step_that_holds_its_hour():
    run = run_of([event_of("mobilisation", at="150 min")])
    called = []
    for _ in range(4):
        run.advance()
        called.append(float(run.arrays["volunteers_called"][FORT]))
    assert called == [0, 0, 70, 70]
    assert run.arrays["log_lines"]["hour"][0] == 2.0


def test_events_happen_in_the_order_of_their_hours_and_then_of_the_list():
    names = [("c", "9 h"), ("b", "3 h"), ("a", "3 h")]
    run = run_of([event_of("mobilisation", id=name, at=at) for name, at in names])
    assert [moment.event.id for moment in run.moments] == ["b", "a", "c"]


def test_attackers_break_off_what_they_could_not_take():
    run = run_of([event_of("attack", at="2 h", breaks_off_after="4 h")],
                 **{"adversary.fighters": {"port": 40}, "mechanisms.M34.enabled": False})  # fmt: skip
    for _ in range(8):
        run.advance()
    assert run.arrays["fighters"][PORT] == pytest.approx(40.0, abs=3.0)
    assert run.arrays["control"][PORT] == status.GOVERNMENT
    assert run.arrays["scripted"][PORT] == 0.0
    assert ("attack_breaks_off", PORT, -1, 120.0) in lines(run)


def test_attackers_do_not_break_off_what_they_took():
    run = run_of([event_of("attack", breaks_off_after="4 h")])
    attack, end = run.moments
    happen(run.scene, attack)
    run.arrays["control"][PORT] = status.ADVERSARY
    before = copied(run)
    happen(run.scene, end)
    assert changed(run, before) == set()


def test_an_attack_that_never_came_does_not_break_off():
    """It waited for the ford to fall; the ford falls later, before it would have broken off."""
    run = run_of([event_of("attack", unless_held="ford", breaks_off_after="4 h")])
    attack, end = run.moments
    happen(run.scene, attack)
    run.arrays["control"][FORD] = status.ADVERSARY
    before = copied(run)
    happen(run.scene, end)
    assert changed(run, before) == set()


@pytest.mark.parametrize("position", [0, 4, 10])
def test_an_event_that_does_not_happen_changes_no_draw_of_others(position):
    """Wherever it stands in the list: draws go by an event's id, not by its place."""
    known = proving_ground({"events.assault.spread": "9 h", "events.go.probability": 0.5})
    events = [event.model_dump(mode="json") for event in known.events]
    never = event_of("call_up", id="never", probability=0.0)
    more = known.with_({"events": [*events[:position], never, *events[position:]]})
    for k in range(3):
        runs = [run_replicate(compile_plan(scenario, 1), k) for scenario in (known, more)]
        assert differing_arrays(*runs) == ()


def test_replicates_draw_their_own_hours():
    moments: list[list[Moment]] = [
        run_of([event_of("mobilisation", spread="9 h")], replicate=k).moments for k in range(3)
    ]
    assert len({of_run[0].hour for of_run in moments}) == 3
