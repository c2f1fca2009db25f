"""The unit tree, ranks and traits of small forces. Laws of traits: tests/statistical."""

from __future__ import annotations

import hashlib
import itertools

import numpy as np
import pytest
from scipy import stats

from standfast.kernels.draws import run_key
from standfast.population import keys, laws
from standfast.population.origins import join_shares
from standfast.population.people import build_people
from standfast.population.ranks import assign_ranks
from standfast.population.units import SCHEMES, build_units, scheme_of
from standfast.scenario.forces import BRANCHES
from standfast.testing.scenarios import tiny_scenario

LEVELS = ("squad", "platoon", "company", "battalion")


def scenario_of(**changes):
    """Return a scenario of one force."""
    force = {
        "title": "Garrison", "branch": "army", "place": "alpha", "paper": 1000,
        "homes": {"alpha": 0.5, "gamma": 0.5},
    }  # fmt: skip
    return tiny_scenario(forces={"garrison": force | changes}, events=())


@pytest.mark.parametrize(
    ("paper", "scheme", "sizes"),
    [
        (1000, "army", {"squad": 100, "platoon": 30, "company": 10, "battalion": 2}),
        (10_000, "army", {"squad": 1000, "platoon": 300, "company": 100, "battalion": 20}),
        (800, "police", {"squad": 80, "platoon": 20, "company": 20, "battalion": 2}),
        (1, "army", {"squad": 1, "platoon": 1, "company": 1, "battalion": 1}),
        (1, "police", {"squad": 1, "platoon": 1, "company": 1, "battalion": 1}),
    ],
)
def test_number_of_units(paper, scheme, sizes):
    tree = build_units(paper, SCHEMES[scheme])
    assert {level: getattr(tree, level).size - 1 for level in LEVELS} == sizes


def test_brigades_and_divisions():
    tree = build_units(30_000, SCHEMES["army"])
    assert np.bincount(tree.brigade).tolist() == [4] * 15
    assert np.unique(tree.brigade[tree.division == 0]).tolist() == [0, 1, 2, 3, 4]
    assert tree.division[-1] == 2


@pytest.mark.parametrize(
    ("battalions", "brigades"),
    [(5, [5]), (6, [4, 2]), (13, [4, 4, 5]), (14, [4, 4, 4, 2]), (28, [4] * 7)],
)
def test_battalions_left_over_join_a_brigade_or_form_one(battalions, brigades):
    tree = build_units(500 * battalions, SCHEMES["army"])
    assert np.bincount(tree.brigade).tolist() == brigades
    assert tree.division.tolist() == [0] * battalions


@pytest.mark.parametrize("scheme", ["army", "police"])
@pytest.mark.parametrize("paper", [7, 99, 149, 150, 449, 1249, 3333])
def test_units_nest_and_have_the_sizes_of_the_scheme(paper, scheme):
    tree = build_units(paper, SCHEMES[scheme])
    nominal = {"army": (10, 100, 500), "police": (10, 40, 400)}[scheme]
    for level, size in zip(("squad", "company", "battalion"), nominal, strict=True):
        starts = getattr(tree, level)
        assert starts[0] == 0
        assert starts[-1] == paper
        assert (np.diff(starts) >= min(paper, size / 2)).all()
        assert (np.diff(starts) < 1.5 * size).all()
    for inner, outer in (("squad", "platoon"), ("platoon", "company"), ("company", "battalion")):
        assert np.isin(getattr(tree, outer), getattr(tree, inner)).all()


