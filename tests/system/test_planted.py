"""A thousand planted tables of persons are turned away without an echo, a thousand aggregates are not.

Refused means refused as data about persons, not for whatever else may be wrong with such a file.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from planted import aggregate, aggregate_table, plant

from standfast.errors import ScenarioError
from standfast.scenario.load import read_document
from standfast.scenario.privacy import check_no_table

TOWN = (Path(__file__).parents[1] / "data" / "town.yaml").read_text()
MANY = 1000


def test_a_thousand_planted_files_are_refused_and_none_is_repeated():
    draw = np.random.default_rng(20140610)
    missed: Counter[str] = Counter()
    echoed = []
    for _ in range(MANY):
        planted = plant(draw, TOWN)
        try:
            read_document(planted.content, planted.suffix, "file")
        except ScenarioError as error:
            told = error.render() + repr(error.problems)
            echoed += [planted.kind for secret in planted.secrets if secret in told]
            missed[planted.kind] += "single persons" not in told
        else:
            missed[planted.kind] += 1
    assert echoed == []
    assert missed.total() <= 0.01 * MANY, missed


def test_a_thousand_aggregates_are_let_in():
    draw = np.random.default_rng(20140611)
    refused = []
    for _ in range(MANY // 2):
        content = aggregate(draw, TOWN)
        try:
            read_document(content, ".yaml", "file")
        except ScenarioError as error:
            refused.append(error.render())
        table = aggregate_table(draw)
        refused += [problem.says for problem in check_no_table(table)]
    assert len(refused) <= 0.01 * MANY, refused[:5]


@pytest.mark.parametrize("blind", ["person_values", "person_words"])
def test_the_test_would_notice_a_check_that_looks_away(monkeypatch, blind):
    """The wrong twin: with names of columns alone, or with values alone, too many come through."""
    from standfast.scenario import privacy  # noqa: PLC0415 - to be blinded

    nothing = {
        "person_values": ("personal_text", "personal_records", "personal_rows"),
        "person_words": ("_head", "_person_fields"),
    }[blind]
    for name in nothing:
        empty = () if name == "_person_fields" else None
        monkeypatch.setattr(privacy, name, lambda *_, empty=empty: empty)
    draw = np.random.default_rng(1)
    missed = 0
    for _ in range(100):
        planted = plant(draw, TOWN)
        try:
            read_document(planted.content, planted.suffix, "file")
            missed += 1
        except ScenarioError as error:
            missed += "single persons" not in error.render()
    assert missed > 5
