"""Series are told apart at the same hour, from what came before it, and from nothing else.

The runs are planted: when they fall and what could be seen is known. Whole runs are in
`tests/system/test_lab_commands.py`.
"""

from __future__ import annotations

import numpy as np
import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.errors import FileError, RunError, ScenarioError
from standfast.experiment.observed import OBSERVED, SHOCKS, Observer, spread, worst
from standfast.experiment.warning import early_warning, kinds
from standfast.experiment.warning_roc import alarm, compare_pairs, curve, roc, shuffled
from standfast.experiment.warning_series import (
    INDICATORS,
    WINDOW_H,
    Watched,
    autocorrelation,
    indicators,
)
from standfast.scenario.load import load_scenario
from standfast.scenario.vocabulary import EXITS, LOG_KINDS, SERVING, STATUS

KEY = 20_140_612
N_RUN, N_HOUR = 300, 200
RISES_AHEAD = 30
#: 3.5 standard errors of an area of 1/2 with 150 of each kind: by chance once in 2,000
CHANCE = 3.5 * np.sqrt(301 / (12 * 150 * 150))


@pytest.fixture(scope="module")
def planted():
    """Half of the runs fall, at an hour between 110 and 190; one series rises 30 hours before."""
    rng = np.random.default_rng(KEY)
    came = np.arange(N_RUN) % 4 < 2
    rng.shuffle(came)
    fell = np.where(came, rng.integers(110, 191, N_RUN), np.nan)
    hour = np.arange(N_HOUR)
    noise = rng.normal(size=(3, N_RUN, N_HOUR))
    near = hour >= np.nan_to_num(fell, nan=np.inf)[:, None] - RISES_AHEAD
    series = {
        "signal": noise[0] + 2.0 * near,
        "noise": noise[1],
        "clock": np.broadcast_to(hour.astype(float), (N_RUN, N_HOUR)),
    }
    gone = np.clip(hour / 400, 0, 1) + np.zeros((N_RUN, 1))
    return Watched(series, gone, came, fell, came & (rng.uniform(size=N_RUN) < 0.5), 1.0)


def area(watched, name, lead):
    return curve(watched, watched.series[name], lead, watched.came, 1)


def test_a_signal_is_found_as_early_as_it_is(planted):
    """Two standard deviations apart: the area is Phi(2 / sqrt 2) = 0.921; before it rises, 1/2."""
    for lead in (6, 29):
        found = area(planted, "signal", lead)
        assert found.auc.low < 0.921 < found.auc.high
        assert found.auc.half < 0.05
    for lead in (32, 60):
        assert area(planted, "signal", lead).auc.value == pytest.approx(0.5, abs=CHANCE)


def test_noise_separates_nothing(planted):
    found = area(planted, "noise", 24)
    assert found.auc.value == pytest.approx(0.5, abs=CHANCE)
    assert found.controls == (~planted.came).sum()


def test_the_clock_alone_says_nothing(planted):
    """Compared at the same hour it is exactly 1/2. Wrong twin: all hours of a run that holds together."""
    assert area(planted, "clock", 24).auc.value == 0.5
    at = planted.fell[planted.came].astype(int) - 24
    own = planted.series["clock"][planted.came, at][:, None]
    pooled = (own > planted.series["clock"][~planted.came].ravel()).mean()
    assert pooled > 0.55


def test_ends_dealt_at_random_give_one_half(planted):
    """Wrong twin of every curve: 30 shuffles of 150 against 150; the mean has a standard error of 0.007."""
    areas = [
        compare_pairs(dealt, dealt.series["signal"], 24, dealt.came).mean()
        for dealt in (shuffled(planted, k) for k in range(30))
    ]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.03)
    assert area(planted, "signal", 24).auc.low > max(areas)


def test_what_follows_the_hour_is_not_known(planted):
    """All that comes after the hour that is looked at is replaced; no area changes."""
    lead = 24
    blind = planted.series["signal"].copy()
    for run in np.flatnonzero(planted.came):
        blind[run, int(planted.fell[run]) - lead + 1 :] = 1e9
    before = compare_pairs(planted, planted.series["signal"], lead, planted.came)
    assert np.array_equal(before, compare_pairs(planted, blind, lead, planted.came))


