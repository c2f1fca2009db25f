"""What holds for the people and ties of any scenario. Laws of large numbers: tests/statistical."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from standfast.network.ties import build_network, squad_layer
from standfast.population.people import build_people
from standfast.testing.scenarios import tiny_scenario

share = st.sampled_from([0.0, 0.1, 0.5, 1.0]) | st.floats(0, 1, width=16)
seeds = st.integers(0, 2**64 - 1)
homes = st.sampled_from(
    [{"alpha": 1.0}, {"alpha": 0.5, "gamma": 0.5}, {"beta": 0.99, "delta": 0.01}]
)
force = st.fixed_dictionaries(
    {
        "title": st.just("Force"),
        "branch": st.sampled_from(["army", "federal_police", "local_police"]),
        "place": st.just("alpha"),
        "paper": st.integers(1, 700),
        "ghosts": share,
        "leave": share,
        "homes": homes,
        "cohesion": share,
        "unit_scheme": st.sampled_from(["army", "police"]),
    }
)
network = st.fixed_dictionaries(
    {
        "phone_mean": st.sampled_from([0.0, 0.3, 8.0, 60.0]),
        "phone_sigma": st.sampled_from([0.0, 0.8, 2.0]),
        "phone_unit": share,
        "phone_home": share,
        "kin_mean": st.sampled_from([0.0, 0.5, 5.0, 30.0]),
        "kin_clustering": share,
    }
)


@st.composite
def scenarios(draw):
    forces = {f"force-{i}": draw(force) for i in range(draw(st.integers(1, 3)))}
    return tiny_scenario(
        forces=forces, network=draw(network), population={"phones": draw(share)}, events=()
    )


def arrays_of(people, ties):
    layers = {"phone": ties.phone, "kin": ties.kin, "chain": ties.chain}
    found = dict(people.to_arrays())
    for name, layer in layers.items():
        found |= {f"{name}.indptr": layer.indptr, f"{name}.indices": layer.indices}
    return found


def build(scenario, seed):
    people = build_people(scenario, seed)
    return people, build_network(scenario, people, seed)


@given(scenarios(), seeds)
def test_ties_are_mutual_single_and_with_somebody_else(scenario, seed):
    people, ties = build(scenario, seed)
    for layer in (ties.phone, ties.kin, ties.chain, squad_layer(people)):
        row = np.repeat(np.arange(layer.n_agent), layer.degree)
        assert layer.n_agent == people.n_agent
        assert layer.indices.size == 2 * layer.n_edge
        code = row * people.n_agent + layer.indices
        assert (np.diff(code) > 0).all()  # rows rise strictly: no duplicates
        assert (row != layer.indices).all()
        assert np.array_equal(code, np.sort(layer.indices.astype(np.int64) * people.n_agent + row))
        assert not layer.degree[people.ghost == 1].any()
    assert not ties.phone.degree[people.phone == 0].any()


@given(scenarios(), seeds)
def test_traits_lie_in_their_ranges(scenario, seed):
    people = build_people(scenario, seed)
    assert people.n_agent == sum(force.paper for force in scenario.forces.values())
    for name, array in people.to_arrays().items():
        if array.dtype.kind == "f":
            assert np.isfinite(array).all(), name
    for name in ("expressiveness", "openness", "fear_baseline", "squad_cohesion"):
        array = getattr(people, name)
        assert ((array >= 0) & (array <= 1)).all(), name
    assert (people.service >= 0).all()
    shares = np.array(
        [[f.homes.get(p, 0) for p in scenario.places] for f in scenario.forces.values()]
    )
    assert (shares[people.force, people.home] > 0).all()
    assert not (people.ghost & (people.phone | people.on_leave)).any()


@given(scenarios(), seeds)
def test_same_seed_same_bytes(scenario, seed):
    first, second = (arrays_of(*build(scenario, seed)) for _ in range(2))
    for name, array in first.items():
        assert array.tobytes() == second[name].tobytes(), name
        assert array.dtype == second[name].dtype, name


@given(scenarios(), st.integers(0, 2**64 - 2))
def test_other_seed_other_people(scenario, seed):
    first, second = (build_people(scenario, seed + i) for i in range(2))
    assert not np.array_equal(first.deviation, second.deviation)
