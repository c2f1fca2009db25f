"""Questions put from the dashboard: the same answers as from the command line, refused in the form.

Not shown: how long a question takes. The mean-field twin at the end of a search ends by itself only.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time

import pandas as pd
import pytest
from dashboard_steps import downloaded, go, press_button, text
from served import ask, own, serving

from standfast.report.answer_page import render_answer
from standfast.report.answers import read_answer
from standfast.scenario.dump import dump_yaml
from standfast.scenario.load import load_scenario

pytest_plugins = ("dashboard_pages",)

SMALL = {"scenario": "garrison", "horizon": "2 d", "replicates": 2, "seed": 3}
QUESTIONS = {
    "compare": {
        "measures": ["keep-leaders", "answer-calls:size=0.5 + amnesty"],
        "place": "barracks",
    },
    "why": {"mechanisms": ["M15", "M22"], "place": "whole"},
    "tip": {
        "field": "infiltration",
        "low": "0",
        "high": "0.5",
        "replicates": 24,
        "level": 0.3,
        "verdict": "fragmented",
        "place": "whole",
    },
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    with serving(folder, "--port", "0") as (_, port, token):
        yield folder, port, token


def call(place, method, path, body=None):
    _, port, token = place
    status, said, _ = ask(port, method, path, body, **own(port, token))
    return status, json.loads(said)


def own_page(place, number):
    _, port, token = place
    return ask(port, "GET", f"/api/results/{number}/page", **own(port, token))[:2]


def ended(place, job):
    end = time.monotonic() + 120
    while True:
        found = call(place, "GET", f"/api/jobs/{job}")[1]
        if found["state"] in ("done", "failed", "cancelled"):
            return found
        assert time.monotonic() < end, found
        time.sleep(0.1)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_answer_is_that_of_the_command_shown(place, kind, tmp_path):
    asked = SMALL | {"question": kind} | QUESTIONS[kind]
    status, checked = call(place, "POST", "/api/questions/check", asked)
    assert (status, checked["problems"]) == (200, [])
    status, begun = call(place, "POST", "/api/questions", asked)
    assert status == 200, begun
    done = ended(place, begun["job"])
    assert done["state"] == "done", done["says"]
    shown = call(place, "GET", f"/api/results/{done['result']['result']}")[1]
    assert (shown["kind"], shown["name"]) == (kind, done["result"]["folder"])
    assert shown["name"].startswith(f"garrison-{kind}")
    assert shown["command"] == checked["command"]
    assert shown["headline"]
    assert shown["page"] is True
    page = own_page(place, done["result"]["result"])
    answer = read_answer(place[0] / shown["name"])
    assert page == (200, render_answer(answer))
    assert page[1] == (place[0] / shown["name"] / "report.html").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "standfast.cli", *shlex.split(checked["command"])[1:]]
    subprocess.run(
        [*command, "--out", "again", "--no-progress"], cwd=tmp_path, check=True,
        capture_output=True, timeout=300,
    )  # fmt: skip
    tables = [
        pd.read_parquet(folder / "table.parquet")
        for folder in (place[0] / shown["name"], tmp_path / "again")
    ]
    pd.testing.assert_frame_equal(*tables)


def test_a_second_answer_takes_another_name(place):
    asked = SMALL | {"question": "compare", "measures": ["amnesty"]}
    names = {
        ended(place, call(place, "POST", "/api/questions", asked)[1]["job"])["result"]["folder"]
        for _ in range(2)
    }
    assert len(names) == 2
    assert all((place[0] / name / "provenance.json").is_file() for name in names)


def test_only_the_page_that_was_written_is_handed_out(place):
    asked = SMALL | {"question": "compare", "measures": ["amnesty"]}
    done = ended(place, call(place, "POST", "/api/questions", asked)[1]["job"])["result"]
    page = place[0] / done["folder"] / "report.html"
    assert own_page(place, done["result"])[0] == 200
    port = place[1]
    address = f"/api/results/{done['result']}/page"
    assert ask(port, "GET", address, **own(port, "wrong"))[0] == 401
    written = page.read_bytes()
    page.write_bytes(written + b"<p>more</p>")
    status, said = own_page(place, done["result"])
    assert (status, "is not as it was written" in said) == (409, True)
    page.unlink()
    outside = place[0].parent / "outside.html"
    outside.write_bytes(written)
    page.symlink_to(outside)
    assert own_page(place, done["result"])[0] == 409
    page.unlink()
    assert own_page(place, done["result"])[0] == 409
    assert call(place, "GET", f"/api/results/{done['result']}")[1]["page"] is False
    assert own_page(place, 9999)[0] == 404


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"place": "tikrit"}, "place", "where nobody serves"),
        ({"place": 3}, "place", "no line of text"),
        ({"question": "why", "mechanisms": ["M99"]}, "mechanisms", '"M99" is not a mechanism'),
        ({"question": "why", "mechanisms": "M15"}, "mechanisms", "no list of at most"),
        ({"question": "why", "mechanisms": ["M15"] * 101}, "mechanisms", "no list of at most"),
        ({"question": "tip", "field": "answer", "verdict": "lost"}, "verdict", "which is no verdict"),
        ({"question": "tip", "field": "answer", "level": 0.99}, "level", "lies between 0.05 and 0.95"),
        ({"question": "tip", "field": "answer", "level": 10**400}, "level", "not a number"),
        ({"question": "tip", "field": "answer", "level": None}, "level", "not a number"),
        ({"measures": ["amnesty", "x" * 301]}, "measures", "no line of text"),
        ({"measures": ["amnesty", "two\nlines"]}, "measures", "no line of text"),
        ({"question": "how"}, "question", "none that can be asked"),
        ({"replicates": 1}, "replicates", "lies between 2 and 1,000"),
        ({"replicates": "2"}, "replicates", "not a whole number"),
        ({"replicates": True}, "replicates", "not a whole number"),
        ({"seed": -1}, "seed", "lies between 0"),
        ({"seed": 2**64}, "seed", "lies between 0"),
        ({"horizon": "20"}, "horizon", "carries no unit"),
        ({"horizon": ["2 d"]}, "horizon", "no line of text"),
        ({"measures": []}, "measures", "names no measures"),
        ({"measures": "amnesty"}, "measures", "names no measures"),
        ({"measures": ["keep-leader"]}, "measures", '"keep-leader" is not a measure'),
        ({"measures": ["amnesty:places=citty"]}, "measures", "citty"),
        ({"question": "tip", "field": "infiltrations"}, "field", "no field of this scenario"),
        ({"question": "tip", "field": "infiltration", "low": "0.9", "high": "0.1"}, "field", "no way up"),
        ({"question": "tip", "field": "infiltration", "low": "0.9"}, "low", "one end"),
        ({"question": "tip", "field": "title", "low": "a", "high": "b"}, "field", "holds no number"),
        ({"question": "tip", "field": ""}, "field", "names no field"),
        ({"question": "tip", "field": "infiltration", "replicates": 23}, "replicates", "lies between 24"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_under_its_field(place, change, field, says):
    whole = {"question": "compare", "measures": ["amnesty"], "replicates": 24}
    asked = SMALL | whole | change
    status, checked = call(place, "POST", "/api/questions/check", asked)
    assert (status, checked["command"]) == (200, "")
    assert any(p["path"] == field and says in p["says"] for p in checked["problems"]), checked
    status, refused = call(place, "POST", "/api/questions", asked)
    assert status == 422
    assert refused["problems"] == checked["problems"]


def test_everything_that_is_wrong_is_told_at_once(place):
    asked = SMALL | {"question": "compare", "measures": ["x", "y"], "seed": None, "horizon": "2"}
    found = call(place, "POST", "/api/questions/check", asked)[1]["problems"]
    assert [problem["path"] for problem in found] == ["horizon", "seed", "measures", "measures"]


def test_it_is_put_by_the_page_of_this_server_only(place):
    _, port, token = place
    body = SMALL | {"question": "compare", "measures": ["amnesty"]}
    own_headers = own(port, token)
    for path in ("/api/questions", "/api/questions/check"):
        foreign = own_headers | {"origin": "http://evil.example"}
        assert ask(port, "POST", path, body, **foreign)[0] == 403
        stranger = own_headers | {"authorization": "Bearer wrong"}
        assert ask(port, "POST", path, body, **stranger)[0] == 401
        assert ask(port, "GET", path, authorization=f"Bearer {token}")[0] in (404, 405)


def test_a_scenario_file_of_the_folder_is_asked_by_number(place):
    folder = place[0]
    (folder / "mine.yaml").write_text(dump_yaml(load_scenario("garrison")), encoding="utf-8")
    (folder / "notes.yaml").write_text("about: nothing\n", encoding="utf-8")
    outside = folder.parent / "outside.yaml"
    outside.write_text("standfast: 1\n", encoding="utf-8")
    (folder / "link.yaml").symlink_to(outside)
    [file] = call(place, "GET", "/api/results")[1]["files"]
    assert file["name"] == "mine.yaml"
    asked = {"question": "compare", "measures": ["amnesty"], "replicates": 2, "seed": 1}
    checked = call(place, "POST", "/api/questions/check", asked | {"file": file["id"]})[1]
    assert checked["command"].startswith("standfast compare mine.yaml --with amnesty")
    for name in ("mine.yaml", 999, "../outside.yaml", True):
        status, refused = call(place, "POST", "/api/questions", asked | {"file": name})
        assert (status, bool(refused["error"])) == (409, True)
    (folder / "mine.yaml").write_text("standfast: 1\n", encoding="utf-8")
    status, checked = call(place, "POST", "/api/questions/check", asked | {"file": file["id"]})
    assert status == 200
    assert {problem["path"] for problem in checked["problems"]} >= {"places", "forces"}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_long_work_can_be_cancelled_and_leaves_nothing(place, kind):
    before = set(place[0].iterdir())
    asked = {"scenario": "garrison", "seed": 9, "question": kind, **QUESTIONS[kind]}
    job = call(place, "POST", "/api/questions", asked | {"replicates": 900})[1]["job"]
    end = time.monotonic() + 60
    while not call(place, "GET", f"/api/jobs/{job}")[1]["total"]:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert call(place, "POST", f"/api/jobs/{job}/cancel", {})[0] == 200
    began = time.monotonic()
    assert ended(place, job)["state"] == "cancelled"
    assert time.monotonic() - began < 10
    assert set(place[0].iterdir()) == before


def test_a_question_is_asked_in_the_browser(page, folder, tmp_path):
    go(page, "explore")
    page.wait("document.querySelector('.ask .command').textContent.includes('keep-leaders')")
    page.fill("#ask-replicates", "1")
    page.wait("document.querySelector('.ask [data-path=replicates] .wrong').textContent")
    assert "lies between 2 and 1,000" in text(page, ".ask [data-path=replicates] .wrong")
    press_button(page, "Ask")
    page.wait("document.querySelector('#ask-replicates').getAttribute('aria-invalid') === 'true'")
    page.wait("!document.querySelector('.ask button').disabled")
    # the browser itself notes every answer that refuses
    assert all("422" in line and "/questions" in line for line in page.said)
    page.said.clear()
    page.fill("#ask-replicates", "2")
    page.fill("#ask-horizon", "2 d")
    page.fill("#ask-others", "amnesty:size=0.5")
    line = (
        "standfast compare garrison --with keep-leaders --with amnesty:size=0.5"
        " --replicates 2 --seed 1 --horizon '2 d'"
    )
    page.wait(f"document.querySelector('.ask .command').textContent === {json.dumps(line)}")
    press_button(page, "Ask")
    page.wait("document.querySelector('#main').dataset.shown.startsWith('#explore/result')", 60)
    page.wait("document.querySelectorAll('#main .plot svg').length >= 3")
    assert (folder / "garrison-compare" / "table.parquet").is_file()
    written = (folder / "garrison-compare" / "report.html").read_bytes()
    press_button(page, "Save page")
    assert downloaded(tmp_path, "garrison-compare.html").read_bytes() == written
    go(page, "explore")
    page.choose("#ask-question", "tip")
    page.choose("#ask-verdict", "fragmented")
    page.fill("#ask-level", "0.3")
    tells = "document.querySelector('.ask .command').textContent"
    page.wait(f"{tells}.includes('--level 0.3') && {tells}.endsWith('--verdict fragmented')")
    page.fill("#ask-field", "infiltrations")
    page.wait("document.querySelector('.ask [data-path=field] .wrong').textContent")
    assert 'Did you mean "infiltration"' in text(page, ".ask [data-path=field] .wrong")


def test_places_and_causes_are_those_of_the_scenario(page):
    go(page, "explore")
    page.choose("#ask-question", "why")
    tells = "document.querySelector('.ask .command').textContent"
    page.wait(f"{tells}.startsWith('standfast why garrison')")
    page.choose("#ask-place", "barracks")
    page.run("document.querySelector('.ask details').open = true")
    page.click("#ask-cause-M15")
    page.wait(f"{tells}.includes('--mechanism M15') && {tells}.endsWith('--place barracks')")
    assert text(page, ".ask details summary") == "Looked at: 1 chosen"
    # another case has other places; what it does not have is chosen no longer
    page.choose("#ask-scenario", "scenario:mosul-2014")
    page.wait(
        "[...document.querySelectorAll('#ask-place option')].some((x) => x.value === 'tikrit')"
    )
    page.wait(f"{tells}.includes('why mosul-2014 --mechanism M15') && !{tells}.includes('--place')")
    assert page.run("document.querySelector('#ask-place').value") == ""
    assert text(page, ".ask > .wrong") == ""
