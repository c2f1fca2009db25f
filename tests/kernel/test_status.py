"""Codes that kernels use stand in the order of the words that label results."""

from __future__ import annotations

import pytest

from standfast.kernels import status
from standfast.scenario import vocabulary


@pytest.mark.parametrize(
    ("words", "prefix"), [(vocabulary.LOG_KINDS, "LOG_"), (vocabulary.TERMS, "TERM_")]
)
def test_as_many_codes_as_words(words, prefix):
    codes = [getattr(status, name) for name in dir(status) if name.startswith(prefix)]
    assert sorted(codes) == list(range(len(words)))


@pytest.mark.parametrize("word", vocabulary.STATUS)
def test_status(word):
    assert getattr(status, word.upper()) == vocabulary.STATUS.index(word)


@pytest.mark.parametrize("word", vocabulary.CONTROL)
def test_control(word):
    assert getattr(status, word.upper()) == vocabulary.CONTROL.index(word)


@pytest.mark.parametrize("word", vocabulary.HOME_KINDS)
def test_home_kinds(word):
    assert getattr(status, f"HOME_{word.upper()}") == vocabulary.HOME_KINDS.index(word)


def test_terms_by_name():
    names = {"cross_pressure": "CROSS", "baseline": "BASE"}
    for code, term in enumerate(vocabulary.TERMS):
        assert getattr(status, f"TERM_{names.get(term, term.upper())}") == code


def test_log_kinds_by_name():
    wanted = {
        "attack": status.LOG_ATTACK, "place_lost": status.LOG_LOST, "halt": status.LOG_HALT,
        "call_refused": status.LOG_REFUSED, "commanders_leave": status.LOG_COMMANDERS,
        "evacuation": status.LOG_EVACUATION, "rout": status.LOG_ROUT,
        "treachery_rumour": status.LOG_TREACHERY, "intensify": status.LOG_INTENSIFY,
    }  # fmt: skip
    for word, code in wanted.items():
        assert vocabulary.LOG_KINDS[code] == word


def test_exits_are_the_statuses_from_hiding_to_defected():
    ways = vocabulary.STATUS[status.HIDING : status.DEFECTED + 1]
    assert ways == vocabulary.EXITS
    assert len(ways) == status.N_EXIT
