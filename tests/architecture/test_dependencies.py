"""Every package that the source imports is declared, and every declared one is imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
#: import names that differ from the name of the distribution
IMPORTED_AS = {"pyyaml": "yaml", "salib": "SALib", "scikit-learn": "sklearn"}
#: needed by a package that is declared, and part of its interface
COMES_WITH = {"pydantic_core": "pydantic", "markupsafe": "jinja2"}
#: used by another package at run time, without an import of ours
UNDER_OTHERS = {"pyarrow", "h5netcdf", "h5py"}


def names(requirements: list[str]) -> set[str]:
    """Return import names of a list of requirements."""
    plain = (re.split(r"[^\w-]", text)[0].lower() for text in requirements)
    return {IMPORTED_AS.get(name, name).replace("-", "_") for name in plain}


def imported(folder: Path) -> set[str]:
    """Return top-level names of third-party modules that Python files import anywhere."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").split(".")[0])
    found = {COMES_WITH.get(name, name) for name in found}
    return found - set(sys.stdlib_module_names) - {"standfast", "__future__"}


CORE = names(PROJECT["dependencies"])
EXTRAS = set().union(*(names(group) for group in PROJECT["optional-dependencies"].values()))


def test_what_is_imported_is_declared():
    assert imported(ROOT / "src") <= CORE | EXTRAS


def test_what_is_declared_is_used():
    assert CORE - imported(ROOT / "src") <= UNDER_OTHERS


def test_extras_are_imported_late(tmp_path):
    """An extra may be missing, so only functions import it; and the check sees a planted import."""

    def at_top(folder: Path) -> set[str]:
        tops = set()
        for path in folder.rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.Import):
                    tops |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    tops.add((node.module or "").split(".")[0])
        return tops & (EXTRAS - CORE)

    (tmp_path / "planted.py").write_text("import hypothesis\n")
    assert at_top(tmp_path) == {"hypothesis"}
    public_testing = {"hypothesis", "pytest"}
    assert at_top(ROOT / "src") <= public_testing


def test_the_lock_holds_every_requirement():
    lock = (ROOT / "requirements.lock").read_text()
    locked = {
        name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    }
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    wanted = [text for group in groups for text in group]
    missing = {re.split(r"[^\w-]", text)[0].lower().replace("_", "-") for text in wanted} - locked
    assert not missing, "run make lock"
    assert "http" not in lock
    assert lock.count("--hash=sha256:") > lock.count("==")
