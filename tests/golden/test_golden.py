"""The whole numbers of four runs are those that are kept, to the last person.

Not asserted: that they are right; theory, the slow twin and the other programs say so. This is the gate
that lets no change of results pass quietly: new files here want an announcement
(tests/architecture/test_golden_announced.py).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from numbers_kept import CASES, numbers, path


@pytest.mark.parametrize("name", CASES)
def test_whole_numbers_are_those_kept(name):
    assert numbers(name) == json.loads(path(name).read_text(encoding="utf-8"))


def test_a_changed_parameter_shows():
    kept = json.loads(path("garrison").read_text(encoding="utf-8"))
    changed = numbers("garrison", **{"behaviour.fear.fear_decay": "73 h"})
    assert changed["people"] == kept["people"]
    assert changed["serving"] != kept["serving"]
