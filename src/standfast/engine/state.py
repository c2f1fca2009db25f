"""State of one run: every array a replicate writes, declared in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.plugins import own_state
from standfast.engine.start import status_at_start, trust_at_start
from standfast.kernels import draws, status
from standfast.kernels.resting import N_SURROUNDING
from standfast.network.layer import sum_over_ties
from standfast.results.recording import LOG_DTYPE
from standfast.scenario.forces import BRANCHES
from standfast.scenario.vocabulary import CONTROL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.engine.compile import Plan

    Arrays = dict[str, NDArray[Any]]

N_COLUMN = 64
N_QUEUE = 64
N_LOG = 65_536
#: one object for all runs, which kernels know again without comparing its fields at every call
_LOG_RECORD = np.dtype((np.record, LOG_DTYPE))
#: the bit of `happened` that says that somebody left
LEFT = status.LEFT
#: building draws reserve no replicate of their own: a run's start is drawn with the run's key
START = draws.START


@dataclass(frozen=True)
class Field:
    """One array of state: along which dimension, of which type, in which unit, meaning what."""

    dimension: str
    dtype: str
    unit: str
    says: str
    extra: tuple[int, ...] = ()


FIELDS: dict[str, Field] = {
    # agents
    "agent_status": Field("agent", "u1", "code", "status"),
    "fear": Field("agent", "f4", "1", "fear F"),
    "credibility": Field("agent", "f4", "1", "credibility of threats A"),
    "trust": Field("agent", "f4", "1", "trust in command T"),
    "belief": Field("agent", "f4", "log-odds", "belief that the force will hold L"),
    "resolve": Field("agent", "f4", "1", "resolve R"),
    "suspicion": Field("agent", "f4", "1", "suspicion Q"),
    "perceived": Field("agent", "f4", "1", "perceived exposure Y"),
    "exposed": Field("agent", "u1", "flag", "identity known to the adversary X"),
    "family": Field("agent", "u1", "code", "where the family is Z"),
    "heard": Field("agent", "u1", "bits", "news heard"),
    "heard_new": Field("agent", "u1", "bits", "news heard in this step"),
    "spreading": Field("agent", "u1", "bits", "news being spread"),
    "pieces": Field("agent", "u1", "1", "pieces of bad news heard"),
    "announced": Field("agent", "u1", "1/16", "fear that others far away know of"),
    "phone_fear": Field("agent", "i4", "1/16", "sum of voice x announced fear, phone contacts"),
    "kin_fear": Field("agent", "u2", "1/16", "the same over kin"),
    "phone_gone": Field("agent", "f4", "1", "memory of phone contacts who left, as a share"),
    "kin_gone": Field("agent", "f4", "1", "the same of kin"),
    "friends_gone": Field("agent", "u2", "people", "contacts who left in the last step"),
    "harm_near": Field("agent", "u1", "people", "contacts harmed in the last step"),
    "departure_step": Field("agent", "i4", "step", "step of leaving, -1 if never"),
    # squads and companies
    "squad_gone": Field("squad", "f8", "1", "memory of departures S"),
    "squad_fear": Field("squad", "f8", "1", "mean fear weighted by expressiveness"),
    "company_gone": Field("company", "f8", "1", "memory of departures"),
    "company_left": Field("company", "f8", "1", "share that left in the last step"),
    "company_fear": Field("company", "f8", "1", "mean fear"),
    "company_duty": Field("company", "i4", "people", "on duty"),
    "company_sums": Field("company", "f8", "mixed", "effort, trust, fear, belief, wavering", (5,)),
    "company_order": Field("company", "f8", "1", "push of orders to leave"),
    "company_stand": Field("company", "f8", "1", "order to stand"),
    "company_call_up": Field("company", "f8", "1", "call-up"),
    "company_trust_hit": Field("company", "f8", "1", "broken promises in this step"),
    "company_trust_gain": Field("company", "f8", "1", "promises kept in this step"),
    "company_belief_shift": Field("company", "f8", "log-odds", "shift of belief in this step"),
    "company_relief": Field("company", "u1", "flag", "reinforcement seen in this step"),
    "company_call": Field("company", "f8", "h", "end of patience; below 0: no open call"),
    "company_rest": Field("company", "u1", "flag", "nothing in it moves, nothing can happen"),
    "company_serving": Field("company", "i8", "people", "who serve, where it rests"),
    "rest_context": Field(
        "company", "f8", "mixed", "what surrounded it in the last step", (N_SURROUNDING,)
    ),
    # battalions
    "battalion_place": Field("battalion", "i4", "place", "where it is"),
    "battalion_hq": Field("battalion", "u1", "flag", "whether its commanders are there"),
    "battalion_told": Field(
        "battalion", "?", "flag", "learnt of its commanders' flight in this step"
    ),
    "battalion_routed": Field("battalion", "u1", "flag", "runs"),
    "battalion_dissolved": Field("battalion", "u1", "flag", "is no more"),
    "battalion_reserve": Field("battalion", "u1", "flag", "may be sent elsewhere"),
    "battalion_eta": Field("battalion", "f8", "h", "hour of arrival; -1 when not under way"),
    "battalion_target": Field("battalion", "i4", "place", "where it was sent"),
    "battalion_duty": Field("battalion", "i8", "people", "on duty"),
    "battalion_sums": Field("battalion", "f8", "mixed", "as company_sums", (5,)),
    "battalion_hit": Field("battalion", "f8", "1", "calls lost in this step"),
    # places
    "control": Field("place", "i1", "code", "who rules it"),
    "fighters": Field("place", "f8", "people", "adversary fighters"),
    "intensity": Field("place", "f8", "1", "share of full assault"),
    "scripted": Field("place", "f8", "1", "intensity of assault the scenario sets; 0: none"),
    "contact": Field("place", "u1", "flag", "fighting"),
    "defence": Field("place", "f8", "soldiers of full effort", "defending power D"),
    "attack": Field("place", "f8", "soldiers of full effort", "attacking power P"),
    "weak_hours": Field("place", "f8", "h", "time under the break ratio"),
    "siege_hours": Field("place", "f8", "h", "time the attack has waited"),
    "wait_hours": Field("place", "f8", "h", "time a column has waited to move on"),
    "halted": Field("place", "u1", "flag", "the front halted here"),
    "lost_hour": Field("place", "f8", "h", "when it was lost, NaN if not"),
    "neighbour_lost": Field("place", "u1", "flag", "a neighbouring place fell"),
    "supply_km": Field("place", "f8", "km", "length of the attackers' supply road"),
    "hold": Field("place", "f8", "people", "fighters who stay to hold it"),
    "ready_hour": Field("place", "f8", "h", "when columns may set out"),
    "steps_to_front": Field("place", "i4", "roads", "to the nearest place not taken"),
    "inmates": Field("place", "f8", "people", "in prison"),
    "allies": Field("place", "f8", "people", "local allies who joined"),
    "volunteers": Field("place", "f8", "people", "volunteers"),
    "volunteers_called": Field("place", "f8", "people", "volunteers called"),
    "rest_place": Field("place", "f8", "mixed", "hearsay and control in the last step", (2,)),
    "refugees": Field("place", "f8", "people", "civilians who fled"),
    "public_factor": Field("place", "f8", "1", "factor on public contacts"),
    "infiltration": Field("place", "f8", "1", "reach of informers"),
    "threatened": Field("place", "f8", "1", "rise of the campaign before an attack"),
    "campaign": Field("place", "f8", "1", "campaign level"),
    "chance_message": Field("place", "f8", "1", "of a broadcast message in this step"),
    "chance_targeted": Field("place", "f8", "1", "of a targeted message, if exposed"),
    "chance_mole": Field("place", "f8", "1", "of exposure by moles"),
    "chance_neighbour": Field("place", "f8", "1", "of exposure by neighbours"),
    "chance_harm": Field("place", "f8", "1", "of verified harm, if exposed"),
    "hearsay": Field("place", "f8", "1", "growth of perceived exposure in this step"),
    "chance_killed": Field("place", "f8", "1", "of being killed or captured in combat"),
    "chance_fire": Field("place", "f8", "1", "of coming under fire"),
    "leak": Field("place", "f8", "1", "share exposed by a leak in this step"),
    "ultimatum": Field("place", "i1", "code", "ultimatum in this step"),
    "next_ultimatum": Field("place", "f8", "h", "to the next ultimatum"),
    "leaving_safety": Field("place", "f8", "1", "how safe leaving is believed to be"),
    "place_gone": Field("place", "f8", "1", "memory of departures"),
    "place_duty": Field("place", "i8", "people", "on duty"),
    "place_sums": Field("place", "f8", "mixed", "as company_sums", (5,)),
    "place_hit": Field("place", "f8", "1", "calls lost in this step"),
    "place_gain": Field("place", "f8", "log-odds", "belief gained by volunteers in this step"),
    "calls_open": Field("place", "i8", "1", "open calls"),
    "calls_answered": Field("place", "i8", "1", "calls answered so far"),
    "calls_unanswered": Field("place", "i8", "1", "calls lost so far"),
    "answer": Field("place", "f8", "1", "chance that a call is answered"),
    "call_delay": Field("place", "f8", "h", "median delay of the reserves"),
    "verified": Field("place", "f8", "1", "strength of the verified channel"),
    "guard": Field("place", "f8", "1", "share of exposure prevented"),
    "leaders_kept": Field("place", "f8", "1", "share of commanders kept with their troops"),
    "amnesty": Field("place", "f8", "1", "pull of returning by amnesty"),
    "leave_cancelled": Field("place", "f8", "1", "share of leave cancelled"),
    "evacuation_gain": Field("place", "f8", "1", "skill added to withdrawals"),
    # news and columns
    "news_kind": Field("slot", "i8", "code", "kind of the piece of news, -1 none"),
    "news_place": Field("slot", "i8", "place", "where it happened"),
    "queue": Field("queue", "i8", "code", "news to put into circulation: kind, place", (2,)),
    "column_from": Field("column", "i4", "place", "where it set out"),
    "column_to": Field("column", "i4", "place", "where it goes"),
    "column_men": Field("column", "f8", "people", "its strength; 0: none"),
    "column_eta": Field("column", "f8", "h", "hour of arrival"),
    "column_km": Field("column", "f8", "km", "its supply road"),
    # marks and counters of a step
    "happened": Field("agent", "u1", "bits", "who left, was harmed in this step"),
    "change": Field("agent", "i1", "1/16", "by how much announced fear changed in this step"),
    "n_departed": Field("one", "i8", "1", "how many left in this step"),
    "n_harmed": Field("one", "i8", "1", "how many were harmed"),
    "n_changed": Field("one", "i8", "1", "of how many the announced fear changed"),
    "n_queue": Field("one", "i8", "1", "how many"),
    "n_log": Field("one", "i8", "1", "lines of the log, written or not"),
    "loot": Field("one", "f8", "men's equipment", "captured"),
    "resolute": Field("one", "i8", "people", "departures of people with resolve above the median"),
}


def sizes(plan: Plan) -> dict[str, int]:
    """Return the length of every dimension of the state."""
    people = plan.people
    return {
        "agent": people.n_agent,
        "squad": people.n_squad,
        "company": people.n_company,
        "battalion": people.n_battalion,
        "place": plan.n_place,
        "slot": status.N_SLOT,
        "queue": N_QUEUE,
        "column": N_COLUMN,
        "one": 1,
    }


def build_state(plan: Plan, key: tuple[int, int]) -> Arrays:
    """Return the state of a run at hour 0.

    Parameters
    ----------
    plan
        The compiled scenario.
    key
        The run's key, from `standfast.kernels.draws.run_key`.
    """
    length = sizes(plan)
    state: Arrays = {
        name: np.zeros((length[f.dimension], *f.extra), dtype=f.dtype) for name, f in FIELDS.items()
    }
    n_place, n_branch = plan.n_place, len(BRANCHES)
    state["count"] = np.zeros((n_place, n_branch, status.N_STATUS), dtype=np.int32)
    state["departures"] = np.zeros((n_place, n_branch, 3, status.N_EXIT), dtype=np.int64)
    state["cause"] = np.zeros((n_place, n_branch, status.N_TERM))
    state["news_weight"] = np.zeros((status.N_SLOT, n_place, n_place), dtype=np.float32)
    state["log_lines"] = np.zeros(N_LOG, dtype=_LOG_RECORD).view(np.recarray)
    state |= own_state(plan.scenario, length)
    _start_places(plan, state)
    _start_units(plan, state)
    _start_agents(plan, state, key)
    return state


def _start_places(plan: Plan, state: Arrays) -> None:
    scenario, values, on = plan.scenario, plan.values, plan.on
    for k, (slug, place) in enumerate(scenario.places.items()):
        state["control"][k] = CONTROL.index(place.control)
        state["infiltration"][k] = place.infiltration
        state["fighters"][k] = scenario.adversary.fighters.get(slug, 0)
    state["hold"][:] = values["garrison_share"] * state["fighters"]
    state["inmates"][:] = plan.arrays["inmates_start"] if on["M36"] else 0.0
    state["lost_hour"][:] = np.nan
    state["public_factor"][:] = 1.0
    state["leaving_safety"][:] = 0.5
    state["next_ultimatum"][:] = values["ultimatum_period"]
    state["amnesty"][:] = values["amnesty"]
    state["answer"][:] = values["answer_probability"]
    state["call_delay"][:] = values["dispatch_delay"]
    state["news_kind"][:] = -1
    # places that the adversary held before the start attack nobody until an event says so
    state["ready_hour"][:] = np.inf


def _start_units(plan: Plan, state: Arrays) -> None:
    state["battalion_place"][:] = plan.arrays["battalion_home"]
    state["battalion_reserve"][:] = plan.arrays["battalion_reserve_start"]
    state["battalion_hq"][:] = 1
    state["battalion_eta"][:] = -1.0
    state["company_call"][:] = -1.0


def _start_agents(plan: Plan, state: Arrays, key: tuple[int, int]) -> None:
    people, arrays, settings = plan.people, plan.arrays, plan.scenario.population
    on = plan.on
    state["agent_status"][:] = status_at_start(people)
    for name, at_start in plan.start.items():
        state[name][:] = at_start
    if on["M08"] or on["M09"]:
        moles = state["infiltration"]
        reach = np.maximum(moles[people.home], moles[arrays["origin"]])
        u = np.empty(3 * people.n_agent)
        draws.fill_uniform(u, *key, 0, START)
        for_x, for_a, for_y = u.reshape(3, -1)
        if on["M08"]:
            state["exposed"][:] = for_x < settings.exposed * reach
            state["perceived"][:] = settings.perceived_exposure * reach * 2.0 * for_y
        if on["M09"]:
            state["credibility"][:] = settings.credibility * reach * 2.0 * for_a
        np.clip(state["perceived"], 0, 1, out=state["perceived"])
        np.clip(state["credibility"], 0, 1, out=state["credibility"])
    state["trust"][:] = trust_at_start(plan)
    state["belief"][:] = plan.values["belief_start"]
    state["resolve"][:] = arrays["resolve_start"]
    state["fear"][:] = people.fear_baseline
    state["family"][:] = people.family
    state["departure_step"][:] = -1
    state["announced"][:] = (people.fear_baseline * 16 + 0.5).astype(np.uint8)
    told = arrays["voice"].astype(np.int32) * state["announced"]
    for name, layer in {"phone": plan.network.phone, "kin": plan.network.kin}.items():
        state[f"{name}_fear"][:] = sum_over_ties(layer, told)
