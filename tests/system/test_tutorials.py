"""The tutorials: executed notebooks, the same as their sources, and with the outputs of today's model.

Whether they teach is for readers to say.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "tutorials"
NAMES = sorted(path.stem for path in (ROOT / "tools" / "tutorials").glob("*.py"))
sys.path.insert(0, str(ROOT / "tools"))

from make_tutorials import page, printed, read_cells  # noqa: E402 - found by the line above


def test_there_is_one_for_each_kind_of_user():
    assert NAMES == ["analyst", "designer", "researcher", "teacher"]


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_is_its_source_and_was_run(name, tmp_path):
    notebook = nbformat.read(PAGES / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    source = (ROOT / "tools" / "tutorials" / f"{name}.py").read_text(encoding="utf-8")
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == read_cells(source)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not any(output.output_type == "error" for cell in code for output in cell.outputs)
    assert any(printed(notebook)), "a notebook that shows nothing may have done nothing"
    written = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert page(name, notebook, tmp_path) == written
    for picture in tmp_path.iterdir():
        assert picture.read_bytes() == (PAGES / picture.name).read_bytes()


@pytest.mark.slow
def test_what_is_printed_is_what_is_printed_now():
    done = subprocess.run(
        [sys.executable, "tools/make_tutorials.py", "--check", "designer"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
