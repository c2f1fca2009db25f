"""Measures for some forces only: the engine equals the twin, and nobody else is touched."""

from __future__ import annotations

import hypothesis
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twin import measures
from twin.compare import first_difference

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.errors import ScenarioError
from standfast.experiment.measures import read_measure
from standfast.meanfield.run import run_meanfield
from standfast.scenario.interventions import OF_FORCES
from standfast.testing.proving_ground import proving_ground
from standfast.testing.strategies import scenarios


def for_one_force(scenario, size=0.6):
    """Give every kind that may be for some forces to the last force, from the start."""
    chosen = [list(scenario.forces)[-1]]
    taken = [{"kind": kind, "size": size, "forces": chosen} for kind in OF_FORCES]
    return scenario.with_({"interventions": taken})


def test_engine_and_twin_agree():
    @hypothesis.seed(6)
    @settings(max_examples=40, derandomize=False, database=None)
    @given(scenarios(), st.integers(0, 2**64 - 1), st.integers(0, 5))
    def compare(scenario, seed, replicate):
        assert first_difference(for_one_force(scenario), seed, replicate) is None

    compare()


def test_a_twin_that_reaches_everybody_is_told_apart(monkeypatch):
    scenario = for_one_force(proving_ground({"time.horizon": "12 h"}))
    assert first_difference(scenario, 1, 0) is None
    monkeypatch.setattr(measures, "is_for", lambda *_: True)
    assert first_difference(scenario, 1, 0) is not None


@pytest.mark.parametrize("kind", OF_FORCES)
def test_only_people_of_the_force_are_touched(kind):
    scenario = proving_ground({"time.horizon": "2 h"})
    slug = next(iter(scenario.forces))
    mine = {"interventions": [{"kind": kind, "size": 1.0, "forces": [slug]}]}
    runs = [Run(compile_plan(x, 1), 0) for x in (scenario, scenario.with_(mine))]
    for run in runs:
        run.advance()
    others = runs[0].plan.people.force != 0
    changed = {
        name: np.flatnonzero(runs[0].arrays[name] != runs[1].arrays[name])
        for name in ("family", "exposed", "trust", "commitment", "legitimacy")
    }
    touched = np.unique(np.concatenate(list(changed.values()))).astype(int)
    assert touched.size
    assert not others[touched].any()


def test_the_mean_field_twin_knows_them():
    scenario = proving_ground({"time.horizon": "72 h", "mechanisms.M16.enabled": True})
    every = [{"kind": "pay_training_supply"}]
    slug = next(iter(scenario.forces))
    some = [{"kind": "pay_training_supply", "forces": [slug]}]
    gone = [run_meanfield(scenario.with_({"interventions": x})).departures[-1].sum()
            for x in ([], some, every)]  # fmt: skip
    assert gone[0] > gone[1] > gone[2]
    named = [{"kind": "pay_training_supply", "forces": list(scenario.forces)}]
    again = run_meanfield(scenario.with_({"interventions": named})).departures[-1].sum()
    assert again == pytest.approx(gone[2])


def test_what_is_wrong_with_forces_is_said():
    scenario = proving_ground()
    slug = next(iter(scenario.forces))
    for measure, says in {
        f"sanction:forces={slug[:-1]}": f'Did you mean "{slug}"',
        f"keep-leaders:forces={slug}": "keep_leaders takes none",
    }.items():
        with pytest.raises(ScenarioError, match=says):
            read_measure(measure, scenario).apply(scenario)
    both = read_measure(f"sanction:size=0.5,forces={','.join(list(scenario.forces)[:2])}", scenario)
    assert both.interventions[0].forces == tuple(list(scenario.forces)[:2])
