"""Run the slow tests and many random cases, and write down how many there were and what failed.

`make soak` calls it without arguments and takes hours; `--only PATH...` restricts it, for a trial, and
then writes nothing to docs/. Writes docs/validation/soak.json and the page soak.md from it.
The order of tests and all random cases follow from `--seed`, which is written down with the rest.
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
#: name of a part: what pytest is told beside the seeds
PARTS: dict[str, list[str]] = {
    "slow tests": ["-m", "slow"],
    "random cases, a thousand a test": ["--hypothesis-profile=soak", "-m", "not slow"],
}
#: where the second part looks, since elsewhere nothing is random
RANDOM = ["tests/property"]


def run_part(options: list[str], paths: list[str], seed: int) -> dict[str, Any]:
    """Run pytest with every case counted; return counts by file, failures and seconds."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.json"
        environment = os.environ | {
            "STANDFAST_SOAK": str(counts),
            "PYTHONPATH": str(ROOT / "tools"),
        }
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "count_cases", "--no-skips",
             f"--hypothesis-seed={seed}", f"--randomly-seed={seed}", *options, *paths],
            cwd=ROOT, env=environment, check=False,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(counts.read_text(encoding="utf-8"))
    return found | {"seconds": round(time.perf_counter() - began)}


def page(result: dict[str, Any]) -> str:
    """Write the page from what was found."""
    about = result["circumstances"]
    lines = [
        "<!-- Written by tools/soak.py; run make soak. -->\n",
        "# The long run\n",
        "`make soak` runs what takes too long for every change: the slow tests, and each random test with a "
        "thousand cases. A test without random cases counts as one case. All random cases and "
        f"the order of tests follow from the seed {result['seed']}; those of tests that count their own "
        "pairs or scenarios follow from the number of their part, in the test's name.\n",
        f"standfast {about['standfast']} at commit {about['commit']}, {about['processor']}, "
        f"{about['cores']} cores, Python {about['python']}, numba {about['numba']}, "
        f"numpy {about['numpy']}.\n",
    ]
    for name, part in result["parts"].items():
        files = part["files"]
        total = {
            key: sum(file[key] for file in files.values()) for key in ("tests", "cases", "failures")
        }
        lines += [
            f"## {name[:1].upper()}{name[1:]}\n",
            f"{total['tests']:,} tests, {total['cases']:,} cases, {total['failures']:,} failures, "
            f"in {part['seconds'] / 60:.0f} minutes.\n",
            "| file | tests | cases | failures | seconds |\n|---|---|---|---|---|",
            *(
                f"| `{file}` | {x['tests']:,} | {x['cases']:,} | {x['failures']:,} | {x['seconds']:.0f} |"
                for file, x in files.items()
            ),
            "",
        ]
        lines += [f"Failed: `{test}`\n" for test in part["failed"]]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Run the parts; return 1 when anything failed."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--only", nargs="+", default=[], metavar="PATH")
    given = options.parse_args()
    result = {
        "circumstances": circumstances(),
        "seed": given.seed,
        "parts": {
            name: run_part(told, given.only or (RANDOM if "soak" in told[0] else []), given.seed)
            for name, told in PARTS.items()
        },
    }
    text = page(result)
    if given.only:
        print(text)
    else:
        RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(text, encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)} written")
    return int(any(part["failed"] for part in result["parts"].values()))


if __name__ == "__main__":
    sys.exit(main())
