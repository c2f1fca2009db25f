"""The dashboard's bundle is what its sources make, and nothing in it asks anybody else."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

import standfast.dashboard

DASHBOARD = Path(standfast.dashboard.__file__).parent
STATIC = DASHBOARD / "static"
REPORT = DASHBOARD.parent / "report" / "web"
AGAIN = "The bundle is older than its sources: run 'make web'."


def hash_of_sources(dashboard: Path, report: Path) -> str:
    """The same as in build.mjs: name, length and content of each file, in order of the names."""
    files = {"build.mjs": dashboard / "web" / "build.mjs"}
    files["../../report/web/package-lock.json"] = report / "package-lock.json"
    files |= {f"src/{x.name}": x for x in (dashboard / "web" / "src").iterdir()}
    files |= {f"../../report/web/src/{x.name}": x for x in (report / "src").iterdir()}
    found = hashlib.sha256()
    for name in sorted(files):
        content = files[name].read_bytes()
        found.update(f"{name}\n{len(content)}\n".encode() + content)
    return found.hexdigest()


@pytest.fixture(scope="module")
def made():
    return json.loads((STATIC / "bundle.json").read_text(encoding="utf-8"))


def test_bundle_is_as_new_as_its_sources(made):
    assert hash_of_sources(DASHBOARD, REPORT) == made["sources"], AGAIN


@pytest.mark.parametrize("name", ["dashboard.js", "dashboard.css"])
def test_bundle_was_not_edited(made, name):
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == made[name], AGAIN


def test_an_edited_source_would_be_seen(made, tmp_path):
    shutil.copytree(DASHBOARD / "web", tmp_path / "web")
    source = tmp_path / "web" / "src" / "main.js"
    source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert hash_of_sources(tmp_path, REPORT) != made["sources"]


def test_no_address_of_anybody_else_is_in_it():
    for name in ("index.html", "dashboard.js", "dashboard.css", "icon.svg"):
        text = (STATIC / name).read_text(encoding="utf-8")
        found = set(re.findall(r"https?://[^\s\"'`)]+", text))
        assert found <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml",
                         "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace",
                         "http://www.w3.org/2000/xmlns/"}, name  # fmt: skip
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert "<style" not in page
    assert not re.search(r"<script(?! type=\"module\" src=)", page)
    assert " on" not in re.sub(r">[^<]*<", "><", page), (
        "an inline handler, which the policy refuses"
    )
