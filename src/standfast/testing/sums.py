"""Invariants of roll-ups: squads make companies, companies battalions and places, and those the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.testing.moment import AFTER_STEP, AFTER_SUMS, CODE, Invariant, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from standfast.testing.moment import Moment

#: sums of thousands of floats in another order
ROUNDING = 1e-9
#: products in single precision
SINGLE = 1e-6
#: the logistic by table against the exact one, for each person
TABLE = 2e-5
SUMS = ("effort", "trust", "fear", "belief", "wavering")


def duty(moment: Moment) -> Iterator[str]:
    """Check that those on duty add up from squads to companies, battalions, places and the total."""
    people, now = moment.plan.people, moment.now
    by_squad = np.bincount(people.squad[moment.on_duty], minlength=people.n_squad)
    by_company = np.bincount(people.squad_company, by_squad, minlength=people.n_company)
    if (by_company != now["company_duty"]).any():
        yield f"squads do not add up to companies: {where(by_company != now['company_duty'])}"
    by_battalion = np.bincount(
        people.company_battalion, now["company_duty"], minlength=people.n_battalion
    )
    if (by_battalion != now["battalion_duty"]).any():
        yield f"companies do not add up to battalions: {where(by_battalion != now['battalion_duty'])}"
    by_place = np.bincount(
        now["battalion_place"], now["battalion_duty"], minlength=moment.plan.n_place
    )
    if (by_place != now["place_duty"]).any():
        yield f"battalions do not add up to places: {where(by_place != now['place_duty'])}"
    total = int(now["count"][:, :, CODE["duty"]].sum())
    if now["place_duty"].sum() != total:
        yield f"places add up to {now['place_duty'].sum()} on duty instead of {total}"


def readings(moment: Moment) -> Iterator[str]:
    """Check that sums of effort, trust, fear, belief and wavering add up from people to companies and above."""
    people, now, company = moment.plan.people, moment.now, moment.company

    def by_company(values: NDArray[Any]) -> NDArray[np.float64]:
        weights = np.where(moment.on_duty, values, 0.0)
        return np.bincount(company, weights, people.n_company).astype(np.float64)

    fear, trust = now["fear"].astype(np.float64), now["trust"].astype(np.float64)
    hope = 1.0 / (1.0 + np.exp(-now["belief"].astype(np.float64)))
    effort = np.sqrt(now["resolve"].astype(np.float64)) * (1.0 - fear)
    expected = (by_company(effort) * now["company_skill"], *map(by_company, (trust, fear, hope)))
    room = now["company_duty"] * np.array([[SINGLE], [ROUNDING], [ROUNDING], [TABLE]]) + ROUNDING
    for k, values in enumerate(expected):
        wrong = np.abs(values - now["company_sums"][:, k]) > room[k]
        if wrong.any():
            yield f"{SUMS[k]} of companies is not that of their people: {where(wrong)}"
    waver = now["company_sums"][:, 4]
    if ((waver > now["company_duty"]) | (waver != np.floor(waver))).any():
        yield "more waver in a company than are on duty"
    for name, above, n in (
        ("battalion_sums", people.company_battalion, people.n_battalion),
        ("place_sums", now["battalion_place"][people.company_battalion], moment.plan.n_place),
    ):
        total = np.zeros((n, len(SUMS)))
        np.add.at(total, above, now["company_sums"])  # in the order of the companies, as the kernel
        if (total != now[name]).any():
            yield f"companies do not add up in {name}: {where(total != now[name])}"


def memories(moment: Moment) -> Iterator[str]:
    """Check that memories of departures are those of the step before, faded, and the share that left."""
    people, now, past = moment.plan.people, moment.now, moment.past
    fade = float(moment.behaviour["fade_memory"])
    before, after = past["agent_status"], now["agent_status"]
    gone = (after >= CODE["hiding"]) & (after <= CODE["captured"])
    left = (before == CODE["duty"]) & gone
    for name, unit, starts in (
        ("squad_gone", people.squad, people.squad_start),
        ("company_gone", moment.company, people.company_start),
    ):
        share = np.bincount(unit[left], minlength=starts.size - 1) / np.diff(starts)
        wrong = np.abs(past[name] * fade + share - now[name]) > ROUNDING * (1.0 + now[name])
        if wrong.any():
            yield f"{name} is not the departures remembered: {where(wrong)}"
    size = np.diff(people.company_start)
    counted = np.bincount(moment.company[left], minlength=people.n_company)
    off = np.abs(now["company_left"] * size - counted) > ROUNDING * size
    if off.any():
        yield f"company_left is not the share that left: {where(off)}"
    here = now["battalion_place"][people.company_battalion]
    left_here = np.bincount(here, counted, minlength=moment.plan.n_place)
    expected = past["place_gone"] * fade + left_here / np.maximum(1.0, now["start_here"])
    wrong = np.abs(expected - now["place_gone"]) > ROUNDING * (1.0 + expected)
    if wrong.any():
        yield f"place_gone is not the departures remembered: {where(wrong)}"


def means(moment: Moment) -> Iterator[str]:
    """Check that mean fear of squads and companies is that of their people on duty, or stays as it was."""
    people, now, past = moment.plan.people, moment.now, moment.past
    voice = np.where(moment.on_duty, now["expressiveness"].astype(np.float64), 0.0)
    for name, unit, n in (
        ("squad_fear", people.squad, people.n_squad),
        ("company_fear", moment.company, people.n_company),
    ):
        weight = np.bincount(unit, voice, minlength=n)
        fear = np.bincount(unit, voice * now["fear"], minlength=n)
        expected = np.where(weight > 0.0, fear / np.maximum(weight, 1e-300), past[name])
        wrong = np.abs(expected - now[name]) > SINGLE
        if wrong.any():
            yield f"{name} is not the mean of those on duty: {where(wrong)}"


def ties(moment: Moment) -> Iterator[str]:
    """Check that what is known of the fear of contacts and kin adds up over ties, to the last whole number."""
    now = moment.now
    told = now["voice"].astype(np.int64) * now["announced"]
    for layer in ("phone", "kin"):
        indptr, indices = now[f"{layer}_indptr"], now[f"{layer}_indices"]
        total = np.concatenate([[0], np.cumsum(told[indices])])
        wrong = total[indptr[1:]] - total[indptr[:-1]] != now[f"{layer}_fear"]
        if wrong.any():
            yield f"fear known of {layer} contacts does not add up: agents {where(wrong)}"


def calls(moment: Moment) -> Iterator[str]:
    """Check that open calls by place add up to the companies that wait for an answer."""
    if moment.behaviour["call_ratio"] <= 0.0:
        return
    waiting = int((moment.now["company_call"] >= 0.0).sum())
    if moment.now["calls_open"].sum() != waiting:
        yield f"{moment.now['calls_open'].sum()} calls are open, but {waiting} companies wait"


#: by name
SUMS_AND_MEANS: dict[str, Invariant] = {
    function.__name__: Invariant.of(function, AFTER_SUMS) for function in (duty, readings, memories)
} | {function.__name__: Invariant.of(function, AFTER_STEP) for function in (means, ties, calls)}
