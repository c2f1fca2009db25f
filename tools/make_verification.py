"""Run the tests that compare the engine with known numbers; write docs/validation/verification.md.

With a file of rows (`pytest --verification FILE`) as argument nothing is run, the page is written.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from itertools import groupby
from pathlib import Path
from typing import Any

from machine import ROOT, circumstances

PAGE = ROOT / "docs" / "validation" / "verification.md"
WHERE = ("tests/theory", "tests/agreement", "tests/statistical")
HEAD = """# Verification

Numbers that are known beforehand, from mathematics or from other programs, and what the engine made
of them in its limits. Written by `tools/make_verification.py` from the tests themselves, slow ones
included: each line is a comparison that a test makes, with a fixed seed. *Wrong twin* is what a
careless author would have had; its value must be further away than the tolerance, else the test
fails. Derivations stand at the top of each test file.
"""
SIGN = {"=": "", ">=": "at least ", "<=": "at most "}

Row = dict[str, Any]


def number(value: float) -> str:
    """Return a number with six figures at most."""
    return f"{value:.6g}"


def tolerance(row: Row) -> str:
    """Return how near, and where that comes from."""
    size = "exact" if row["tolerance"] == 0 else f"{row['tolerance']:.2g}"
    return f"{size} ({row['tolerance_from']})" if row["tolerance_from"] else size


def line(row: Row) -> str:
    """Return one row of a table."""
    test = row["test"].split("/", 1)[1]
    cells = (
        row["says"] if row["held"] else f"**fails:** {row['says']}",
        SIGN[row["relation"]] + number(row["expected"]),
        tolerance(row),
        number(row["measured"]),
        f"{number(row['wrong'])} ({row['wrong_twin']})",
        f"`{test.partition('[')[0]}`",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def order(row: Row) -> tuple[int, str]:
    """Return the place of a target: V1, V2, V10, then the others by name."""
    found = re.fullmatch(r"V(\d+)", row["target"])
    return (int(found[1]), "") if found else (10_000, row["target"])


def page(rows: list[Row], measured: str) -> str:
    """Return the page; `measured` says with what."""
    failed = sum(not row["held"] for row in rows)
    parts = [HEAD, f"{len(rows)} comparisons; {failed} of them fail.{measured}\n"]
    for (_, _), group in groupby(sorted(rows, key=order), key=order):
        lines = list(group)
        sources = dict.fromkeys(row["source"] for row in lines if row["source"])
        parts.append(f"## {lines[0]['target']}\n")
        if sources:
            parts.append(f"After {'; '.join(sources)}.\n")
        parts.append("| what | value | tolerance | measured | wrong twin | test |")
        parts.append("|---|---|---|---|---|---|")
        parts.extend(line(row) for row in lines)
        parts.append("")
    return "\n".join(parts)


def run(rows: Path) -> int:
    """Run the tests and write their rows; return the exit code of pytest."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup"]
    return subprocess.run(
        [*command, "--verification", rows, *WHERE], cwd=ROOT, check=False
    ).returncode


def main() -> int:
    """Write the page; return 1 where a test fails."""
    measured = ""
    if len(sys.argv) > 1:
        source, code = Path(sys.argv[1]), 0
        rows = json.loads(source.read_text(encoding="utf-8"))
    else:
        with tempfile.TemporaryDirectory() as folder:
            code = run(Path(folder) / "rows.json")
            rows = json.loads((Path(folder) / "rows.json").read_text(encoding="utf-8"))
        about = circumstances()
        measured = f" Measured at commit {about['commit']}, {about['processor']}."
    PAGE.write_text(page(rows, measured), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(rows)} comparisons")
    return int(code != 0)


if __name__ == "__main__":
    sys.exit(main())
