"""The cheapest sufficient set is found where it is known, by enumeration and by search alike.

The worlds of most tests are planted: who collapses follows from the set by a formula, so that the answer
is known. Whole runs are in `tests/system/test_lab_commands.py`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from standfast.errors import FileError, RunError, ScenarioError
from standfast.experiment import portfolio_sets
from standfast.experiment.candidates import check_defender, read_candidates
from standfast.experiment.cases import read_cases
from standfast.experiment.measures import Measure, read_measure
from standfast.experiment.outlook import look_at
from standfast.experiment.portfolio import judge, portfolio
from standfast.experiment.portfolio_sets import Worlds, every_set, front, risk_of, search
from standfast.experiment.trials import Means
from standfast.scenario.interventions import Intervention
from standfast.scenario.load import load_scenario

GARRISON = load_scenario("garrison")
COSTS = np.array([3.0, 1.0, 2.0, 5.0, 1.5, 2.5, 4.0, 1.0])
#: what each takes off the log-odds of collapse; the last does nothing
HELPS = np.array([2.0, 0.8, 2.2, 3.0, 0.3, 1.0, 1.2, 0.0])


class Planted(Worlds):
    """Worlds whose collapses are drawn by a formula instead of run."""

    asked = 0

    def run(self, sets, replicates):
        n_case = len(self.cases)
        for chosen in dict.fromkeys(sets):
            if chosen in self.came:
                continue
            self.asked += 1
            # the same draws for every set, as in paired runs
            rng = np.random.default_rng([7, self.beyond, replicates])
            u = rng.uniform(size=(n_case, replicates))
            shift = np.linspace(-1, 1, n_case)[:, None] if n_case > 1 else 0.0
            odds = 2.0 + shift - HELPS[: len(chosen)] @ np.array(chosen, float)
            self.came[chosen] = u < 1 / (1 + np.exp(-odds))


def planted(n_measure=8, cases=1, robust="mean", beyond=0, seed=1):
    measures = [
        Measure(f"m{k}", (Intervention(kind="keep_leaders", cost=COSTS[k]),))
        for k in range(n_measure)
    ]
    named = {f"case {k}": GARRISON for k in range(cases)}
    return Planted(named, measures, look_at(GARRISON), Means(seed), robust, beyond)


def points(worlds):
    return {each: (worlds.cost(each), worlds.risk(each).value) for each in worlds.came}


def test_a_search_finds_the_front_of_the_enumeration():
    """All 256 sets against a search of half of them, on the same draws."""
    whole, part = planted(), planted()
    whole.run(every_set(8), 400)
    search(part, 400, 128)
    assert part.asked < 160
    best = front(points(whole))
    found = front(points(part))
    assert len(best) >= 8
    missed = [each for each in best if each not in found]
    assert len(missed) <= 2
    cheapest = {name: min(cost for cost, risk in points(w).values() if risk <= 0.05)
                for name, w in (("whole", whole), ("part", part))}  # fmt: skip
    assert cheapest["whole"] == cheapest["part"]


def test_sets_tried_at_random_miss_it():
    """Wrong twin: as many sets, drawn without looking at what came of them."""
    whole, part = planted(), planted()
    whole.run(every_set(8), 400)
    rng = np.random.default_rng(3)
    part.run([tuple(map(bool, genes)) for genes in rng.integers(0, 2, (128, 8))], 400)
    best = set(front(points(whole)))
    assert len(best - set(front(points(part)))) > 2


def test_the_same_search_for_the_same_seed():
    first, second, other = planted(), planted(), planted(seed=2)
    np.random.default_rng().uniform()
    for worlds in (first, second, other):
        search(worlds, 50, 60)
    assert list(first.came) == list(second.came)
    assert list(first.came) != list(other.came)


def test_what_looked_safe_by_luck_is_not_taken():
    """With ten replicates many sets look safe; judged on fresh ones they do not."""
    few, fresh = planted(), planted(beyond=10)
    few.run(every_set(8), 10)
    judge(few, fresh, 0.05, 400)
    by_luck = min((each for each in few.came if few.risk(each).value <= 0.05), key=few.cost)
    truth = planted()
    truth.run(every_set(8), 20_000)
    taken = min((e for e in fresh.came if fresh.risk(e).value <= 0.05), key=fresh.cost)
    assert truth.risk(by_luck).value > 0.05, "the wrong twin: chosen and judged by the same runs"
    assert truth.risk(taken).value <= 0.06
    clearly = min(cost for cost, risk in points(truth).values() if risk <= 0.04)
    assert fresh.cost(taken) <= clearly


def test_the_worst_case_asks_for_more_than_the_mean():
    mean, worst = planted(cases=4), planted(cases=4, robust="worst")
    for worlds in (mean, worst):
        worlds.run(every_set(8), 500)
    need = [min(c for c, r in points(w).values() if r <= 0.05) for w in (mean, worst)]
    assert need[0] < need[1]
    chosen = next(iter(mean.came))
    assert worst.risk(chosen).value == worst.came[chosen].mean(axis=1).max()


def test_runs_of_one_case_count_for_less():
    """The interval of ten cases that agree within themselves is that of about ten runs."""
    rng = np.random.default_rng(1)
    alike = np.repeat(rng.uniform(size=(10, 1)) < 0.4, 50, axis=1)
    apart = rng.permuted(alike.ravel()).reshape(10, 50)
    wide, narrow = risk_of(alike, "mean"), risk_of(apart, "mean")
    assert wide.value == pytest.approx(narrow.value)
    assert wide.half > 4 * narrow.half


def test_equals_are_on_the_front_once():
    assert front(
        {(True, False): (1.0, 0.2), (False, True): (1.0, 0.2), (True, True): (2.0, 0.2)}
    ) == [(False, True)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("adversary.columns=0", "no measure of the defender"),
        ("adversary", "no measure of the defender"),
        ("events.assault.fighters=10", "no measure of the defender"),
        ("places.city.infiltration=0.9", "no measure of the defender"),
        ("infiltrate-city", "is not a measure"),
    ],
)
def test_a_field_of_the_adversary_is_no_measure(text, says):
    with pytest.raises(ScenarioError) as caught:
        portfolio(GARRISON, [text], progress=False)
    assert says in caught.value.render()


@pytest.mark.parametrize(
    "path", ["adversary.fighters.city", "events.assault.fighters", "behaviour.belief.belief_start"]
)
def test_a_plug_in_cannot_smuggle_one_in(path):
    with pytest.raises(ScenarioError, match=path):
        check_defender(Measure("more-informers", changes={path: 1000}))
    check_defender(Measure("pay", changes={"forces.brigade.quality": 0.9}))


def test_there_is_no_other_outcome_to_ask_for():
    """Making "held" unlikely would be the attacker's question."""
    with pytest.raises(TypeError, match="verdict"):
        portfolio(GARRISON, ["keep-leaders"], verdict="held")


