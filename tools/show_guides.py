"""Give the commands of the guides, and write what they print below them.

    python tools/show_guides.py discover portfolio

In a guide a block of output below the line `<!-- shown -->` is what the command next above it printed, given as
a user would in an empty folder. What the text says about its numbers is not written by this: read it again.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

from kill_sweep import fail
from show_laboratory import PAGE, give

GUIDES = PAGE.parent
WIDTH = "79"
MARK = "<!-- shown -->\n\n"
BLOCK = re.compile(re.escape(MARK) + r"```text\n.*?\n```\n", re.DOTALL)
COMMAND = re.compile(r"```console\n(standfast .*?)\n```\n", re.DOTALL)


def even_draws(folder: Path) -> None:
    """Write fifty draws of two fields, spread evenly by two irrational steps (Roberts 2018)."""
    steps = 0.7548776662466927, 0.5698402909980532
    rows = [[(0.5 + n * step) % 1.0 for step in steps] for n in range(1, 51)]
    lines = [f"{8.0 + a:.3f},{0.3 + 0.2 * b:.3f}" for a, b in rows]
    (folder / "draws.csv").write_text("\n".join(["commitment,infiltration", *lines]) + "\n")


#: guide -> what its command finds in its folder
BEFORE = {"portfolio": even_draws}


def show(guide: str) -> None:
    """Give every command of a guide whose output stands there, and write it."""
    path = GUIDES / f"{guide}.md"
    text = path.read_text(encoding="utf-8")
    if MARK not in text:
        fail(f"{path.name} shows no output below a line {MARK.strip()!r}")
    kept, place = [], 0
    for block in BLOCK.finditer(text):
        line = [found[1] for found in COMMAND.finditer(text, 0, block.start())][-1]
        with tempfile.TemporaryDirectory() as folder:
            BEFORE.get(guide, lambda _: None)(Path(folder))
            printed, _, worked = give(line, WIDTH, folder)
        kept += [text[place : block.start()], MARK, "```text\n", printed]
        kept += [f"\n\n[{worked:.0f} s of processor time]\n```\n"]
        place = block.end()
        print(printed)
    path.write_text("".join([*kept, text[place:]]), encoding="utf-8")


def main() -> None:
    """Give the commands of the guides that are named, or of all that show output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    every = sorted(path.stem for path in GUIDES.glob("*.md") if MARK in path.read_text("utf-8"))
    parser.add_argument("guides", nargs="*", default=every, metavar="GUIDE", help=", ".join(every))
    for guide in parser.parse_args().guides:
        show(guide)


if __name__ == "__main__":
    main()
