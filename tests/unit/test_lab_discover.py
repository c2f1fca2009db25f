"""A planted box is found where it is, and nothing is claimed where there is nothing.

Not tested here: that the boxes on the way are right, which `tests/agreement/test_prim.py` does.
"""

from __future__ import annotations

import numpy as np
import pytest

from standfast.errors import RunError, ScenarioError
from standfast.experiment import box_trust
from standfast.experiment.axes import Axis
from standfast.experiment.box_trust import CHANCE, find_box, weigh
from standfast.experiment.boxes import Box, Points, choose, trajectory
from standfast.experiment.decision_tree import grow
from standfast.experiment.discover import discover, encode, find_boxes
from standfast.experiment.discover_shown import conditions, in_words
from standfast.scenario.load import load_scenario

KEY = 20_140_611
DELAY, EXPOSED = 0.4, 0.5


@pytest.fixture
def few(monkeypatch):
    """Fewer samples; still as many shuffles as a claim needs."""
    monkeypatch.setattr(box_trust, "SAMPLES", 20)
    monkeypatch.setattr(box_trust, "SHUFFLES", 99)


def planted(n=300, inside=0.95, outside=0.1, key=KEY):
    """It comes often where the first is low and the third is high, else seldom; four runs a point."""
    rng = np.random.default_rng(key)
    x = rng.uniform(size=(n, 4))
    chance = np.where((x[:, 0] < DELAY) & (x[:, 2] > EXPOSED), inside, outside)
    return Points(x, rng.binomial(4, chance) / 4, (False,) * 4)


def shuffled(points, key):
    rng = np.random.default_rng(key)
    return Points(points.x, rng.permutation(points.y), points.words)


@pytest.mark.usefixtures("few")
def test_a_planted_box_is_found_and_claimed():
    points = planted()
    box = find_box(points, 0.8)
    assert box.restricted == (0, 2)
    assert box.high[0] == pytest.approx(DELAY, abs=0.06)
    assert box.low[2] == pytest.approx(EXPOSED, abs=0.06)
    trust = weigh(points, box, 0.8, seed=1)
    assert trust.claimed
    assert trust.again[[0, 2]].min() >= 0.95
    assert trust.again[[1, 3]].max() < 0.8
    assert trust.density[1] <= trust.density[0] <= trust.density[2]
    assert trust.density[0] > 2 * points.base
    low, high = trust.high[0]
    assert low <= DELAY <= high


@pytest.mark.usefixtures("few")
def test_a_box_in_noise_is_not_claimed():
    """Wrong twin: the same outcomes shuffled over the points, and the same search."""
    points = shuffled(planted(), KEY + 1)
    box = find_box(points, 0.8)
    assert box.restricted, "the search itself always finds something"
    assert not weigh(points, box, 0.8, seed=1).claimed
    found = find_boxes(points, 0.8, 2, seed=1)
    assert [each.claimed for each in found] == [False]


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.usefixtures("few")
def test_noise_is_claimed_as_seldom_as_said():
    """40 sets of noise; null: each is claimed with chance 1 %. More than 3 has chance 0.1 %."""
    claimed = 0
    for k in range(40):
        points = shuffled(planted(80), KEY + k)
        claimed += weigh(points, find_box(points, 0.8), 0.8, seed=k).claimed
    assert claimed <= 3
    assert CHANCE == 0.01


@pytest.mark.usefixtures("few")
def test_a_second_box_is_found_in_what_the_first_leaves():
    rng = np.random.default_rng(KEY)
    x = rng.uniform(size=(400, 2))
    came = (x[:, 0] < 0.3) | ((x[:, 0] > 0.5) & (x[:, 1] > 0.8))
    found = find_boxes(Points(x, came.astype(float), (False, False)), 1.0, 3, seed=1)
    assert [each.claimed for each in found[:2]] == [True, True]
    assert sum(each.coverage for each in found) > 0.8