def test_the_measures_of_the_file_come_first():
    own = GARRISON.with_({"measures": {"talk": [{"kind": "verified_channel", "cost": 4}]}})
    assert [(m.name, m.cost) for m in read_candidates([], own)] == [("talk", 4.0)]
    assert len(read_candidates([], GARRISON)) == 15
    assert read_candidates(["keep-leaders:cost=3"], GARRISON)[0].cost == 3


def test_draws_of_parameters_become_cases(tmp_path):
    table = pd.DataFrame({"commitment": [7.0, 8.0, 9.0], "answer-delay": [6.0, 12.0, 24.0]})
    table.to_parquet(tmp_path / "draws.parquet")
    table.to_csv(tmp_path / "draws.csv", index=False)
    found = read_cases(GARRISON, tmp_path / "draws.parquet", count=2, seed=3)
    assert len(found) == 2
    again = read_cases(GARRISON, tmp_path / "draws.csv", count=2, seed=3)
    assert list(found) == list(again)
    posterior = xr.Dataset(
        {name: (("chain", "draw"), table[name].to_numpy()[None]) for name in table},
    )
    posterior["commitment"].attrs["paths"] = "behaviour.decision.commitment"
    posterior.to_netcdf(tmp_path / "posterior.nc", group="posterior", engine="h5netcdf")
    assert found == read_cases(GARRISON, tmp_path / "posterior.nc", count=2, seed=3)
    for name, scenario in found.items():
        row = table.iloc[int(name.removeprefix("draw "))]
        assert scenario.behaviour.decision.commitment == row["commitment"]
        assert scenario.behaviour.command.dispatch_delay == row["answer-delay"]
    assert list(read_cases(GARRISON)) == [""]
    assert len(read_cases(GARRISON, variants=["garrison", "quiet"])) == 2


@pytest.mark.parametrize(
    ("columns", "error", "says"),
    [
        ({"comitment": [7.0]}, ScenarioError, "commitment"),
        ({"infiltration": [3.0]}, ScenarioError, "infiltration"),
        ({"commitment": ["high"]}, FileError, "no numbers"),
        ({"commitment": [np.nan]}, FileError, "no numbers"),
    ],
)
def test_draws_that_do_not_fit_are_refused(columns, error, says, tmp_path):
    pd.DataFrame(columns).to_csv(tmp_path / "draws.csv", index=False)
    with pytest.raises(error) as caught:
        read_cases(GARRISON, tmp_path / "draws.csv")
    assert says in caught.value.render()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("draws.csv", "does not exist"),
        ("posterior.nc", "does not exist"),
        ("draws.xlsx", "neither netCDF"),
        ("no.nc", "is no posterior"),
        ("no.parquet", "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_named(name, says, tmp_path):
    for each in ("no.nc", "no.parquet"):
        (tmp_path / each).write_text("nothing")
    with pytest.raises(FileError, match=says):
        read_cases(GARRISON, tmp_path / name)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"bound": 0.0}, "bound is 0"),
        ({"method": "exhaustive"}, "no choice"),
        ({"robust": "median"}, "no choice"),
        ({"sets": 1}, "sets is 1"),
        ({"hours": 1e-9}, "are allowed"),
        ({"method": "exact"}, "are allowed"),
    ],
)
def test_what_cannot_be_is_refused(change, says):
    asked = {"replicates": 4, "hours": 0.01, "progress": False} | change
    with pytest.raises((RunError, ScenarioError)) as caught:
        portfolio(GARRISON, **asked)
    assert says in caught.value.render()


def test_without_pymoo_few_measures_still_go(monkeypatch):
    monkeypatch.setattr(portfolio_sets, "find_spec", lambda _: None)
    with pytest.raises(RunError, match="pymoo"):
        search(planted(), 10, 32)
    assert read_measure("keep-leaders", GARRISON).cost == 1
