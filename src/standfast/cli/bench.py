"""`standfast bench`: how fast this machine runs the standard problems, beside other programs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from standfast.errors import RunError

#: below the folder of the repository, which holds the problems, the other programs and the results
SUITE = Path("benchmarks") / "speed" / "suite.py"
PARTS = ("B1", "B2", "B3", "B4", "B5", "B6", "B7")


def bench(
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="PART", help="One of B1 to B7; may be repeated.", show_default="all"),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Interleaved rounds.")] = 3,
    large: Annotated[
        bool, typer.Option("--large", help="The largest sizes and whole ensembles too.")
    ] = False,
) -> None:
    """Measure the standard problems, and write benchmarks/results/ and the page of them.

    The problems and the other programs are in a checkout of the repository, and so this works there only;
    `make peers` installs the others, without which ours is measured alone. Each part takes minutes.
    """
    unknown = [part for part in only or () if part not in PARTS]
    if unknown:
        says = f"there is no part {unknown[0]}"
        raise RunError(says, f"The parts are {', '.join(PARTS)}.")
    suite = find_suite(Path(__file__).parents[3], Path.cwd())
    chosen = [word for part in only or () for word in ("--only", part)]
    words = [*chosen, "--rounds", str(rounds), *(["--large"] if large else [])]
    done = subprocess.run([sys.executable, str(suite), *words], check=False)  # noqa: S603 - our own file
    if done.returncode != 0:
        says = "the measurement was not finished"
        raise RunError(says, "What is above says which program failed, or whose answers differ.")


def find_suite(*roots: Path) -> Path:
    """Return the file of the suite below the first folder that has one."""
    for root in roots:
        if (root / SUITE).is_file():
            return root / SUITE
    says = "the standard problems are not here"
    raise RunError(says, f"Run it in a checkout of the repository, which has {SUITE.as_posix()}.")
