"""Data about single persons is turned away, and nothing of it comes back in a message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from standfast.errors import ScenarioError
from standfast.scenario.check import check_tree
from standfast.scenario.load import read_document
from standfast.scenario.person_words import PERSON_FIELDS
from standfast.scenario.privacy import check_no_persons
from standfast.scenario.reading import read_yaml
from standfast.scenario.tree import Tree

TOWN = read_yaml((Path(__file__).parents[1] / "data" / "town.yaml").read_text()).data
ZYX = "Zyxwvut"


def refused(content: str, suffix: str = ".yaml") -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        read_document(content.encode(), suffix, "file")
    assert ZYX.lower() not in caught.value.render().lower()
    assert ZYX.lower() not in repr(caught.value.problems).lower()
    return caught.value


@pytest.mark.parametrize("field", sorted(PERSON_FIELDS))
def test_a_field_about_persons_is_refused_anywhere(field):
    for data in (
        {**TOWN, field: ZYX},
        {**TOWN, "forces": {**TOWN["forces"], "x": {field: ZYX}}},
        {**TOWN, "people": [{"x": 1, field: ZYX}]},
    ):
        error = refused(json.dumps(data), ".json")
        assert all("single persons" in problem.says for problem in error.problems)


@pytest.mark.parametrize(
    "field",
    [
        "firstName",
        "First Name",
        "FIRST-NAME",
        "first_name",
        "Phone Number",
        "dateOfBirth",
        "eMail",
        "IMEI",
    ],
)
def test_spelling_does_not_help(field):
    assert check_no_persons(Tree({"x": {field: ZYX}}))


@pytest.mark.parametrize(
    "text",
    [
        f"personnel:\n  - [{ZYX}, captain]\n",
        f"soldiers:\n  - {ZYX}\n",
        f"forces:\n  a:\n    members:\n      {ZYX}: {{rank: 2}}\n",
        f"columns: [rank, name]\nrows: [[2, {ZYX}]]\n",
        f"data: [[surname, phone], [{ZYX}, 1]]\n",
        f"rank;surname;phone\n2;{ZYX};1\n",
        f"Name,Rank\n{ZYX},2\n",
        f"standfast: 1\nunit: {{value: {{surname: {ZYX}}}, grade: A}}\n",
    ],
    ids=range(8),
)
def test_lists_and_tables_of_persons_are_refused(text):
    assert any("person" in problem.says for problem in refused(text).problems)


def test_a_refused_file_shows_nothing_else():
    # the name of a person may be a key, and a typo beside it must not bring it to light
    text = f"standfast: 1\n{ZYX}: {{phone_number: 1}}\n{ZYX}2: 3\n{ZYX}2: no\n"
    error = refused(text)
    assert [(p.path, p.line) for p in error.problems] == [("", 2)]


def test_an_override_may_not_bring_persons_in():
    content = (Path(__file__).parents[1] / "data" / "town.yaml").read_bytes()
    with pytest.raises(ScenarioError, match="single persons") as caught:
        read_document(content, ".yaml", "town", overrides=[f"forces.garrison.surname={ZYX}"])
    assert ZYX not in str(caught.value)


@pytest.mark.parametrize(
    "extra",
    [
        {"population": {"phones": 0.5}},
        {"network": {"phone_mean": 3.0}},
        {"forces": {"recruits": {**TOWN["forces"]["police"], "homes": {"west": 1}}}},
    ],
)
def test_aggregates_are_not_persons(extra):
    check_tree(Tree({**TOWN, **extra}), "town")
