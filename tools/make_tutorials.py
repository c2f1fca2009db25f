"""Execute the tutorials as notebooks, and write them for the documentation: tools/make_tutorials.py.

Reads tools/tutorials/*.py (cells begin with `# %%`, text is commented), runs each in a fresh kernel and an empty
folder, and writes docs/tutorials/NAME.ipynb with its outputs and NAME.md with the same for the site. With --check
nothing is written; texts that were printed are compared with what is printed now.
"""

from __future__ import annotations

import argparse
import base64
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
SOURCES, PAGES = ROOT / "tools" / "tutorials", ROOT / "docs" / "tutorials"
_CELL = re.compile(r"^# %%( \[markdown\])?\n", re.MULTILINE)


def read_cells(text: str) -> list[tuple[str, str]]:
    r"""Return (kind, text) of the cells of a source.

    Examples
    --------
    >>> read_cells("# %% [markdown]\n# A *word*.\n\n# %%\n1 + 1\n")
    [('markdown', 'A *word*.'), ('code', '1 + 1')]
    """
    parts = _CELL.split(text)[1:]
    cells = []
    for mark, body in zip(parts[::2], parts[1::2], strict=True):
        if mark:
            lines = [line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines()]
            cells.append(("markdown", "\n".join(lines)))
        else:
            cells.append(("code", body.strip()))
    return cells


def build(name: str) -> Any:
    """Return a tutorial as a notebook that was not run; its cells are numbered, not given random names."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    for number, (kind, text) in enumerate(read_cells((SOURCES / f"{name}.py").read_text("utf-8"))):
        make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        notebook.cells.append(make(text, id=f"cell-{number}"))
    return notebook


def execute(name: str) -> Any:
    """Return a tutorial as a notebook that was run; an error in a cell is an error here."""
    notebook = build(name)
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            notebook, timeout=600, record_timing=False, resources={"metadata": {"path": folder}}
        ).execute()
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    return notebook


def joined(outputs: list[Any]) -> list[Any]:
    """Return outputs with neighbouring pieces of one stream put together: where they part is chance."""
    found: list[Any] = []
    for output in outputs:
        if (
            found
            and output.output_type == found[-1].output_type == "stream"
            and output.name == found[-1].name
        ):
            found[-1].text += output.text
        else:
            found.append(output)
    return found


def printed(notebook: Any) -> list[str]:
    """Return what each cell printed or showed as plain text."""
    found = []
    for cell in notebook.cells:
        texts = [
            output.get("text") or output.get("data", {}).get("text/plain", "")
            for output in cell.get("outputs", ())
        ]
        found.append("".join(texts))
    return found


def page(name: str, notebook: Any, folder: Path) -> str:
    """Return a notebook as a page, with its pictures written beside it."""
    parts = []
    pictures = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```py\n{cell.source}\n```")
        for output in cell.outputs:
            data = output.get("data", {})
            if "image/png" in data:
                pictures += 1
                target = folder / f"{name}-{pictures}.png"
                target.write_bytes(base64.b64decode(data["image/png"]))
                parts.append(f"![What the cell above draws]({target.name})")
            elif "text/html" in data:
                parts.append(re.sub(r"\n\s*\n", "\n", data["text/html"]))
            else:
                text = output.get("text") or data.get("text/plain", "")
                parts.append(f"```text\n{text.rstrip()}\n```")
    parts.append(f"[The same as a notebook]({name}.ipynb), as it was run.")
    return "<!-- written by tools/make_tutorials.py -->\n\n" + "\n\n".join(parts) + "\n"


def main() -> int:
    """Write all, or compare some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", nargs="*", metavar="NAME")
    wanted = parser.parse_args().check
    names = sorted(path.stem for path in SOURCES.glob("*.py"))
    if wanted is not None:
        differ = [
            name
            for name in wanted or names
            if printed(execute(name))
            != printed(nbformat.read(PAGES / f"{name}.ipynb", as_version=4))
        ]
        print(f"{', '.join(differ)} came out differently" if differ else "as written")
        return int(bool(differ))
    for name in names:
        notebook = execute(name)
        nbformat.write(notebook, PAGES / f"{name}.ipynb")
        (PAGES / f"{name}.md").write_text(
            page(name, notebook, PAGES), encoding="utf-8", newline="\n"
        )
        print(f"{name}: {(PAGES / f'{name}.ipynb').stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
