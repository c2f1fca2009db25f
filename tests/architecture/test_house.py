"""The front door: every target sets up its own environment, and CI runs the same `make test`."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROMISED = {"demo", "test", "bench", "validate", "soak", "docs", "serve", "lint"}


def rules() -> dict[str, list[str]]:
    """Return the targets of the Makefile and what each needs first."""
    text = (ROOT / "Makefile").read_text()
    found = re.findall(r"^([a-z-]+):[ \t]*([^#\n]*)##", text, re.MULTILINE)
    return {target: needs.split() for target, needs in found}


def reaches_environment(target: str) -> bool:
    """Tell whether a target sets up the environment, itself or through what it needs."""
    needs = rules().get(target, [])
    return "$(STAMP)" in needs or any(reaches_environment(each) for each in needs)


def test_the_promised_targets_are_there():
    assert set(rules()) >= PROMISED


@pytest.mark.parametrize("target", sorted(PROMISED))
def test_a_target_sets_up_its_environment(target):
    assert reaches_environment(target)


def test_a_target_without_environment_is_seen():
    assert not reaches_environment("clean")
    assert not reaches_environment("help")


def test_help_lists_every_target():
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert all(f"make {target} " in listed for target in rules())


def test_tests_come_after_lint_and_skip_nothing():
    assert "lint" in rules()["test"]
    recipe = (ROOT / "Makefile").read_text().partition("\ntest:")[2].partition("\n\n")[0]
    assert "--no-skips" in recipe
    assert "|| true" not in recipe


def test_ci_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    called = re.findall(r"\bmake (\w+)", script.read_text().partition("set -euo")[2])
    assert set(called) == {"test"}


def test_pages_are_served_on_this_machine_only():
    assert "--bind 127.0.0.1" in (ROOT / "Makefile").read_text()


def test_the_citation_names_the_version_of_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    project = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{citation["version"]}"' in project
    assert citation["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text()
