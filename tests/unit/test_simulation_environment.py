"""The defender's environment keeps Gymnasium's promises, and pays for what it says."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from standfast.errors import RunError, ScenarioError
from standfast.experiment import environment
from standfast.experiment.environment import MEASURES, OBSERVED, make_environment
from standfast.testing.proving_ground import proving_ground


def make(**changes):
    return make_environment(proving_ground(), every="12 h", **changes)


def play(env, action_of):
    observed, info = env.reset(seed=3)
    rewards, hours = [], [info["hour"]]
    while True:
        observed, reward, terminated, truncated, info = env.step(action_of(observed))
        rewards.append(reward)
        hours.append(info["hour"])
        assert not truncated
        if terminated:
            return observed, rewards, hours, info


def test_passes_the_checker_of_gymnasium():
    check_env(make(), skip_render_check=True, skip_close_check=True)


def test_an_episode_adds_up_to_what_was_lost():
    nothing = np.zeros(len(MEASURES), dtype=np.int8)
    observed, rewards, hours, info = play(make(), lambda _: nothing)
    assert hours == [12.0 * k for k in range(13)]
    assert sum(rewards) == pytest.approx(info["share"] - 1.0)
    assert observed[-1] == 1.0
    assert observed.shape == (3 * len(OBSERVED) + len(MEASURES) + 1,)
    assert ((observed >= 0) & (observed <= 1)).all()


def test_what_is_begun_costs_once_and_tells():
    keep = np.zeros(len(MEASURES), dtype=np.int8)
    keep[0] = 1
    free, dear = make(cost_weight=0.0), make(cost_weight=0.1)
    observed, rewards, _, info = play(free, lambda _: keep)
    _, paid, _, same = play(dear, lambda _: keep)
    assert same == info
    assert sum(rewards) - sum(paid) == pytest.approx(0.1)
    assert observed[3 * len(OBSERVED)] == 1.0
    nothing = play(make(), lambda _: np.zeros(len(MEASURES), dtype=np.int8))
    assert nothing[3]["share"] != info["share"]


def test_a_seed_is_a_replicate():
    env = make()
    first, again, other = (env.reset(seed=seed)[1]["replicate"] for seed in (3, 3, 4))
    assert first == again != other


def test_refuses_what_makes_no_sense(monkeypatch):
    with pytest.raises(ScenarioError, match="keep_leaders"):
        make(measures=[{"kind": "keep_leader"}])
    with pytest.raises(RunError, match="nothing to decide"):
        make(measures=[])
    monkeypatch.setitem(sys.modules, "gymnasium", None)
    environment._environment_class.cache_clear()
    with pytest.raises(RunError, match="standfast\\[gym\\]"):
        make()
    monkeypatch.undo()
    environment._environment_class.cache_clear()
