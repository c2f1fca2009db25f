"""Each fact tells a small made-up result that has it from one that has not.

Not asserted: that the model has them; `make validate` measures that and docs/validation/facts.md says it.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made_up import ALARM, HORIZON, N_RUN, NAMES, at_place, case, everybody, falls, made

from standfast.errors import ScenarioError
from standfast.experiment.paired import Estimate
from standfast.scenario.forces import BRANCHES
from standfast.validation.fact import FAILS, HOLDS, UNKNOWN, Fact, Part, find, median_of
from standfast.validation.facts import FACTS, choose_facts
from standfast.validation.validate import fact_table, validate
from standfast.validation.worlds import (
    ANSWERED,
    AS_IT_IS,
    BOTH,
    DEFEAT,
    DOUBLED,
    EROSION,
    HARM,
    MESSAGES,
    NEITHER,
    QUIET,
    SILENT,
    SPARED,
    THREAT,
    TIPPING,
    UNEXPOSED,
    WORLDS,
)

BY_ID = {fact.id: fact for fact in FACTS}
HOURS = np.arange(HORIZON + 1.0)
CLIFF = falls(ALARM, ALARM + 8)
LOST = {"mosul": 146.0, "qayyarah": 150.0, "sharqat": 160.0, "tikrit": 172.0}
ARMY, FEDERAL, LOCAL = (BRANCHES.index(b) for b in ("army", "federal_police", "local_police"))


def half_gone(gone):
    """Mosul is half gone at hour 144: whom `gone` picks among its people went then."""
    return made(
        {"mosul": CLIFF},
        crowd=everybody(lambda crowd: np.where((crowd.place == 0) & gone(crowd), 143.0, np.inf)),
    )


def number(crowd):
    return np.arange(crowd.place.size)


def by_branch(local, federal, army):
    """Shares gone by branch, always more of those with homes under influence."""
    wanted = {LOCAL: local, FEDERAL: federal, ARMY: army}

    def gone(crowd):
        share = np.vectorize(wanted.get)(crowd.branch)
        rank = (number(crowd) // 2) % 50 / 50
        return rank < share + np.where(crowd.influenced, 0.1, -0.1)

    return half_gone(gone)


def share_gone(*values):
    """One world for each share of the whole that is gone."""
    return [made(columns={"share_gone": np.full(N_RUN, value)}) for value in values]


def worlds(names, *values):
    return dict(zip(names, share_gone(*values), strict=True))


def with_gone(shares):
    return made(columns={"mosul.share_gone": shares})


def recovering(strength, trust):
    return made({"mosul": strength}, series={"trust": at_place("mosul", trust(HOURS))})


def quiet(share):
    calm = case(time={"start": "2014-06-04T00:00", "horizon": "730 h"})
    return made(columns={"share_gone": np.full(N_RUN, share)}, scenario=calm)


def drop(low_at, back_at, to=0.4, first=1.0):
    return lambda hours: np.interp(hours, [48, low_at, back_at], [first, to, first])


def wavering(share):
    return made({"mosul": falls(100, 180)}, series={"wavering": at_place("mosul", share)})


def spreading(rate):
    """Mosul falls, and Samarra, which nobody attacks, loses people from then on."""
    return made({"mosul": CLIFF, "samarra": falls(146, 146 + 24, to=1 - rate)}, lost=LOST)


def down_the_road(lost, volunteers=100.0, dead=0.0):
    crowd = everybody(lambda c: np.where((c.place > 0) & (c.place < 4), 170.0, np.inf), dead)
    series = {"volunteers": at_place("samarra", volunteers)}
    return made({"mosul": CLIFF}, lost=lost, series=series, crowd=crowd)


def by_odds(lost, dead=0.0):
    """Qayyarah and Sharqat, a hundred on paper each, are attacked by five each."""
    attack = at_place("qayyarah", 5.0) + at_place("sharqat", 5.0)
    crowd = everybody(lambda c: np.where(c.place == 1, 100.0, np.inf), dead)
    return made(lost=lost, series={"attack": attack, "fighters": attack}, crowd=crowd)


def fortnight(wavering=0.1, trust=(0.5, 0.3, 0.32), left=0.3):
    series = {
        "wavering": np.full((HORIZON + 1, len(NAMES)), wavering),
        "trust": np.interp(HOURS, [0, 146, 600], trust)[:, None] * np.ones(len(NAMES)),
    }
    return made({"mosul": CLIFF, "baghdad": falls(150, 200, to=1 - left)}, lost=LOST, series=series)


def clock(half=140.0, tikrit=172.0, samarra=np.nan, leaked=0.1):
    def curve(hours):
        return np.interp(
            hours, [48, half - 12, half - 4, half + 4], [1, 1 - leaked, 1 - leaked, 0.05]
        )

    return made({"mosul": curve}, lost={"mosul": 146.0, "tikrit": tikrit, "samarra": samarra})


def squads(crowd):
    # whole squads go, more in some companies than in others
    return crowd.squad % 10 < np.where(crowd.company % 2 == 0, 7, 3)


def evacuated(curve):
    return made({"qayyarah": curve})


PAST = np.repeat([0.05, 0.95], N_RUN // 2)

#: fact -> worlds that have it, and worlds that have not, each with a name
CASES = {
    "S01": (
        {AS_IT_IS: made({"mosul": CLIFF})},
        {"at once": {AS_IT_IS: made({"mosul": falls(48, 60)})},
         "before the alarm": {AS_IT_IS: made({"mosul": falls(120, 138)})},
         "never": {AS_IT_IS: made()}},
    ),
    "S02": (
        {AS_IT_IS: made({"mosul": CLIFF}, series={"fighters": at_place("mosul", 50.0)})},
        {"even odds": {AS_IT_IS: made({"mosul": CLIFF}, series={"fighters": at_place("mosul", 500.0)})},
         "holds": {AS_IT_IS: made(series={"fighters": at_place("mosul", 50.0)})}},
    ),
    "S03": (
        {AS_IT_IS: made(crowd=everybody(lambda c: np.full(c.place.size, 9.0), dead=0.02))},
        {"many die": {AS_IT_IS: made(crowd=everybody(lambda c: np.full(c.place.size, 9.0), dead=0.5))}},
    ),
    "S04": (
        {AS_IT_IS: by_branch(0.8, 0.5, 0.2)},
        {"army worst": {AS_IT_IS: by_branch(0.2, 0.5, 0.8)},
         "army before other police": {AS_IT_IS: by_branch(0.8, 0.3, 0.5)},
         "homes do not matter": {AS_IT_IS: half_gone(lambda c: c.influenced == (number(c) < 0))}},
    ),
    "S05": (
        {AS_IT_IS: spreading(0.5)},
        {"nothing spreads": {AS_IT_IS: spreading(0.0)}},
    ),
    "S06": (
        {AS_IT_IS: down_the_road(LOST)},
        {"takes the capital": {AS_IT_IS: down_the_road(LOST | {"baghdad": 300.0})},
         "stays": {AS_IT_IS: down_the_road({"mosul": 146.0})},
         "no militias": {AS_IT_IS: down_the_road(LOST, volunteers=0.0)},
         "bloody": {AS_IT_IS: down_the_road(LOST, dead=0.5)}},
    ),
    "S07": (
        {AS_IT_IS: fortnight()},
        {"trust is back": {AS_IT_IS: fortnight(trust=(0.5, 0.3, 0.5))},
         "nobody wavers": {AS_IT_IS: fortnight(wavering=0.0)},
         "few gone": {AS_IT_IS: made({"mosul": falls(100, 150, to=0.9)}, lost=LOST)}},
    ),
    "S08": (
        {AS_IT_IS: made({"mosul": CLIFF}, lost=LOST)},
        {"withdraws": {AS_IT_IS: made(lost=LOST)}, "holds": {AS_IT_IS: made()}},
    ),
    "S09": (
        {AS_IT_IS: made(columns={"resolute_departures": 45})},
        {"only the weak": {AS_IT_IS: made(columns={"resolute_departures": 5})}},
    ),
    "S10": (
        {ANSWERED: made()},
        {"falls all the same": {ANSWERED: made({"mosul": CLIFF}, lost=LOST)}},
    ),
    "S11": (
        {AS_IT_IS: made({"mosul": CLIFF}),
         UNEXPOSED: made({"mosul": falls(140, 150, to=0.6)}, columns={"mosul.army.share_gone": 0.6})},
        {"no fewer": {AS_IT_IS: made({"mosul": CLIFF}), UNEXPOSED: made({"mosul": CLIFF})},
         "army most of all": {
             AS_IT_IS: made({"mosul": CLIFF}),
             UNEXPOSED: made({"mosul": falls(140, 150, to=0.6)}, columns={"mosul.army.share_gone": 0.1})}},
    ),
    "S12": (
        worlds((AS_IT_IS, DOUBLED), 0.4, 0.3),
        {"more harm": worlds((AS_IT_IS, DOUBLED), 0.4, 0.5),
         "as much": worlds((AS_IT_IS, DOUBLED), 0.4, 0.4)},
    ),
    "S13": (
        {TIPPING: with_gone(PAST)},
        {"between": {TIPPING: with_gone(np.linspace(0, 1, N_RUN))},
         "all collapse": {TIPPING: with_gone(np.full(N_RUN, 0.95))}},
    ),
    "S14": (
        {AS_IT_IS: evacuated(falls(152, 170))},
        {"gone before": {AS_IT_IS: evacuated(falls(100, 140))}, "never go": {AS_IT_IS: evacuated(np.ones_like)}},
    ),
    "L01": (
        {AS_IT_IS: made({"mosul": falls(120, 200, to=0.1)}), QUIET: quiet(0.02)},
        {"no rout": {AS_IT_IS: made({"mosul": falls(100, 600, to=0.1)}), QUIET: quiet(0.02)},
         "restless": {AS_IT_IS: made({"mosul": falls(120, 200, to=0.1)}), QUIET: quiet(0.3)},
         "within an hour": {AS_IT_IS: made({"mosul": falls(120, 121, to=0.0)}), QUIET: quiet(0.02)}},
    ),
    "L02": (
        {AS_IT_IS: half_gone(squads)},
        {"one by one": {AS_IT_IS: half_gone(lambda c: (number(c) * 7) % 10 < 5)},
         "whole companies": {AS_IT_IS: half_gone(lambda c: c.company % 2 == 0)}},
    ),
    "L03": (
        worlds((AS_IT_IS, THREAT, DEFEAT, NEITHER), 0.6, 0.1, 0.2, 0.02),
        {"the sum": worlds((AS_IT_IS, THREAT, DEFEAT, NEITHER), 0.28, 0.1, 0.2, 0.02)},
    ),
    "L04": (
        {AS_IT_IS: by_odds({"qayyarah": 150.0})},
        {"both fall": {AS_IT_IS: by_odds({"qayyarah": 150.0, "sharqat": 150.0})},
         "bloody": {AS_IT_IS: by_odds({"qayyarah": 150.0}, dead=0.5)}},
    ),
    "L05": (
        {AS_IT_IS: made(lost=LOST)},
        {"none": {AS_IT_IS: made(lost={"mosul": 146.0})},
         "all": {AS_IT_IS: made(lost=LOST | {"samarra": 200.0, "baghdad": 300.0})},
         "still going": {AS_IT_IS: made(lost=LOST | {"tikrit": 590.0})}},
    ),
    "L06": (
        {AS_IT_IS: wavering(0.9)},
        {"acts lead": {AS_IT_IS: wavering(0.01)}},
    ),
    "L07": (
        {SPARED: recovering(drop(58, 400), drop(58, 400, 0.2, 0.5))},
        {"mends as it broke": {SPARED: recovering(drop(148, 250), drop(58, 400, 0.2, 0.5))},
         "trust mends": {SPARED: recovering(drop(58, 400), drop(148, 250, 0.2, 0.5))}},
    ),
    "L08": (
        worlds((SILENT, MESSAGES, HARM, BOTH), 0.01, 0.05, 0.1, 0.3),
        {"move many": worlds((SILENT, MESSAGES, HARM, BOTH), 0.01, 0.2, 0.1, 0.9),
         "harm adds nothing": worlds((SILENT, MESSAGES, HARM, BOTH), 0.01, 0.05, 0.1, 0.15)},
    ),
    "L09": (
        {EROSION: made(dict.fromkeys(NAMES, lambda h: np.exp(-h * np.log(2) / 13149)))},
        {"a rout": {EROSION: made(dict.fromkeys(NAMES, falls(100, 150, to=0.5)))},
         "nothing": {EROSION: made()}},
    ),
    "L10": (
        {AS_IT_IS: clock()},
        {"too soon": {AS_IT_IS: clock(half=80.0)}, "Tikrit late": {AS_IT_IS: clock(tikrit=193.0)},
         "Samarra falls": {AS_IT_IS: clock(samarra=200.0)}, "no cliff": {AS_IT_IS: clock(leaked=0.45)}},
    ),
}  # fmt: skip
FAILING = [(name, why) for name, (_, others) in CASES.items() for why in others]


def test_every_fact_has_a_case():
    assert list(CASES) == [fact.id for fact in FACTS]


@pytest.mark.parametrize("name", CASES)
def test_a_result_that_has_the_fact_holds(name):
    found = find(BY_ID[name], CASES[name][0], {})
    assert found.holds == HOLDS, found


@pytest.mark.parametrize(("name", "why"), FAILING, ids=lambda each: each)
def test_a_result_that_has_not_fails(name, why):
    found = find(BY_ID[name], CASES[name][1][why], {})
    assert found.holds == FAILS, found


@pytest.mark.parametrize("name", ["S01", "S05", "S06", "S07", "S14", "L05", "L10"])
def test_a_case_without_what_is_asked_cannot_be_measured(name):
    bare = case(events=(), roads=(), time={"start": "2014-06-04T00:00", "horizon": "600 h"})
    renamed = replace(made(), scenario=bare)
    if name == "L10":
        places = {k.replace("tikrit", "elsewhere"): v for k, v in bare.places.items()}
        renamed = replace(renamed, scenario=bare.model_copy(update={"places": places}))
    found = find(BY_ID[name], {AS_IT_IS: renamed}, {})
    assert found.holds == UNKNOWN, found
    assert found.why


def test_a_missing_world_is_told():
    found = find(BY_ID["L09"], {}, {EROSION: "there is no such case"})
    assert (found.holds, found.why) == (UNKNOWN, "there is no such case")


def test_every_world_is_needed_and_every_need_is_a_world():
    assert {name for fact in FACTS for name in fact.needs} == set(WORLDS)


def test_an_interval_over_the_bound_is_not_sure():
    near, far = Part("", Estimate(0.6, 0.4, 0.8), 0.5), Part("", Estimate(0.6, 0.55, 0.8), 0.5)
    assert (near.holds, near.sure, far.sure) == (True, False, True)
    fact = Fact("X", "", "", (), lambda _: [near, far])
    assert not find(fact, {}, {}).sure
    below = replace(near, found=Estimate(0.4, 0.3, 0.6))
    assert (below.holds, below.sure) == (False, False)


def test_one_number_outside_its_window_is_enough():
    inside, outside = Part("", Estimate(1, 1, 1), 0), Part("", Estimate(1, 1, 1), 2)
    assert find(Fact("X", "", "", (), lambda _: [inside, outside]), {}, {}).holds == FAILS


@pytest.mark.parametrize("n", [6, 12, 30])
def test_the_interval_of_a_median_covers_it(n):
    """Coverage at least the level, for a skewed law: that is what order statistics promise."""
    draws = np.random.default_rng(n).exponential(size=(2000, n))
    each = [median_of(row) for row in draws]
    covered = np.mean([one.low <= np.log(2) <= one.high for one in each])
    assert covered >= 0.94
    narrow = np.mean([abs(one.value - np.log(2)) < 0.01 for one in each])
    assert narrow < 0.5  # an interval of nothing would not cover


def test_unknown_facts_are_refused_with_the_nearest():
    with pytest.raises(ScenarioError, match="S10"):
        choose_facts(("s10",))


def test_a_run_becomes_a_table(tmp_path):
    found = validate("garrison", 2, facts=["S08", "S09", "S14"], progress=False)
    assert list(found.table["fact"].unique()) == ["S08", "S09", "S14"]
    assert found.summary["facts"]["S14"]["why"] == "nobody is ordered out"
    assert found.summary["measured"] == 2
    assert (found.save(tmp_path / "out") / "table.parquet").exists()
    assert fact_table([]).empty