def test_blocks_of_all_forces_are_contiguous():
    people = build_people(tiny_scenario(), 1)
    assert people.n_agent == 7500
    assert (np.diff(people.force) >= 0).all()
    assert (np.diff(people.squad) >= 0).all()
    for level in LEVELS:
        starts = getattr(people, f"{level}_start")
        assert starts[0] == 0
        assert starts[-1] == people.n_agent
        assert (np.diff(starts) > 0).all()
    for squad in (0, 57, people.n_squad - 1):
        block = slice(people.squad_start[squad], people.squad_start[squad + 1])
        assert (people.squad[block] == squad).all()
        company = people.squad_company[squad]
        assert people.company_start[company] <= block.start
        assert block.stop <= people.company_start[company + 1]
        assert (
            people.company_squad_start[company] <= squad < people.company_squad_start[company + 1]
        )
        battalion = people.company_battalion[company]
        assert people.battalion_company_start[battalion] <= company
        assert company < people.battalion_company_start[battalion + 1]
        assert people.battalion_force[battalion] == people.force[block.start]
        assert people.company_force[company] == people.force[block.start]


def test_brigades_are_numbered_through_all_forces():
    people = build_people(tiny_scenario(), 1)
    for ids in (people.battalion_brigade, people.battalion_division):
        assert (np.diff(ids) >= 0).all()
        assert (np.diff(ids) <= 1).all()
        changes = np.diff(people.battalion_force) > 0
        assert (np.diff(ids)[changes] == 1).all()


def test_titles_of_battalions():
    people = build_people(tiny_scenario(), 1)
    titles = [people.battalion_title(i) for i in range(people.n_battalion)]
    assert titles[0] == "First Army, battalion 1"
    assert titles[6] == "Alpha Police, district 1"
    assert len(set(titles)) == people.n_battalion


def test_branch_is_that_of_the_force():
    people = build_people(tiny_scenario(), 1)
    branches = [force.branch for force in tiny_scenario().forces.values()]
    assert (people.branch == np.array([BRANCHES.index(x) for x in branches])[people.force]).all()


def test_every_unit_is_led_from_within_and_reports_upwards():
    people = build_people(scenario_of(ghosts=0.4), 3)
    serving = people.ghost == 0
    assert (people.rank[~serving] == 0).all()
    assert (people.superior[~serving] == -1).all()
    for level, leads in zip(LEVELS, (1, 2, 3, 4), strict=True):
        starts = getattr(people, f"{level}_start")
        for start, end in itertools.pairwise(starts):
            leaders = np.flatnonzero(people.rank[start:end] == leads)
            free = serving[start:end] & (people.rank[start:end] <= leads)
            assert leaders.tolist() == np.flatnonzero(free)[: leaders.size].tolist()
            assert leaders.size == min(1, free.sum())
    reports = people.superior >= 0
    assert (people.rank[people.superior[reports]] > people.rank[reports]).all()
    assert (serving & ~reports).sum() == people.n_battalion
    assert (people.rank[people.company_commander] == 3).all()
    assert (people.rank[people.battalion_commander] == 4).all()


def test_a_unit_without_anybody_has_no_leader():
    ghost = np.array([1, 1, 0, 0, 1, 1], dtype=np.uint8)
    starts = {"battalion_start": [0, 6], "company_start": [0, 2, 6], "platoon_start": [0, 2, 6]}
    columns = {name: np.array(x) for name, x in starts.items()}
    found = assign_ranks(columns | {"ghost": ghost, "squad_start": np.array([0, 2, 4, 6])})
    assert found["rank"].tolist() == [0, 0, 4, 3, 0, 0]
    assert found["superior"].tolist() == [-1, -1, -1, 2, -1, -1]
    assert found["company_commander"].tolist() == [-1, 3]


def test_a_force_of_ghosts_has_neither_leaders_nor_phones_nor_leave():
    people = build_people(scenario_of(ghosts=1.0), 1)
    assert people.ghost.all()
    assert not people.phone.any()
    assert not people.on_leave.any()
    assert not people.rank.any()
    assert (people.battalion_commander == -1).all()


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_shares_of_none_and_all(level):
    scenario = scenario_of(ghosts=0.0, leave=level, volunteers=level, cohesion=level)
    scenario = scenario.model_copy(
        update={
            "population": scenario.population.model_copy(
                update={"means": level, "phones": level, "family_elsewhere": level}
            )
        }
    )
    people = build_people(scenario, 1)
    for name in ("on_leave", "volunteer", "means", "phone", "family", "squad_cohesion"):
        assert (getattr(people, name) == level).all(), name