def test_a_limit_that_is_not_needed_is_dropped():
    points = planted()
    boxes = trajectory(points)
    assert any(len(box.restricted) > 2 for box in boxes)
    box = choose(points, boxes, 0.8)
    assert points.density(box) >= 0.8
    for axis in box.restricted:
        assert points.density(box.freed(axis)) < 0.8


def test_without_a_dense_box_the_one_that_gains_most_is_taken():
    points = planted(inside=0.5, outside=0.1)
    box = choose(points, trajectory(points), 0.99)
    assert points.density(box) < 0.99
    assert points.gain(box) == max(points.gain(each) for each in trajectory(points))


def test_words_are_left_out_whole():
    rng = np.random.default_rng(KEY)
    axes = [Axis("who", ("x",), listed=("army", "police", "militia")), Axis("y", ("y",), 0, 1)]
    tried = [(axes[0].listed[k], float(u)) for k, u in zip(rng.integers(0, 3, 200), rng.uniform(size=200), strict=True)]  # fmt: skip
    points = encode(axes, tried, np.array([float(word != "police") for word, _ in tried]))
    assert points.words == (True, False)
    box = find_box(points, 0.9)
    assert conditions(axes, box) == ["who is army or militia"]
    tree = grow(points, 1)
    assert {tuple(conditions(axes, leaf.box)) for leaf in tree.leaves} == {
        ("who is army or militia",),
        ("who is police",),
    }


def test_the_tree_asks_what_was_planted():
    points = planted()
    tree = grow(points, 1)
    best = tree.leaves[0]
    assert best.box.restricted == (0, 2)
    assert best.density > 0.8
    assert tree.explained > 0.5
    assert tree.again[[0, 2]].min() == pytest.approx(1)
    assert sum(leaf.mass for leaf in tree.leaves) == pytest.approx(1)
    inside = np.array([leaf.box.holds(points.x) for leaf in tree.leaves])
    assert (inside.sum(axis=0) == 1).all(), "every point is in exactly one leaf"


def test_the_tree_asks_nothing_of_noise():
    """Wrong twin: without cutting back it asks seven questions of shuffled outcomes."""
    points = shuffled(planted(), KEY + 2)
    tree = grow(points, 1)
    assert [leaf.box for leaf in tree.leaves] == [Box.around(4)]
    assert tree.explained == 0


def test_conditions_are_said_in_words():
    axes = [
        Axis("answer-delay", ("x",), 0, 48, dimension="h"),
        Axis("population.exposed", ("y",), 0, 1, dimension="share"),
        Axis("forces.*.quality", ("z",), 0.5, 1.5, dimension="share", factor=True),
    ]
    box = Box.around(3).limited(0, high=12.0).limited(1, high=0.2).limited(2, low=0.75, high=1.25)
    assert in_words(conditions(axes, box)) == (
        "calls are answered within 12 h, at most 20 % are exposed and "
        "forces.*.quality is between x0.75 and x1.25"
    )
    assert in_words(conditions(axes, Box.around(3))) == ""


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"points": 39}, RunError, "39 points are too few"),
        ({"density": 0.0}, RunError, "density is 0"),
        ({"boxes": 0}, RunError, "boxes is 0"),
        ({"replicates": 0}, RunError, "replicates is 0"),
        ({"vary": ["comitment=7:9"]}, ScenarioError, "commitment"),
        ({"vary": ["infiltration=0:2"]}, ScenarioError, "lies between"),
        ({"vary": []}, ScenarioError, "nothing is varied"),
        ({"hours": 1e-9}, RunError, "are allowed"),
    ],
)
def test_what_cannot_be_is_refused(change, error, says):
    asked = {"vary": ["commitment=7:9"], "progress": False, "points": 64} | change
    with pytest.raises(error) as caught:
        discover(load_scenario("garrison"), **asked)
    assert says in caught.value.render()
