"""Answers of experiments on pages: their own, and beside the result they are about.

The numbers shown are those of the answer's table. That these are right is asserted elsewhere.
"""

from __future__ import annotations

import html
import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from standfast.cli.main import run_command
from standfast.errors import StoreError
from standfast.report.answer_page import render_answer
from standfast.report.answers import read_answer
from standfast.report.drawn.answer import DRAWN, figures, sentence

#: a tenth of the garrison, eight days
SMALL = ["forces.brigade.paper=200", "forces.police.paper=180", "forces.reserve.paper=120",
         "events.assault.fighters=25", "adversary.fighters.city=6", "time.horizon=8 d"]  # fmt: skip
OPTIONS = [word for change in SMALL for word in ("--set", change)] + ["--no-progress"]
ASKED = {
    "compare": ["--with", "keep-leaders", "--with", "answer-calls", "--replicates", "3"],
    "why": ["--mechanism", "M15", "--mechanism", "M24", "--replicates", "2", "--no-groups"],
    "sweep": ["--vary", "commitment=7:10:3", "--vary", "keep-leaders=0:1:2", "--replicates", "2"],
    "tip": ["--vary", "commitment=5:14", "--runs", "24", "--no-mean-field", "--hysteresis", "--hold", "1 d"],
    "sensitivity": ["--vary", "commitment=7:9", "--vary", "trust=0.2:0.8", "--size", "2",
                    "--replicates", "2"],
    "discover": ["--vary", "commitment=5:12", "--vary", "keep-leaders", "--points", "40",
                 "--replicates", "1"],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A result, and an answer of every kind about it."""
    folder = tmp_path_factory.mktemp("answers")
    for name, words in ASKED.items():
        assert run_command([name, "garrison", *words, *OPTIONS, "--out", str(folder / name)]) == 0
    words = ["run", "garrison", "--replicates", "3", *OPTIONS, "--out", str(folder / "result")]
    assert run_command(words) == 0
    return folder


def payload(text: str) -> dict:
    found = re.search(r'<script type="application/json" id="payload">(.*?)</script>', text, re.S)
    return json.loads(found[1])


def words_of(text: str) -> str:
    """What a reader without scripts sees."""
    still = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)
    return spaced(html.unescape(re.sub(r"<[^>]+>", " ", still)))


def spaced(text: str) -> str:
    """Every kind of space as one."""
    return re.sub(r"\s+", " ", text).strip()


def said_by(answer) -> str:
    return spaced(sentence(answer))[1:]


def test_every_kind_of_answer_has_its_drawing():
    """Those that take long to ask are drawn from tables made by hand in test_report_seen.py."""
    assert set(DRAWN) == {*ASKED, "calibrate", "portfolio", "warning"}


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_gets_a_page_of_its_own(folder, name):
    assert run_command(["report", str(folder / name)]) == 0
    answer = read_answer(folder / name)
    text = (folder / name / "report.html").read_text(encoding="utf-8")
    assert text == render_answer(answer)
    drawn = payload(text)["figures"]
    assert len(drawn) == text.count("data-figure=") >= 1
    said = words_of(text)
    assert said_by(answer) in said
    assert f"Again with {answer.command}" in said
    for figure in figures(answer):
        for row in figure.rows:
            assert all(spaced(cell) in said for cell in row)


def test_the_sweep_draws_what_its_table_holds(folder):
    answer = read_answer(folder / "sweep")
    [phase] = figures(answer)
    assert (phase.kind, phase.data["grid"]) == ("phase", True)
    table = answer.table.set_index(phase.data["axes"])["P(total collapse)"]
    assert {(a, b): share for a, b, share in phase.data["cells"]} == pytest.approx(table.to_dict())


def test_the_tipping_curve_draws_what_its_table_holds(folder):
    answer = read_answer(folder / "tip")
    curve, loop = figures(answer)
    assert curve.data["dots"] == [
        [pytest.approx(row.value, rel=1e-5), pytest.approx(row.share, rel=1e-5), row.runs]
        for row in answer.table.itertuples()
    ]
    there = answer.more["hysteresis"]
    assert [line["title"] for line in loop.data["lines"]] == ["there", "back"]
    first = there[(there["way"] == "there") & (there["value"] == there["value"].min())]
    assert loop.data["lines"][0]["points"][0][1] == pytest.approx(first["serving"].mean(), rel=1e-5)
    if answer.summary["tipping_point"] is not None:
        assert curve.data["crossing"][0] == answer.summary["tipping_point"]["value"]


def test_the_boxes_draw_their_edges_and_the_shares_inside_and_outside(folder):
    answer = read_answer(folder / "discover")
    boxes, way = figures(answer)
    points, [box] = answer.more["points"], boxes.data["boxes"]
    [limit] = answer.table.to_dict("records")
    inside = points[limit["field"]].between(limit["low"], limit["high"])
    came = points["P(total collapse)"]
    assert inside.any()
    assert not inside.all()
    assert box["inside"] == pytest.approx(came[inside].mean())
    assert box["inside"] == pytest.approx(answer.summary["boxes"][0]["density"], rel=1e-5)
    assert box["outside"] == pytest.approx(came[~inside].mean())
    assert box["outside"] != pytest.approx(came.mean()), "not of all points"
    assert box["coverage"] == pytest.approx(came[inside].sum() / came.sum(), rel=1e-5)
    ends = [None if np.isinf(end) else end for end in (limit["low"], limit["high"])]
    assert box["limits"][0]["ends"] == [
        None if end is None else pytest.approx(end, rel=1e-5) for end in ends
    ]
    assert way.data["lines"][0]["points"][-1] == [1.0, pytest.approx(came.mean(), rel=1e-5)]


def test_comparing_shows_the_change_at_the_place_asked_about(folder):
    answer = read_answer(folder / "compare")
    here = answer.table[answer.table["place"] == answer.summary["place"]]
    gone = here[here["quantity"] == "share_gone"].set_index("measure")["change"]
    shown = {row["title"]: row["value"] for row in figures(answer)[2].data["rows"]}
    assert shown == pytest.approx(gone.to_dict(), rel=1e-5)
    other = answer.table[
        (answer.table["place"] == "whole") & (answer.table["quantity"] == "share_gone")
    ]
    assert shown != pytest.approx(other.set_index("measure")["change"].to_dict(), rel=1e-5)


def test_beside_the_result_each_answer_stands_in_its_section(folder, tmp_path):
    out = tmp_path / "page.html"
    beside = [word for name in ASKED for word in ("--with", str(folder / name))]
    assert run_command(["report", str(folder / "result"), *beside, "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    sections = dict(re.findall(r'<section id="(\w+)"(.*?)</section>', text, re.S))
    for section, names in (
        ("why", ["why"]), ("changed", ["compare"]), ("assumed", ["tip", "sweep", "sensitivity"]),
    ):  # fmt: skip
        said = words_of(sections[section])
        for name in names:
            assert said_by(read_answer(folder / name)) in said
            assert "Again with" in said
    causal = next(
        f for f in figures(read_answer(folder / "why")) if f.title == "Each mechanism alone"
    )
    assert causal.rows[0][1] in words_of(sections["why"])
    assert len(payload(text)["figures"]) == text.count("data-figure=") + 1, (
        "proximate is drawn once"
    )


def test_without_answers_the_page_says_how_to_ask(folder):
    said = words_of((folder / "result" / "report.html").read_text(encoding="utf-8"))
    assert "What would have changed it was not asked." in said
    for command in (
        "standfast compare scenario.yaml",
        "standfast why scenario.yaml",
        "standfast tip scenario.yaml",
    ):
        assert command in said


def test_an_answer_about_another_scenario_is_refused(folder, tmp_path, capsys):
    words = ["run", "garrison", "--replicates", "1", *OPTIONS, "--set", "forces.police.paper=181"]
    assert run_command([*words, "--out", str(tmp_path / "other")]) == 0
    assert run_command(["report", str(tmp_path / "other"), "--with", str(folder / "why")]) == 4
    assert 'is an answer about "garrison", with other values' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["RESULT", "--with", "RESULT"], "holds no answer of an experiment"),
        (["why", "--with", "why"], "answers are put beside results"),
        (["RESULT", "--with", "nowhere"], "is not a folder"),
    ],
)
def test_what_cannot_stand_beside_is_told(folder, capsys, words, says):
    named = [
        str(folder / word.replace("RESULT", "result")) if word != "--with" else word
        for word in words
    ]
    assert run_command(["report", *named]) == 4
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told


def test_a_changed_number_is_refused(folder, tmp_path):
    shutil.copytree(folder / "tip", tmp_path / "tip")
    table = pd.read_parquet(tmp_path / "tip" / "table.parquet")
    table["share"] = np.roll(table["share"], 1)
    table.to_parquet(tmp_path / "tip" / "table.parquet")
    with pytest.raises(StoreError, match="is not as it was written"):
        read_answer(tmp_path / "tip")