def test_arrays_cannot_be_changed_by_mistake():
    people = build_people(scenario_of(), 1)
    with pytest.raises(ValueError, match="read-only"):
        people.deviation[0] = 1.0


def test_another_force_leaves_the_people_of_the_others_alone():
    tiny = tiny_scenario()
    document = tiny.model_dump(mode="json")
    extra = dict(document["forces"])
    extra = {"aaa": extra["second-army"] | {"title": "Extra"}} | extra
    before = build_people(tiny, 5)
    after = build_people(tiny_scenario(forces=extra), 5)
    kept = after.force > 0
    for name in ("home", "ghost", "on_leave", "deviation", "openness", "service", "rank", "phone"):
        assert np.array_equal(getattr(after, name)[kept], getattr(before, name)), name


def test_a_longer_force_begins_with_the_same_people():
    short, long = (build_people(scenario_of(paper=n), 5) for n in (1000, 1500))
    for name in ("home", "ghost", "deviation", "fear_baseline", "service", "rank"):
        assert np.array_equal(getattr(long, name)[:1000], getattr(short, name)), name


def test_more_ghosts_make_nobody_else_another_person():
    few, many = (build_people(scenario_of(ghosts=x), 5) for x in (0.1, 0.3))
    assert (many.ghost >= few.ghost).all()
    assert np.array_equal(few.deviation, many.deviation)


def test_origins_keep_the_stated_shares():
    odds = np.array([[100.0, 1.0], [1.0, 100.0], [1.0, 1.0]])
    homes, groups = np.array([0.5, 0.2, 0.3]), np.array([0.35, 0.65])
    table = join_shares(homes, groups, odds)
    assert np.allclose(table.sum(axis=1), homes, atol=1e-9)
    assert np.allclose(table.sum(axis=0), groups, atol=1e-9)
    ratio = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert np.isclose(ratio, 1e4, rtol=1e-4)


def test_without_home_regions_home_and_group_are_independent():
    homes, groups = np.array([0.5, 0.2, 0.3]), np.array([0.35, 0.65])
    assert np.allclose(join_shares(homes, groups, np.ones((3, 2))), np.outer(homes, groups))


@pytest.mark.parametrize("uniform", [2.0**-33, 0.5, 1 - 2.0**-33])
def test_the_most_extreme_draws_stay_finite(uniform):
    draw = np.array([uniform])
    drawn = [laws.normal(draw), laws.exponential(draw), laws.beta(draw, 2.0, 30.0)]
    drawn += [laws.lognormal(draw, 8.0, 0.8), laws.poisson(draw, 2.0)]
    assert all(np.isfinite(x).all() for x in drawn)
    assert abs(drawn[0][0]) < 6.4
    assert 0 <= drawn[2][0] <= 1


@pytest.mark.parametrize("mean", [0.3, 4.0, 100.0])
def test_poisson_counts_reach_into_the_tail(mean):
    uniform = np.array([1e-9, 0.5, 1 - 1e-9])
    assert laws.poisson(uniform, mean).tolist() == stats.poisson.ppf(uniform, mean).tolist()


def test_a_lognormal_has_the_mean_that_was_asked_for():
    uniform = (np.arange(20_000) + 0.5) / 20_000
    assert laws.lognormal(uniform, 12.0, 0.8).mean() == pytest.approx(12.0, rel=2e-3)
    assert laws.lognormal(uniform, 0.0, 0.8).max() == 0.0


def test_shares_that_do_not_add_up_to_one_are_scaled():
    odds = np.array([[20.0, 1.0], [1.0, 20.0]])
    whole = join_shares(np.array([0.3, 0.7]), np.array([0.6, 0.4]), odds)
    assert join_shares(np.array([0.6, 1.4]), np.array([3.0, 2.0]), odds) == pytest.approx(whole)
    assert whole.sum() == pytest.approx(1.0)


