"""Boxes on the way from everything to the densest are those of ema-workbench, point by point.

Not tested: which of them is taken, for which that program asks its user.
"""

from __future__ import annotations

import numpy as np
import pytest

from standfast.experiment import boxes
from standfast.experiment.boxes import Points, trajectory

CASES = ("planted", "smooth", "mixed", "noise")


def both(stored, name):
    """Return which points lie inside each box on the way: by ema-workbench, and here."""
    peer = stored(f"ema-prim-{name}")
    words = (False,) * 4 + (True,) * (peer["x"].shape[1] - 4)
    points = Points(peer["x"], peer["y"], words)
    theirs = np.unpackbits(peer["inside"], axis=1, count=points.y.size).astype(bool)
    return theirs, np.array([box.holds(points.x) for box in trajectory(points)])


@pytest.mark.parametrize("name", CASES)
def test_the_same_boxes(stored, name):
    theirs, ours = both(stored, name)
    assert len(theirs) > 10
    assert np.array_equal(theirs, ours)


def test_the_mean_alone_peels_other_boxes(stored, monkeypatch):
    """Wrong twin: the first criterion of Friedman and Fisher, blind to how much a peel takes.

    It differs where peels differ in size, as a word and a twentieth of a range do.
    """

    def greedy(points, box, candidates, *, grows):
        old = points.y[box.holds(points.x)]
        best, mean = None, old.mean()
        for other in candidates:
            new = points.y[other.holds(points.x)]
            if (new.size > old.size) == grows and 20 <= new.size != old.size and new.mean() > mean:
                best, mean = other, new.mean()
        return best

    monkeypatch.setattr(boxes, "_best", greedy)
    theirs, ours = both(stored, "mixed")
    assert not np.array_equal(theirs, ours)
