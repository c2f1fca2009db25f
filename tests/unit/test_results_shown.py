"""What people see of a result: the table in the terminal, the card in a notebook."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from standfast.results.table import verdict_table
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

if TYPE_CHECKING:
    from standfast.results.result import Result


@pytest.fixture(scope="module")
def result() -> Result:
    return synthetic_result(tiny_scenario(title="Four [bold]places[/bold] & <one> attack"), 12)


def printed(result: Result, width: int = 100) -> str:
    console = Console(width=width, force_terminal=False, color_system=None)
    with console.capture() as capture:
        console.print(verdict_table(result))
    return capture.get()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_table_names_every_garrison_and_the_whole(result: Result, width: int) -> None:
    text = printed(result, width)
    for title in ("Alpha", "Beta", "Gamma", "The whole", "12 replicates", "Why they left"):
        assert title in text
    assert "Delta" not in text
    assert "[bold]places[/bold]" in text


def test_many_garrisons_that_always_held_share_a_line() -> None:
    places = {
        f"town-{n}": {"title": f"Town {n}", "latitude": 30.0 + n / 10, "longitude": 44.0}
        for n in range(14)
    }
    forces = {
        f"force-{n}": {
            "title": f"Force {n}", "branch": "army", "place": f"town-{n}", "paper": 100,
            "homes": {f"town-{n}": 1.0},
        }
        for n in range(14)
    }  # fmt: skip
    calm = tiny_scenario(
        places=places,
        forces=forces,
        roads=(),
        events=(),
        time={"start": "2014-06-04T00:00", "horizon": "24 h"},
    )
    text = " ".join(printed(synthetic_result(calm, 2)).split())
    assert "Held in every replicate: Town 0, Town 1" in text
    assert "hours since the start" in text.lower()


def test_the_card_is_escaped_and_asks_nothing_outside(result: Result) -> None:
    html = result._repr_html_()
    parser = Tags()
    parser.feed(html)
    assert "&lt;one&gt;" in html
    assert parser.tags <= {
        "div", "p", "b", "table", "thead", "tbody", "tr", "th", "td", "span", "small", "br",
    }  # fmt: skip
    assert "http" not in html


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs) -> None:
        del attrs
        self.tags.add(tag)


def test_tables_of_the_result(result: Result) -> None:
    assert list(result.verdicts.index) == ["alpha", "beta", "gamma"]
    causes = result.causes()
    assert causes["median"].is_monotonic_decreasing
    assert causes.index[0] == "fear"
    assert list(result.exits().columns) == ["q05", "median", "q95"]
    assert "12 replicates" in repr(result)


def test_the_headline_is_about_the_place_of_the_reference_event(result: Result) -> None:
    assert "replicates. Alpha: " in repr(result)
    assert "; the whole: " in repr(result)
    quiet = tiny_scenario(events=(), time={"start": "2014-06-04T00:00", "horizon": "24 h"})
    assert "1 replicate. The whole: held in 100 %" in repr(synthetic_result(quiet, 1))