def made_of(rng, rows=60):
    """Return series as they are kept, of three runs."""
    names = ("absent", "company_absence", "squad_spread", "late_returns", "wavering",
             "calls_open", "calls_unanswered", "shocks")  # fmt: skip
    return {name: np.cumsum(rng.uniform(size=(3, rows)), axis=1) for name in names}


def test_no_indicator_looks_ahead():
    """Another future after row 40: every value up to it stays. Wrong twin: a window around the hour."""
    rng = np.random.default_rng(KEY)
    first, day = made_of(rng), int(WINDOW_H)
    second = {name: each.copy() for name, each in first.items()}
    for each in second.values():
        each[:, 41:] += rng.uniform(size=(3, 19))
    one, other = indicators(first, day), indicators(second, day)
    assert set(one) == set(INDICATORS)
    for name in INDICATORS:
        assert np.array_equal(one[name][:, :41], other[name][:, :41]), name
        assert not np.array_equal(one[name][:, 41:], other[name][:, 41:]), name
    centred = [
        np.roll(autocorrelation(x["absent"], day), -day // 2, axis=1) for x in (first, second)
    ]
    assert not np.array_equal(centred[0][:, :41], centred[1][:, :41])


def test_autocorrelation_is_what_numpy_gives():
    rng = np.random.default_rng(KEY)
    level = np.cumsum(rng.uniform(size=(2, 50)), axis=1)
    found = autocorrelation(level, 24)
    change = np.diff(level, axis=1)
    for row in (24, 37, 49):
        cut = change[1, row - 24 : row]
        middle = cut - cut.mean()
        assert found[1, row] == pytest.approx((middle[1:] * middle[:-1]).sum() / (middle**2).sum())
    assert not found[:, :24].any()
    assert not autocorrelation(np.ones((2, 50)), 24).any()


def test_the_curve_is_the_distribution_of_placements(planted):
    found = area(planted, "signal", 24)
    false, recognised = roc(found.placement)
    assert recognised[-1] == 1
    assert (np.diff(recognised) >= 0).all()
    under = ((recognised[1:] + recognised[:-1]) / 2 * np.diff(false)).sum()
    assert under == pytest.approx(found.auc.value, abs=0.01)


def test_an_alarm_is_judged_where_it_was_not_set(planted):
    near = np.arange(N_HOUR) >= np.nan_to_num(planted.fell, nan=np.inf)[:, None] - RISES_AHEAD
    found = alarm(planted, planted.series["noise"] + 8.0 * near)
    assert found.caught.value == 1
    assert found.false_alarms.low < 0.1 < found.false_alarms.high
    assert found.ahead_h[0] == RISES_AHEAD
    assert found.followed.value > 0.85
    useless = alarm(planted, planted.series["noise"])
    assert useless.caught.value < 0.3


def test_too_few_runs_allow_no_alarm(planted):
    few = Watched(
        {"signal": planted.series["signal"][:30]}, planted.gone[:30], planted.came[:30],
        planted.fell[:30], planted.shocked[:30], 1.0,
    )  # fmt: skip
    assert alarm(few, few.series["signal"]) is None


def test_kinds_of_falls_are_apart(planted):
    parts = kinds(planted)
    assert not (parts["shock"] & parts["endogenous"]).any()
    assert np.array_equal(parts["shock"] | parts["endogenous"], parts["all"])


def test_squads_that_leave_together_are_seen():
    rng = np.random.default_rng(KEY)
    people = np.full(500, 10.0)
    alone = rng.binomial(10, 0.3, 500).astype(float)
    assert spread(alone, people, alone.sum() / 5000) == pytest.approx(1, abs=0.2)
    whole = 10.0 * (rng.uniform(size=500) < 0.3)
    assert spread(whole, people, whole.sum() / 5000) == pytest.approx(10, abs=0.2)
    assert worst(np.array([0.0] * 19 + [1.0])) == 0.5


@pytest.fixture(scope="module")
def observed():
    """A small garrison that is stormed, as it is recorded and as it is observed."""
    small = ["forces.brigade.paper=200", "forces.police.paper=180", "forces.reserve.paper=120",
             "events.assault.fighters=25", "adversary.fighters.city=6", "time.horizon=7 d"]  # fmt: skip
    plan = compile_plan(load_scenario("garrison", overrides=small), 1)
    observer, states = Observer(plan), []

    def see(row, arrays):
        assert row == len(states)
        states.append(arrays["agent_status"].copy())
        observer.see(row, arrays)

    recording = run_replicate(plan, 0, on_record=see)
    return plan, recording, observer.finish(recording), np.array(states)


def test_roll_call_counts_as_the_recording_does(observed):
    plan, recording, series, _ = observed
    exits = [STATUS.index(way) for way in EXITS]
    serving = [STATUS.index(status) for status in SERVING]
    count = recording.count.sum(axis=2)
    garrison = count[0][:, serving].sum(axis=1)
    expected = count[:, :, exits].sum(axis=2) / np.maximum(garrison, 1)
    assert series["absent"] == pytest.approx(expected)
    assert expected[-1].max() > 0.2, "the case must be one in which many leave"
    assert set(series) == set(OBSERVED)
    assert plan.hours.size == len(series["absent"])


def test_roll_call_is_what_anybody_would_count(observed):
    """Person by person, the obvious way, for one place and a few hours."""
    plan, recording, series, states = observed
    people, place = plan.people, 0
    exits, leave = {STATUS.index(way) for way in EXITS}, STATUS.index("leave")
    members = [i for i in range(people.n_agent) if plan.arrays["origin"][i] == place and not people.ghost[i]]  # fmt: skip
    for row in (60, 130, len(states) - 1):
        shares = []
        for company in range(people.n_company):
            start, end = people.company_start[company : company + 2]
            own = [i for i in members if start <= i < end]
            if own:
                shares.append(sum(int(states[row][i]) in exits for i in own) / len(own))
        shares.sort()
        count = max(1, round(0.1 * len(shares)))
        assert series["company_absence"][row, place] == pytest.approx(np.mean(shares[-count:]))
        late = sum(
            int(states[k - 1][i]) == leave and int(states[k][i]) in exits
            for i in members for k in range(1, row + 1)
        )  # fmt: skip
        assert series["late_returns"][row, place] == pytest.approx(late / len(members))
    kinds_ = [LOG_KINDS.index(kind) for kind in SHOCKS]
    lines = [
        line for line in recording.log if line["kind"] in kinds_ and line["place"] in (-1, place)
    ]
    assert series["shocks"][-1, place] == len(lines) > 0
    assert (np.diff(series["shocks"], axis=0) >= 0).all()


def test_looking_changes_nothing(observed):
    plan, recording, _, _ = observed
    alone = run_replicate(plan, 0)
    assert np.array_equal(alone.count, recording.count)
    assert all(np.array_equal(alone.readings[k], recording.readings[k]) for k in alone.readings)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"runs": 19}, RunError, "runs is 19"),
        ({"leads": [0.0]}, RunError, "a lead of 0 h"),
        ({"leads": [1000.0]}, RunError, "a lead of 1000 h"),
        ({"leads": []}, RunError, "no lead"),
        ({"vary": ["comitment=7:9"]}, ScenarioError, "commitment"),
        ({"vary": ["commitment=7:9"], "parameters": "x.csv"}, RunError, "one of them"),
        ({"parameters": "x.csv"}, FileError, "does not exist"),
        ({"place": "hinterland"}, ScenarioError, "nobody serves"),
        ({"hours": 1e-9}, RunError, "are allowed"),
    ],
)
def test_what_cannot_be_is_refused(change, error, says):
    with pytest.raises(error) as caught:
        early_warning(load_scenario("garrison"), progress=False, **change)
    assert says in caught.value.render()
