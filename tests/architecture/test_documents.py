"""The documents are true: generated pages are current, code in them runs, commands exist, links lead."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import standfast

ROOT = Path(__file__).parents[2]
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}


def blocks(language: str) -> list[tuple[str, str]]:
    """Return (page, text) of the fenced blocks in a language."""
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [(name, match[1]) for name, text in TEXTS.items() for match in pattern.finditer(text)]


def commands() -> list[tuple[str, str]]:
    """Return (page, command line) of everything that the pages tell a reader to type."""
    found = []
    for name, text in blocks("console"):
        for line in text.splitlines():
            typed = line.partition(" #")[0].strip().removeprefix(".venv/bin/")
            if typed:
                found.append((name, typed))
    return found


def known_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z-]+):.*##", text, re.MULTILINE))


def refused(arguments: list[str]) -> str:
    """Let the real command line read some arguments without running them; return its complaint."""
    from standfast.cli.main import app  # noqa: PLC0415 - only these tests need it

    group = typer.main.get_command(app)
    name = arguments[0]
    command = group.get_command(None, name)
    if command is None:
        return f"there is no command {name}"
    try:
        command.make_context(name, arguments[1:])
    except Exception as error:  # noqa: BLE001 - typer keeps the class of its complaints to itself
        return f"{type(error).__name__}: {error}"
    return ""


def test_generated_pages_are_current():
    result = subprocess.run(
        [sys.executable, "tools/make_model_docs.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_page_of_the_laboratory_is_what_was_shown():
    result = subprocess.run(
        [sys.executable, "tools/show_laboratory.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("page", "line"), commands())
def test_every_command_exists(page, line):
    words = shlex.split(line)
    if words[0] == "make":
        assert set(words[1:]) <= known_targets(), page
    else:
        assert words[0] == "standfast", f"{page}: {line}"
        assert not refused(words[1:]), page


@pytest.mark.parametrize("line", ["standfast rum garrison", "standfast run garrison --replicate 3"])
def test_a_command_that_does_not_exist_is_caught(line):
    assert refused(shlex.split(line)[1:])


def test_every_command_is_in_the_reference():
    from standfast.cli.main import COMMANDS  # noqa: PLC0415 - only this test needs it

    named = re.findall(r"^\| `standfast (\w+)", TEXTS["docs/reference/commands.md"], re.MULTILINE)
    assert sorted(named) == sorted(COMMANDS)


def test_every_public_name_is_in_the_reference():
    """That its docstring is there as well, the strict build says."""
    named = re.findall(r"^::: standfast\.(\w+)$", TEXTS["docs/reference/python.md"], re.MULTILINE)
    assert sorted(named) == sorted(set(standfast.__all__) - {"__version__"})


@pytest.mark.parametrize(("page", "code"), blocks("python"))
def test_the_examples_run(page, code, tmp_path):
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, f"{page}\n{result.stderr}"
    written = re.findall(r'"(out/[\w-]+)"', code)
    assert written, "an example that writes nothing may have done nothing"
    assert all(any((tmp_path / folder).iterdir()) for folder in written)


def dead_links(name: str, text: str, root: Path) -> list[str]:
    """Return relative links of a page that lead nowhere."""
    base = (root / name).parent
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL))
    return [
        link
        for link in links
        if not re.match(r"[a-z]+:|#", link) and not (base / link.partition("#")[0]).exists()
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name):
    assert dead_links(name, TEXTS[name], ROOT) == []


def test_a_dead_link_is_caught(tmp_path):
    assert dead_links("a.md", "see [this](nowhere.md)", tmp_path) == ["nowhere.md"]


@pytest.mark.parametrize(("link", "code"), [("index.md", 0), ("nowhere.md", 1)])
def test_the_strict_build_refuses_a_dead_link(tmp_path, link, code):
    """As `make docs` calls it: with --quiet, mkdocs would not count its own warnings."""
    recipe = re.search(r"mkdocs (build .*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: planted\n")
    (tmp_path / "docs" / "index.md").write_text(f"[there]({link})\n")
    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", *shlex.split(recipe[1])],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stderr


def test_every_public_name_is_documented():
    import standfast  # noqa: PLC0415 - as a reader would

    python = TEXTS["docs/guide/python.md"]
    missing = [
        name for name in standfast.__all__ if not re.search(rf"\b{re.escape(name)}\b", python)
    ]
    assert not missing
    assert all(getattr(standfast, name) is not None for name in standfast.__all__)
    assert set(standfast.__all__) <= set(dir(standfast))


def test_every_mechanism_has_code_and_a_test():
    """A row of the table of mechanisms that lacks one is a mechanism that is only claimed."""
    rows = re.findall(r"^\| (M\d\d) \|(.*)\|$", TEXTS["docs/model/mechanisms.md"], re.MULTILINE)
    assert [name for name, _ in rows] == [f"M{number:02}" for number in range(1, 42)]
    for name, row in rows:
        _, _, code, _, tests = re.split(r"(?<!\\)\|", row)
        assert code.strip(), f"{name} has no code"
        assert tests.strip(), f"{name} has no test"


def test_every_equation_has_a_section():
    heads = re.findall(r"^## (E\d.*?):", TEXTS["docs/model/submodels.md"], re.MULTILINE)
    found = {int(number) for head in heads for number in re.findall(r"E(\d+)", head)}
    assert found == set(range(1, 26))


def test_every_parameter_is_in_the_table():
    from standfast.scenario.model import Behaviour  # noqa: PLC0415 - only this test needs it

    page = TEXTS["docs/model/parameters.md"]
    for family, field in Behaviour.model_fields.items():
        assert f"## {family}\n" in page
        for name in field.annotation.model_fields:
            assert f"| `{name}` |" in page


def test_the_page_on_reliability_is_that_of_the_figures():
    line = [sys.executable, "tools/make_reliability.py", "--check"]
    assert subprocess.run(line, cwd=ROOT, check=False).returncode == 0
