"""An answer's table loses nothing where the terminal is narrow."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from standfast.experiment.shown import Shown

HEADS = ("Measure", "P(collapse), points", "Hours gained", "Stayed because of it")
LONG = ("keep-leaders:from=2 d+answer-calls:size=0.8", "+0 (-69 to 69)", "+12.3 (0 to 14)", "1,233 (1,200 to 1,300)")  # fmt: skip


def printed(shown: Shown, width: int) -> str:
    console = Console(width=width, file=io.StringIO())
    console.print(shown.renderable())
    return console.file.getvalue()


@pytest.mark.parametrize("width", [50, 60, 80, 100])
def test_nothing_is_cut_in_a_narrow_terminal(width):
    text = printed(Shown("What would have helped", HEADS, (LONG,)), width)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    # letters of all cells and heads, no more and no fewer
    total = "".join(LONG + HEADS).replace(" ", "")
    body = text.split("\n", 1)[1]
    assert sorted("".join(body.split()).replace("─", "")) == sorted(total)
