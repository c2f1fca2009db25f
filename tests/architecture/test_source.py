"""What the linter has no rule for: length of files, names, flags of compiled code, what text may say.

Each check is a function of a path and a text, so that a planted violation can be shown to it.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 400
NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "core", "misc", "tools"}

# patterns are cut in two, so that this file does not find itself
WORDS = re.compile(
    r"\b(?:iss" + r"ues?|tick" + r"ets?)\s+(?:#|no\.?\s*)?\d"
    r"|\b(?:this|the|another|an) iss" + r"ue\b(?! of)"
    r"|\bsess" + r"ions?\b"
    r"|/wo" + r"rk/|/ro" + r"ot/"
    r"|pypi\." + r"org|pythonhosted\." + r"org|registry\.npm" + r"js|registry\.yarn" + r"pkg"
    r"|\bTO" + r"DO\b|\bFIX" + r"ME\b|\bX" + r"XX\b"
    r"|\bChat" + r"GPT\b|\bCl" + r"aude\b|\bLL" + r"M\b|lorem ip" + r"sum"
)


def tracked() -> list[Path]:
    """Return the files of the project that git knows."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def too_long(path: str, text: str) -> list[str]:
    lines = text.count("\n")
    return [f"{path} has {lines} lines"] if path.endswith(".py") and lines > LONGEST else []


def vague_name(path: str, text: str) -> list[str]:
    del text
    inside = path.startswith("src/") and path.endswith(".py")
    return [path] if inside and NAMES & set(Path(path).with_suffix("").parts) else []


def forbidden_words(path: str, text: str) -> list[str]:
    return [
        f"{path}:{number}: {match[0]}"
        for number, line in enumerate(text.splitlines(), 1)
        if (match := WORDS.search(line))
    ]


def unsafe_flags(path: str, text: str) -> list[str]:
    """Find fast mathematics, parallel sums and object mode, wherever they are switched on."""
    if not path.endswith(".py") or not path.startswith("src/"):
        return []
    flags = {"fastmath", "parallel", "forceobj"}
    return [
        f"{path}:{node.value.lineno}: {node.arg}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.keyword) and node.arg in flags
    ]


def global_random(path: str, text: str) -> list[str]:
    """Find numpy.random in code that runs inside the engine, where only keyed draws replay."""
    layers = ("kernels", "engine", "network", "population")
    if not any(path.startswith(f"src/standfast/{layer}/") for layer in layers):
        return []
    return [
        f"{path}:{node.lineno}"
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Attribute) and node.attr == "random")
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("numpy.random"))
    ]


def eager_package(path: str, text: str) -> list[str]:
    """Find imports at the top of an __init__ file: they load what a caller may not need."""
    if not (path.startswith("src/") and path.endswith("__init__.py")):
        return []
    light = {"__future__", "typing", "importlib", "os"}  # loaded before, or quickly
    return [
        f"{path}:{node.lineno}"
        for node in ast.parse(text).body
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] not in light)
        or (isinstance(node, ast.Import) and node.names[0].name.split(".")[0] not in light)
    ]


CHECKS = [too_long, vague_name, forbidden_words, unsafe_flags, global_random, eager_package]


@pytest.mark.parametrize("check", CHECKS)
def test_the_tree_is_clean(check):
    texts = {
        ".py",
        ".md",
        ".toml",
        ".yaml",
        ".yml",
        ".json",
        ".js",
        ".ts",
        ".css",
        ".html",
        ".cff",
        "",
    }
    found = []
    for path in tracked():
        if path.suffix in texts and path.name != "LICENSE":
            found += check(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (too_long, "src/standfast/engine/run.py", "\n" * (LONGEST + 1)),
        (vague_name, "src/standfast/engine/uti" + "ls.py", ""),
        (vague_name, "src/standfast/co" + "mmon/plan.py", ""),
        (forbidden_words, "README.md", "as asked for in iss" + "ue 12"),
        (forbidden_words, "docs/x.md", "found in an earlier sess" + "ion"),
        (forbidden_words, "Makefile", "cd /wo" + "rk/main"),
        (forbidden_words, "Makefile", "pip install -i https://py" + "pi.org/simple"),
        (forbidden_words, "src/standfast/errors.py", "# TO" + "DO: later"),
        (unsafe_flags, "src/standfast/kernels/fear.py", "f = kernel(g, fastmath=True)"),
        (unsafe_flags, "src/standfast/kernels/fear.py", "f = njit(parallel=False)(g)"),
        (global_random, "src/standfast/kernels/fear.py", "u = np.random.random()"),
        (global_random, "src/standfast/engine/run.py", "from numpy.random import default_rng"),
        (eager_package, "src/standfast/__init__.py", "import xarray"),
        (
            eager_package,
            "src/standfast/report/__init__.py",
            "from standfast.report.page import page",
        ),
    ],
)
def test_a_planted_violation_is_caught(check, path, text):
    assert check(path, text)


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (too_long, "src/standfast/engine/run.py", "\n" * LONGEST),
        (forbidden_words, "README.md", "the army issued an order; the iss" + "ue of trust"),
        (unsafe_flags, "src/standfast/kernels/fear.py", "f = kernel(g, nogil=True)"),
        (eager_package, "src/standfast/__init__.py", "from importlib import import_module"),
    ],
)
def test_plain_text_passes(check, path, text):
    assert not check(path, text)
