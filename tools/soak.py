"""Run the slow tests and many random cases, and write down how many there were and what failed.

`make soak` calls it without arguments and takes hours. `--part NAME` runs one part (`--list` names them)
and keeps what was found of the others; each part is written down when it ends. `--again` runs only what
failed last, once it is mended, and writes that beside the failures, which stay. Writes
docs/validation/soak.json and the page soak.md from it. The order of tests and all random cases follow
from `--seed`, which is written down with the rest.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from machine import ROOT, circumstances

SEED = 20140610
RESULT = ROOT / "docs" / "validation" / "soak.json"
PAGE = ROOT / "docs" / "validation" / "soak.md"
#: name of a part: its title, and what pytest is told beside the seeds
PARTS: dict[str, tuple[str, list[str]]] = {
    "twin": (
        "Engine and slow twin on ten thousand random scenarios, and other slow tests with it",
        ["-m", "slow", "tests/reference"],
    ),
    "theory": (
        "Slow tests of theory, agreement and statistics",
        ["-m", "slow", "tests/theory", "tests/agreement", "tests/statistical"],
    ),
    "slow": (
        "The other slow tests",
        ["-m", "slow", "--ignore=tests/reference", "--ignore=tests/theory",
         "--ignore=tests/agreement", "--ignore=tests/statistical", "tests"],
    ),
    "random": (
        "Random cases, a thousand a test",
        ["--hypothesis-profile=soak", "-m", "not slow", "tests/property"],
    ),
}  # fmt: skip
HEAD = """<!-- Written by tools/soak.py; run make soak. -->

# The long run

`make soak` runs what takes too long for every change: the slow tests, and each random test with a
thousand cases. A test without random cases counts as one case; one that draws its own scenarios
says how many. All random cases and the order of tests follow from the seed; those of tests that count
their own scenarios follow from the number of their part, in the test's name.
"""


def run_part(options: list[str], seed: int) -> dict[str, Any]:
    """Run pytest with every case counted; return counts by file, failures and seconds."""
    began, about = time.perf_counter(), circumstances()
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.json"
        environment = os.environ | {
            "STANDFAST_SOAK": str(counts),
            "PYTHONPATH": str(ROOT / "tools"),
        }
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "count_cases", "--no-skips",
             f"--hypothesis-seed={seed}", f"--randomly-seed={seed}", *options],
            cwd=ROOT, env=environment, check=False,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(counts.read_text(encoding="utf-8"))
    return found | {
        "seed": seed,
        "seconds": round(time.perf_counter() - began),
        "circumstances": about,
    }


def page(results: dict[str, dict[str, Any]]) -> str:
    """Write the page from what was found."""
    parts = [section(PARTS[name][0], results[name]) for name in PARTS if name in results]
    return "\n".join([HEAD, *parts]).rstrip() + "\n"


def section(title: str, part: dict[str, Any]) -> str:
    """Write what the page says of a part."""
    files = part["files"]
    lines = [
        f"## {title}\n",
        f"{counted(part)}\n",
        "| file | tests | cases | failures | seconds |\n|---|---|---|---|---|",
        *(
            f"| `{file}` | {x['tests']:,} | {x['cases']:,} | {x['failures']:,} | {x['seconds']:.0f} |"
            for file, x in files.items()
        ),
        "",
        *(f"Failed: `{test}`\n" for test in part["failed"]),
    ]
    for again in part.get("again", []):
        lines.append(f"Mended, and these run again: {counted(again)}\n")
        lines += [f"Failed again: `{test}`\n" for test in again["failed"]]
    return "\n".join(lines)


def counted(part: dict[str, Any]) -> str:
    """Write how many there were, of what seed, and where."""
    about, files = part["circumstances"], part["files"].values()
    tests, cases, failures = (
        sum(file[key] for file in files) for key in ("tests", "cases", "failures")
    )
    return (
        f"{tests:,} tests, {cases:,} cases, **{failures:,} failures**, in "
        f"{part['seconds'] / 60:.0f} minutes; seed {part['seed']}, commit {about['commit']}, "
        f"{about['processor']}, {about['cores']} cores, Python {about['python']}, "
        f"numba {about['numba']}, numpy {about['numpy']}."
    )


def failed_of(name: str, part: dict[str, Any]) -> list[str]:
    """Return what pytest is told to run just what failed of a part."""
    ways = [option for option in PARTS[name][1] if not option.startswith(("tests", "--ignore"))]
    return [*ways, *still_failing(part)]


def still_failing(part: dict[str, Any]) -> list[str]:
    """Return what failed of a part when it was run last."""
    last: dict[str, Any] = [part, *part.get("again", [])][-1]
    return list(last["failed"])


def main() -> int:
    """Run the parts; return 1 when anything failed."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--part", choices=PARTS, action="append", help="only this part")
    options.add_argument("--again", action="store_true", help="only what failed last")
    options.add_argument("--list", action="store_true", help="name the parts")
    given = options.parse_args()
    if given.list:
        for name, (title, _) in PARTS.items():
            print(f"{name}: {title}")
        return 0
    failed = 0
    for name in given.part or PARTS:
        before = kept().get(name, {"failed": []})
        if given.again and not still_failing(before):
            continue
        found = run_part(failed_of(name, before) if given.again else PARTS[name][1], given.seed)
        results = kept()
        agains = [*before.get("again", []), found]
        results[name] = before | {"again": agains} if given.again else found
        RESULT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(results), encoding="utf-8")
        failed += len(found["failed"])
        print(f"{PAGE.relative_to(ROOT)}: {name} written", flush=True)
    return int(failed > 0)


def kept() -> dict[str, dict[str, Any]]:
    """Return what was found so far, by part."""
    return json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}


if __name__ == "__main__":
    sys.exit(main())