def test_seeds_of_all_64_bits_give_keys_of_their_own():
    seeds = [0, 1, 2**32, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1]
    assert len({keys.build_key(seed) for seed in seeds}) == len(seeds)
    assert keys.build_key(2**64 - 1) == tuple(
        int(word) for word in run_key(np.uint64(2**64 - 1), keys.SHARED_BY_REPLICATES)
    )


def test_a_scheme_of_ones_own_comes_before_the_known_ones():
    assert scheme_of(tiny_scenario(), "army") == SCHEMES["army"]
    sizes = {"squad": 7, "company": 21, "battalion": 84}
    own = tiny_scenario(unit_schemes={"army": {"title": "Small"} | sizes})
    found = scheme_of(own, "army")
    assert (found.squad, found.company, found.battalion) == (7, 21, 84)


#: what the people of `kept_scenario` were when this was written: who draws which word is a promise
KEPT = {
    "home": "6821d767f757",
    "group": "f30187dca4a4",
    "force": "7ad267a6d2f8",
    "branch": "1caafcbfa5d1",
    "rank": "bec28b2a26b0",
    "superior": "a8a300d7f770",
    "deviation": "7598ea174e25",
    "resolve_deviation": "e79db9beacf2",
    "expressiveness": "c0684860bc1c",
    "openness": "66ff5aa785c7",
    "fear_baseline": "e10597d617ab",
    "service": "c99687c8ca3d",
    "means": "9855ced957e4",
    "phone": "568fb3bb0877",
    "ghost": "81a4b20a10d7",
    "on_leave": "13958fd20a60",
    "volunteer": "8f8075ad40f7",
    "family": "3092b7c96704",
    "squad": "73edf85255a9",
    "squad_start": "b2382d9915c6",
    "squad_company": "594162058ebc",
    "squad_cohesion": "656271a3ab8d",
    "platoon_start": "543d2813f378",
    "company_start": "0506d5f10aa7",
    "company_squad_start": "ff9028b2d878",
    "company_battalion": "a0129f2b425e",
    "company_force": "ae4ac0107456",
    "company_commander": "6b50c3512daa",
    "battalion_start": "280421a3adaf",
    "battalion_company_start": "781d73a9e80f",
    "battalion_force": "30e06038fb18",
    "battalion_number": "19f62f450905",
    "battalion_brigade": "741939ccb979",
    "battalion_division": "741939ccb979",
    "battalion_commander": "06fe657b6134",
}


def kept_scenario():
    """Two forces with what there is: ghosts, leave, groups at home, leftovers, a scheme of one's own."""
    forces = {
        "guard": {
            "title": "Guard", "branch": "army", "place": "alpha", "paper": 1730, "ghosts": 0.2, "leave": 0.1,
            "homes": {"alpha": 0.2, "beta": 0.3, "gamma": 0.5}, "groups": {"coastal": 0.4, "inland": 0.6},
            "volunteers": 0.3,
        },
        "watch": {
            "title": "Watch", "branch": "local_police", "place": "beta", "paper": 431, "unit_scheme": "police",
            "homes": {"beta": 0.9, "gamma": 0.1}, "cohesion": 0.3,
        },
    }  # fmt: skip
    groups = {
        "coastal": {"title": "Coast", "home_region": ("beta",)},
        "inland": {"title": "Inland", "home_region": ("gamma", "alpha")},
    }
    return tiny_scenario(forces=forces, groups=groups, events=())


def test_people_are_those_they_were():
    """Any change here makes other people of every scenario: it belongs under results in the changes."""
    people = build_people(kept_scenario(), 5)
    found = {
        name: hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:12]
        for name, array in vars(people).items()
        if isinstance(array, np.ndarray) and array.dtype.kind != "O"
    }
    assert found == KEPT
