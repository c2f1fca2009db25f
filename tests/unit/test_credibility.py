"""The credibility card: whole, ordered, and the same wherever it is shown.

Not shown: that a level is deserved; that is a judgement, and its reasons are on the card.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from standfast.report.page import credibility_table
from standfast.validation.credibility import FACTORS, HIGHEST, card

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "validation" / "credibility.md"


def test_the_eight_factors_of_the_standard_lowest_first():
    assert len({factor.name for factor in FACTORS}) == 8
    levels = [factor.level for factor in card()]
    assert levels == sorted(levels)
    assert {factor.group for factor in FACTORS} == {"Development", "Operations", "Supporting"}


@pytest.mark.parametrize("factor", FACTORS, ids=lambda factor: factor.name)
def test_a_factor_says_why_it_is_where_it_is(factor):
    assert 0 <= factor.level <= factor.ceiling <= HIGHEST
    assert all((factor.evidence, factor.lacks, factor.limit))
    assert bool(factor.page) == (factor.level > 0)
    assert not factor.page or (ROOT / "docs" / factor.page).exists()


def test_the_page_of_the_documentation_is_the_card(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "tools"), *sys.path])
    import make_credibility  # noqa: PLC0415 - found by the line above

    assert PAGE.read_text(encoding="utf-8") == make_credibility.page()


def test_the_table_of_the_report_has_every_factor_in_order():
    names = re.findall(r'scope="row">([^<]*)<', credibility_table())
    assert names == [factor.name for factor in card()]
