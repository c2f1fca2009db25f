"""Ties of small forces, and sparse rows against an obvious twin."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from standfast.errors import RunError
from standfast.network import diagnostics
from standfast.network import layer as layer_module
from standfast.network.kin import solve_kin_law
from standfast.network.layer import layer_from_edges
from standfast.network.matching import N_ATTEMPT, empty_matching, match_within
from standfast.network.ties import build_network, squad_layer
from standfast.population.people import build_people
from standfast.testing.scenarios import tiny_scenario

KEYS = [(1, 2), (3, 4)]
#: ties as they were when this was written, by scenario: who is tied to whom is a promise
KEPT = {
    "as usual": [
        "5f73a02c8723",
        "e94d0ce6285f",
        "9cd2c2e09ace",
        "6bdaf3176bd0",
        "fc1fffc55e81",
        "f0119372b1c9",
    ],
    "hardly clustered": [
        "5f73a02c8723",
        "e94d0ce6285f",
        "bf582b991bb6",
        "a237e79d9781",
        "fc1fffc55e81",
        "f0119372b1c9",
    ],
    "in one's unit": [
        "b73089b5d085",
        "25b6d0e97774",
        "9cd2c2e09ace",
        "6bdaf3176bd0",
        "fc1fffc55e81",
        "f0119372b1c9",
    ],
}


@pytest.fixture(scope="module")
def built():
    people = build_people(tiny_scenario(), 1)
    return people, build_network(tiny_scenario(), people, 1)


def random_edges(n_agent, n_edge, seed):
    generator = np.random.default_rng(seed)
    pairs = {tuple(sorted(generator.choice(n_agent, 2, replace=False))) for _ in range(n_edge)}
    flipped = [pair if generator.random() < 0.5 else pair[::-1] for pair in sorted(pairs)]
    return np.array(generator.permutation(flipped), dtype=np.int32)


def rows_of(n_agent, edges):
    """Return the neighbours of every agent, the obvious way."""
    rows = [set() for _ in range(n_agent)]
    for a, b in edges.tolist():
        rows[a].add(b)
        rows[b].add(a)
    return [sorted(row) for row in rows]


@pytest.mark.parametrize("seed", range(5))
def test_rows_hold_every_tie_twice_and_in_order(seed):
    edges = random_edges(30, 80, seed)
    layer = layer_from_edges(30, edges[:, 0].copy(), edges[:, 1].copy())
    assert [layer.neighbours(i).tolist() for i in range(30)] == rows_of(30, edges)
    assert layer.n_edge == len(edges)


def test_more_ties_than_offsets_can_count_are_refused(monkeypatch):
    edges = random_edges(30, 80, 1)
    ends = edges[:, 0].copy(), edges[:, 1].copy()
    monkeypatch.setattr(layer_module, "MOST_ENDS", 2 * len(edges))
    layer_from_edges(30, *ends)
    monkeypatch.setattr(layer_module, "MOST_ENDS", 2 * len(edges) - 1)
    with pytest.raises(RunError, match=f"{len(edges)} ties of one kind"):
        layer_from_edges(30, *ends)


def test_a_layer_without_ties():
    none = np.empty(0, np.int32)
    layer = layer_from_edges(4, none, none)
    assert layer.indptr.tolist() == [0, 0, 0, 0, 0]
    assert diagnostics.measure_clustering(layer) == 0.0
    assert np.isnan(diagnostics.measure_mixing(layer, np.zeros(4, int)))


@pytest.mark.parametrize("seed", range(5))
def test_clustering_against_counting_triangles_by_hand(seed):
    edges = random_edges(20, 70, seed)
    rows = rows_of(20, edges)
    triples = [(a, b) for row in rows for a in row for b in row if a != b]
    closed = sum(b in rows[a] for a, b in triples)
    layer = layer_from_edges(20, edges[:, 0].copy(), edges[:, 1].copy())
    assert diagnostics.measure_clustering(layer) == closed / len(triples)


def test_mixing_counts_ties_of_equal_label():
    edges = np.array([[0, 1], [1, 2], [2, 3], [0, 3]], np.int32)
    layer = layer_from_edges(4, edges[:, 0].copy(), edges[:, 1].copy())
    assert diagnostics.measure_mixing(layer, np.array([5, 5, 5, 9])) == 0.5


def test_degrees_of_some_agents_only():
    edges = np.array([[0, 1], [0, 2], [0, 3]], np.int32)
    layer = layer_from_edges(5, edges[:, 0].copy(), edges[:, 1].copy())
    summary = diagnostics.summarise_degree(layer, np.array([True, True, True, True, False]))
    assert summary.mean == 1.5
    assert summary.most == 3
    assert summary.count.tolist() == [0, 3, 0, 1]


def matched(n_end, group, apart=None, keys=KEYS):
    n_end = np.array(n_end, dtype=np.int64)
    agent = np.arange(n_end.size)
    apart = agent if apart is None else np.array(apart)
    matching = match_within(
        empty_matching(int(n_end.sum())), agent, np.array(group), n_end,
        apart.astype(np.int32), keys, 99,
    )  # fmt: skip
    used = slice(matching.n_edge)
    return list(zip(matching.first[used].tolist(), matching.second[used].tolist(), strict=True))


def test_matching_gives_everybody_the_stated_number_of_ties():
    edges = matched([3] * 400, [0] * 200 + [1] * 200)
    assert np.bincount(np.array(edges).ravel(), minlength=400).tolist() == [3] * 400
    assert all(a // 200 == b // 200 for a, b in edges)


def test_matching_gives_up_what_cannot_be():
    assert matched([5, 5, 0, 0], [0, 0, 1, 1]) == [(0, 1)]
    assert matched([N_ATTEMPT], [0], keys=KEYS[:1]) == []


def test_matching_keeps_apart_those_of_one_family():
    family = [0, 0, 0, 1, 1, 1]
    edges = matched([2] * 6, [0] * 6, apart=family, keys=KEYS[:1])
    assert edges
    assert all(family[a] != family[b] for a, b in edges)


def test_matching_depends_on_the_key_of_the_group_alone():
    both = matched([2] * 40, [0] * 20 + [1] * 20)
    alone = matched([2] * 20, [0] * 20, keys=KEYS[1:])
    assert [(a - 20, b - 20) for a, b in both if a >= 20] == alone


@pytest.mark.parametrize("mean", [0.0, 0.5, 3.0, 5.0, 40.0])
@pytest.mark.parametrize("clustering", [0.0, 0.05, 0.3, 0.8, 1.0])
def test_sizes_of_families_give_mean_and_clustering(mean, clustering):
    law = solve_kin_law(mean, clustering)
    assert law.family + law.beyond == pytest.approx(mean)
    if mean > 0:
        assert law.clustering == pytest.approx(clustering, abs=1e-6)
    assert 0 <= law.share_large <= 1


def test_phone_ties_are_among_those_with_phones(built):
    people, network = built
    assert not network.phone.degree[people.phone == 0].any()
    assert network.phone.degree[people.phone == 1].mean() > 6


def test_ghosts_have_no_ties_of_any_kind(built):
    people, network = built
    ghosts = people.ghost == 1
    assert ghosts.any()
    for layer in (network.phone, network.kin, network.chain, squad_layer(people)):
        assert not layer.degree[ghosts].any()


def test_kin_have_the_same_home(built):
    people, network = built
    assert diagnostics.measure_mixing(network.kin, people.home) == 1.0


def test_the_chain_ties_everybody_to_his_leader(built):
    people, network = built
    assert network.chain.n_edge == (people.superior >= 0).sum()
    for agent in np.flatnonzero(people.superior >= 0)[::97]:
        assert people.superior[agent] in network.chain.neighbours(agent)


def test_squads_are_cliques(built):
    people, _ = built
    layer = squad_layer(people)
    for squad in (0, 11, people.n_squad - 1):
        block = np.arange(people.squad_start[squad], people.squad_start[squad + 1])
        serving = block[people.ghost[block] == 0]
        for agent in serving:
            assert layer.neighbours(agent).tolist() == serving[serving != agent].tolist()


def test_number_of_ties(built):
    _, network = built
    layers = (network.phone, network.kin, network.chain)
    assert network.n_edge == sum(layer.n_edge for layer in layers)


def kept_scenario(settings):
    """A garrison in battalions so small that not all contacts are to be had in one's own, or at home."""
    forces = {
        "guard": {
            "title": "Guard", "branch": "army", "place": "alpha", "paper": 300, "ghosts": 0.1,
            "unit_scheme": "small", "homes": {"alpha": 0.05, "beta": 0.95},
        },
        "watch": {"title": "Watch", "branch": "army", "place": "beta", "paper": 90, "homes": {"gamma": 1.0}},
    }  # fmt: skip
    schemes = {"small": {"title": "Small", "squad": 5, "company": 5, "battalion": 10}}
    base = tiny_scenario(forces=forces, unit_schemes=schemes, events=())
    return base.model_copy(update={"network": base.network.model_copy(update=settings)})


SETTINGS = {
    "as usual": {},
    "in one's unit": {"phone_mean": 14.0, "phone_unit": 0.9, "phone_home": 0.1},
    "hardly clustered": {"kin_mean": 4.0, "kin_clustering": 0.001},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_ties_are_those_they_were(name):
    """Any change here ties people of every scenario otherwise: it belongs under results in the changes."""
    scenario = kept_scenario(SETTINGS[name])
    network = build_network(scenario, build_people(scenario, 5), 5)
    found = [
        hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:12]
        for layer in (network.phone, network.kin, network.chain)
        for array in (layer.indptr.astype(np.int64), layer.indices)
    ]
    assert found == KEPT[name]


@pytest.mark.parametrize(("mean", "clustering"), [(5.0, 0.3), (5.0, 0.01), (4.0, 0.001)])
def test_kin_have_the_mean_and_clustering_asked_for(mean, clustering):
    law = solve_kin_law(mean, clustering)
    assert law.family + law.beyond == pytest.approx(mean)
    assert law.clustering == pytest.approx(clustering, abs=1e-6)
