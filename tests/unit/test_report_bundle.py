"""The bundle is what its sources make: nobody may edit one without the other."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

import standfast.report

REPORT = Path(standfast.report.__file__).parent
WEB, STATIC = REPORT / "web", REPORT / "static"
AGAIN = "The bundle is older than its sources: run 'npm ci && npm run build' in src/standfast/report/web."


def hash_of_sources(web: Path) -> str:
    """The same as in build.mjs: name, length and content of each file, in order of the names."""
    names = sorted(
        [f"src/{path.name}" for path in (web / "src").iterdir()]
        + ["build.mjs", "package.json", "package-lock.json"]
    )
    found = hashlib.sha256()
    for name in names:
        content = (web / name).read_bytes()
        found.update(f"{name}\n{len(content)}\n".encode() + content)
    return found.hexdigest()


@pytest.fixture(scope="module")
def made():
    return json.loads((STATIC / "bundle.json").read_text(encoding="utf-8"))


def test_bundle_is_as_new_as_its_sources(made):
    assert hash_of_sources(WEB) == made["sources"], AGAIN


@pytest.mark.parametrize("name", ["charts.js", "report.css"])
def test_bundle_was_not_edited(made, name):
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == made[name], AGAIN


def test_an_edited_source_would_be_seen(made, tmp_path):
    copy = tmp_path / "web"
    shutil.copytree(WEB, copy, ignore=shutil.ignore_patterns("node_modules"))
    source = copy / "src" / "timeline.js"
    source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert hash_of_sources(copy) != made["sources"]


def test_lock_file_pins_without_saying_where_from():
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry["integrity"].startswith("sha512-"), name


def test_every_bundled_package_has_its_licence():
    notices = (STATIC / "LICENCES.txt").read_text(encoding="utf-8")
    wanted = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name, version in wanted.items():
        assert f"{name} {version}" in notices
    assert "SIL OPEN FONT LICENSE" in notices.upper()
    assert "Mike Bostock" in notices
