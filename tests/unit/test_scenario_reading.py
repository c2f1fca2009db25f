"""Bytes to trees: what a word means, where it stands, and what is refused before it is built."""

from __future__ import annotations

import json
import time
import tracemalloc
from pathlib import Path

import pytest

from standfast.scenario.load import read_document
from standfast.scenario.reading import ReadingError, decode, read_json, read_yaml
from standfast.scenario.scalars import AmbiguousScalarError, read_plain
from standfast.scenario.toml import read_toml

TOWN = (Path(__file__).parents[1] / "data" / "town.yaml").read_text()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("1e3", 1000.0), ("-2.5", -2.5), ("0", 0), ("-7", -7), (".5", 0.5), ("1E-3", 0.001),
        ("true", True), ("False", False), ("", None), ("~", None), ("null", None),
        ("2014-06-06", "2014-06-06"), ("2014-06-06T02:30", "2014-06-06T02:30"),
        ("85 h", "85 h"), ("noon", "noon"), ("y", "y"), ("1.2.3", "1.2.3"), ("0.0", 0.0),
    ],
)  # fmt: skip
def test_a_word_means_what_yaml_1_2_says(word, value):
    assert read_plain(word) == value
    assert type(read_plain(word)) is type(value)


@pytest.mark.parametrize(
    "word",
    ["no", "Yes", "ON", "off", "1:30", "12:30:45", "010", "-08", "007.5", "0x1F", "0o17", "0b1",
     "1_000", ".inf", "-.INF", ".nan", "NaN", "Infinity", "1e999", "9" * 41],
)  # fmt: skip
def test_a_word_that_programs_read_differently_is_refused(word):
    with pytest.raises(AmbiguousScalarError):
        read_plain(word)


@pytest.mark.parametrize("word", ["no", "010", "1:30", "1e3"])
def test_quotes_make_a_text(word):
    assert read_yaml(f'a: "{word}"').data == {"a": word}
    assert read_yaml(f"'{word}': 1").data == {word: 1}
    assert read_yaml(f"a: |-\n  {word}").data == {"a": word}


def test_keys_are_texts_whatever_they_look_like():
    assert read_yaml("no: 1\n010: 2\ntrue: 3").data == {"no": 1, "010": 2, "true": 3}


def test_everything_knows_its_line():
    tree = read_yaml(TOWN)
    lines = TOWN.splitlines()
    for path, (line, column) in tree.marks.items():
        if path and isinstance(path[-1], str):
            assert lines[line - 1][column - 1 :].startswith(path[-1])


def test_a_key_that_stands_twice_is_a_problem_with_both_lines():
    tree = read_yaml("a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert [(p.path, p.line) for p in tree.problems] == [("a.b", 4)]
    assert "line 2" in tree.problems[0].says
    assert tree.data == {"a": {"b": 1, "c": 2}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 200_000, "nested"),
        ("{a: " * 50_000, "nested"),
        ("- " * 100_000, "nested"),
        ("a: &x [1]\nb: *x", "anchor"),
        ("a: *x", "alias"),
        ("- 1\n" * 200_000, "values"),
        ("a: !!python/object:os.system x", "tag"),
        ("a: ! x", "tag"),
        ("? [a]\n: 1", "as a key"),
        ("a: 1\n---\nb: 2", "second document"),
        ("a: [1, 2", "cannot be read"),
        ("a: b: c", "cannot be read"),
        ("a:\n\t- b", "cannot be read"),
        ("%YAML 9.9\n---\na: 1", "cannot be read"),
    ],
    ids=lambda value: value[:20],
)
def test_what_cannot_be_read_stops_early_and_cheaply(text, says):
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(ReadingError, match=says) as caught:
        read_yaml(text)
    took = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.problem.line is not None
    # tracing slows this down about tenfold
    assert took < 10
    assert peak < 100e6


@pytest.mark.parametrize(
    ("content", "says", "line"),
    [
        (b"a: 1\nb: \xff\xfe", "UTF-8", 2),
        ("a: é".encode("latin-1"), "UTF-8", 1),
        ("a: 1".encode("utf-16"), "UTF-8", 1),
        (b"a: 1\n\x00", "control character", 2),
        (b"\x7fELF", "control character", 1),
        (b"x" * 2_000_001, "bytes", None),
    ],
)
def test_bytes_that_are_no_text_are_refused(content, says, line):
    with pytest.raises(ReadingError, match=says) as caught:
        decode(content)
    assert caught.value.problem.line == line


def test_a_byte_order_mark_and_carriage_returns_are_fine():
    assert read_yaml(decode(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")).data == {"a": 1, "b": 2}


@pytest.mark.parametrize("text", ["\U0001f30d", "\\ud83c\\udf0d", "\\\U0001f30d", "é", "\u2028\t"])
def test_json_escapes_are_read(text):
    assert read_json(json.dumps({"a": text})).data == {"a": text}


def as_toml(value: object, path: str = "") -> str:
    """Write plain objects as TOML: tables for mappings, inline values for the rest."""

    def inline(item: object) -> str:
        if isinstance(item, dict):
            return "{" + ", ".join(f"{json.dumps(k)} = {inline(v)}" for k, v in item.items()) + "}"
        if isinstance(item, list):
            return "[" + ", ".join(map(inline, item)) + "]"
        return json.dumps(item)

    assert isinstance(value, dict)
    lines = [f"{k} = {inline(v)}" for k, v in value.items() if not isinstance(v, dict)]
    for key, item in value.items():
        if isinstance(item, dict):
            lines += [f"[{path}{key}]", as_toml(item, f"{path}{key}.")]
    return "\n".join(lines)


def test_yaml_json_and_toml_say_the_same():
    data = read_yaml(TOWN).data
    scenarios = [
        read_document(TOWN.encode(), ".yaml", "town").scenario,
        read_document(json.dumps(data, indent="\t").encode(), ".json", "town").scenario,
        read_document(json.dumps(data).encode(), ".json", "town").scenario,
        read_document(as_toml(data).encode(), ".toml", "town").scenario,
    ]
    assert all(scenario == scenarios[0] for scenario in scenarios)


def test_toml_knows_the_lines_of_tables_and_keys():
    tree = read_toml('a = 1\n\n[b.c]\nd = "x"\n\n[[e]]\nf = 1\n[[e]]\n  f = 2\n[e.g]\nh.i = 3\n')
    assert tree.marks["b", "c", "d"] == (4, 1)
    assert tree.marks["e", 1, "f"] == (9, 3)
    assert tree.mark(("b", "c", "nothing")) == (3, 1)


def test_toml_dates_are_texts():
    assert read_toml("a = 2014-06-06T02:30:00").data == {"a": "2014-06-06T02:30:00"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = ", "cannot be read"),
        ("a = 1\na = 2", "cannot be read"),
        ("x = " + "[" * 100_000, "nested|cannot be read"),
        ("x = " + "[" * 40 + "]" * 40, "nested"),
        ("a." * 100_000 + "a = 1", "parts"),
        ("a = 1 # " + "x" * 600_000, "characters"),
    ],
    ids=lambda value: value[:20],
)
def test_toml_that_cannot_be_read_is_refused(text, says):
    with pytest.raises(ReadingError, match=says):
        read_toml(text)
