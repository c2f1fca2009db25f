"""Whatever is in a file: it is read back as written, or refused with every problem and no stumble.

Not asserted: that a mutated file is refused; many mutations leave a scenario sound.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.errors import ScenarioError
from standfast.scenario.dump import dump_yaml
from standfast.scenario.emit import block, flow
from standfast.scenario.fields import FieldView, fields_of
from standfast.scenario.load import load_scenario, read_document
from standfast.scenario.model import Behaviour, Scenario
from standfast.scenario.quantities import format_quantity, parse_quantity
from standfast.scenario.reading import decode, read_yaml
from standfast.scenario.template import template
from standfast.testing.strategies import scenarios

CONTENT = (Path(__file__).parents[1] / "data" / "town.yaml").read_bytes()
TOWN = load_scenario(Path(__file__).parents[1] / "data" / "town.yaml")
PIECES = (
    b"no", b"1:30", b"010", b"NaN", b".inf", b"-1", b"9" * 60, b"\x00", b"\xff", b"\t", b"&a ", b"*a",
    b"!!str ", b"[", b"]", b"{", b"}", b": ", b"- ", b"\n", b'"', b"'", b"|", b"#", b"%", b"---\n", b"east",
    b"names", b"value", b"source", b"20 d", b"\xf0\x9f\x8c\x8d", b"null", b"true", b"1e400", b"<<",
)  # fmt: skip

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words
)
objects = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


@given(objects)
def test_what_is_written_is_read_back(value):
    assert read_yaml(f"a: {flow(value)}").data == {"a": value}
    text = "\n".join(block({"a": value}))
    assert read_yaml(decode(text.encode())).data == {"a": value}


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["h", "km", "1/h", "km/h", "share", "1"]),
)
def test_a_quantity_is_written_without_loss(number, dimension):
    written = format_quantity(number, dimension)
    if abs(number) < 1e15:
        assert parse_quantity(written, dimension) == number
    assert read_yaml(f"a: {flow(written)}").data == {"a": written}


def numbers_of(view: FieldView) -> st.SearchStrategy[float]:
    low, high = view.bounds.get("ge", -1e6), view.bounds.get("le", 1e6)
    return st.floats(low, high, exclude_min="gt" in view.bounds, allow_nan=False)


PARAMETERS = {
    f"behaviour.{family}.{name}": view
    for family, section in fields_of(Behaviour).items()
    for name, view in fields_of(section.models[0]).items()
    if view.dimension and {"ge", "le"} <= set(view.bounds)
}


@given(st.data())
def test_any_parameters_survive_writing(data):
    chosen = data.draw(st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=6, unique=True))
    values = {path: data.draw(numbers_of(PARAMETERS[path])) for path in chosen}
    written = {path: PARAMETERS[path].written(value) for path, value in values.items()}
    changed = TOWN.with_(written)
    for path, value in values.items():
        _, family, name = path.split(".")
        assert getattr(getattr(changed.behaviour, family), name) == value
    for text in (dump_yaml(changed), template(changed)):
        assert read_document(text.encode(), ".yaml", "text").scenario == changed


def outcome(content: bytes, suffix: str) -> Scenario | ScenarioError:
    try:
        return read_document(content, suffix, "file").scenario
    except ScenarioError as error:
        return error


def read_or_refuse(content: bytes, suffix: str) -> None:
    found = outcome(content, suffix)
    if isinstance(found, ScenarioError):
        assert found.problems
        assert len(found.render()) < 100_000
        assert found.render().replace("\n", "").isprintable()
    else:
        assert outcome(dump_yaml(found).encode(), ".yaml") == found


places = st.integers(0, len(CONTENT))
edits = st.lists(
    st.tuples(places, st.integers(0, 12), st.sampled_from(PIECES) | st.binary(max_size=6)),
    min_size=1,
    max_size=5,
)


@given(edits, st.sampled_from([".yaml", ".json", ".toml"]))
def test_a_mutated_file_is_read_or_refused(changes, suffix):
    content = CONTENT
    for at, cut, piece in changes:
        content = content[:at] + piece + content[at + cut :]
    read_or_refuse(content, suffix)


@given(objects)
def test_any_object_is_read_or_refused(value):
    read_or_refuse(json.dumps(value, ensure_ascii=False).encode(), ".json")


SECTIONS = [name for name in json.loads(TOWN.model_dump_json()) if name != "standfast"]


@given(st.data())
def test_any_object_in_any_place_is_read_or_refused(data):
    content = json.loads(TOWN.model_dump_json(exclude={"evidence"}))
    here = content
    for _ in range(data.draw(st.integers(1, 5))):
        keys = sorted(here) if isinstance(here, dict) else range(len(here))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(here[key], (dict, list)) or not here[key] or data.draw(st.booleans()):
            here[key] = data.draw(objects)
            break
        here = here[key]
    read_or_refuse(json.dumps(content, ensure_ascii=False).encode(), ".json")


@given(scenarios(max_people=200))
def test_a_scenario_drawn_for_tests_is_one_that_is_read(scenario):
    """Two roads once joined the same places, each the other way round."""
    assert scenario.with_({}) == scenario


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    read_or_refuse(content, ".yaml")
    read_or_refuse(content, ".toml")


@given(st.dictionaries(words, objects, max_size=3))
def test_any_change_is_made_or_refused(changes):
    try:
        changed = TOWN.with_(changes)
    except ScenarioError:
        return
    assert changed == TOWN.with_(changes)


@pytest.mark.parametrize(
    "text", ["a: {b: c, d}", "a: [1, , 2]", "a: }", "'a': |\n b\n c", "a: >-\n\n\n", "- - - -"]
)
def test_odd_yaml_is_read_or_refused(text):
    read_or_refuse(text.encode(), ".yaml")
