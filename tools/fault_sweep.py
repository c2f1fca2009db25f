"""Die, and fail, at every file operation of what standfast writes, one after another, and go on.

    python tools/fault_sweep.py --skip-errors --out benchmarks/results/fault_deaths.json
    python tools/fault_sweep.py --skip-deaths --every 7 --out benchmarks/results/fault_errors.json

Every journey of `tools/faults/journeys.py` is begun in a fork of this process. At its n-th file
operation below its folder - of Python, SQLite, Arrow or HDF5 - the fork dies before it, after it, or
half-way through a write; or the operation fails with EIO, ENOSPC, EROFS or EMFILE, once or from then on;
for every n until none is left. Then another fork does the same again, undisturbed. Each time: what a
reader finds in between is whole, no run that was acknowledged is computed again, and the bytes at the
end are those of an undisturbed journey; a failure is told with the path, and never as a fault of ours.
`--every K` takes every K-th point.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

from faults import shim
from faults.journeys import Journey, journeys, tree
from standfast.engine.warm import compile_kernels
from standfast.errors import StandfastError
from standfast.experiment.keys import model_version
from standfast.experiment.ledger import Ledger
from told import tell

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Callable

DEATHS = {"before": shim.DIE_BEFORE, "after": shim.DIE_AFTER, "half-way": shim.DIE_TORN}
#: number of the C library -> operations that can fail with it
ERRORS = {
    errno.EIO: shim.CHANGES | shim.OPENS | shim.READS,
    errno.ENOSPC: shim.CHANGES,
    errno.EROFS: shim.CREATES | shim.WRITES | shim.NAMES,
    errno.EMFILE: shim.CREATES | shim.OPENS,
}
FINE, TOLD, STUMBLED = 0, 10, 20
KILLED = -signal.SIGKILL


class Workshop:
    """Where forks work: a folder, a place for what they tell, and the library that disturbs them."""

    def __init__(self, library: ctypes.CDLL, base: Path) -> None:
        self.library = library
        self.folder = base / "work"
        self.told = base / "told"
        self.log = base / "log"

    def begin(self, journey: Journey) -> None:
        """Copy the start of a journey."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(journey.start, self.folder)

    def fork(
        self, journey: Journey, disturb: Callable[[int], object] | None
    ) -> tuple[int, set[str]]:
        """Do the work in a fork; return how it ended, and the runs that it acknowledged."""
        self.told.write_text("")
        child = os.fork()
        if child == 0:
            os._exit(self._work(journey, disturb))
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return ended, set(self.told.read_text().split())

    def _work(self, journey: Journey, disturb: Callable[[int], object] | None) -> int:
        record_acknowledged(self.told)
        # whoever counts writes the names of the points there
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            if disturb is not None:
                disturb(log)
            journey.work(self.folder)
        except StandfastError as error:
            os.write(log, f"\n{error.render()}\n".encode())
            return TOLD if str(self.folder) in error.render() else STUMBLED
        except BaseException:  # noqa: BLE001 - a fork must not go on with this program
            os.write(log, f"\n{traceback.format_exc()}\n".encode())
            return STUMBLED
        return FINE


def record_acknowledged(told: Path) -> None:
    """Let the ledger of this process tell which runs it acknowledged, once they are."""
    write = Ledger.acknowledge

    def acknowledge(self: Ledger, finished: list[Any]) -> float:
        work = write(self, finished)
        with told.open("a") as file:
            file.write("".join(f"{run}\n" for run, _ in finished))
        return work

    Ledger.acknowledge = acknowledge  # type: ignore[method-assign, assignment]


def points_of(shop: Workshop, journey: Journey, kinds: int) -> list[str]:
    """Return the operations of an undisturbed journey, each as what is done and to which file."""

    def count(log: int) -> None:
        shim.arm(shop.library, shop.folder, 0, shim.COUNT, kinds=kinds, tell=log)

    shop.begin(journey)
    ended, _ = shop.fork(journey, count)
    if ended or tree(shop.folder) != journey.end:
        fail(f"{journey.name}: does not end as it should even undisturbed\n{shop.log.read_text()}")
    return shop.log.read_text().splitlines()


def disturb(
    shop: Workshop, journey: Journey, at: int, action: int, found: Counter[str], notes: list[str],
    *, error: int = 0, kinds: int = shim.CHANGES,
) -> None:  # fmt: skip
    """Disturb one journey at one point, finish it, and count what was wrong."""
    shop.begin(journey)
    there = partial(shim.arm, shop.library, shop.folder)
    ended, first = shop.fork(journey, lambda _: there(at, action, error=error, kinds=kinds))
    if ended == FINE and not error:
        return  # this half of a point does not exist, such as half of an fsync
    found["tried"] += 1
    said = shop.log.read_text() if ended in (STUMBLED, TOLD) else ""
    wrong = []
    if ended == STUMBLED or (not error and ended != KILLED):
        wrong.append("not told as it should be")
    if journey.whole is not None and _seen(shop.folder) not in journey.whole:
        wrong.append("a reader finds neither the old nor the new")
    # the recovery is killed once too, somewhere, before it is let through
    _, again = shop.fork(journey, lambda _: there(1 + 7 * at % 23, shim.DIE_BEFORE))
    last, more = shop.fork(journey, None)
    if first & (again | more) or again & more:
        wrong.append("an acknowledged run was computed again")
    if last or tree(shop.folder) != journey.end or _others(shop.folder, journey):
        wrong.append("other bytes at the end")
        said += shop.log.read_text()
    for what in wrong:
        found[what] += 1
    if wrong:
        number = errno.errorcode.get(error, "death")
        notes.append(f"{journey.name}, {number} at point {at}: {', '.join(wrong)}\n{said[-1500:]}")


def _seen(folder: Path) -> dict[str, str]:
    """Return what a reader of the folder of a result finds there."""
    return {f"out/{name}": digest for name, digest in tree(folder / "out").items()}


def _others(folder: Path, journey: Journey) -> bool:
    """Tell whether anything is left that does not belong there."""
    kept = {name.partition("/")[0] for name in journey.end}
    return {path.name for path in folder.iterdir()} != kept


def fail(says: str) -> None:
    """End with a sentence and exit code 1."""
    raise SystemExit(says)


def main() -> None:
    """Disturb everything, print what was found, and fail when anything was wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--every", type=int, default=1, metavar="K")
    parser.add_argument(
        "--only", default="", metavar="WORD", help="journeys with this in their name"
    )
    parser.add_argument("--skip-errors", action="store_true", help="die only")
    parser.add_argument("--skip-deaths", action="store_true", help="fail only")
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    library = shim.load()
    compile_kernels()
    model_version()  # read once, so that forks agree although somebody edits the source meanwhile
    began = time.perf_counter()
    result: dict[str, Any] = {
        "what": "died and failed at every file operation",
        "every": wanted.every,
    }
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        base = Path(name).resolve()
        shop = Workshop(library, base)
        figures: dict[str, Any] = {}
        prepared = journeys(base / "journeys", wanted.runs)
        gc.collect()
        gc.freeze()  # so that forks do not copy what they only count
        chosen = [journey for journey in prepared if wanted.only in journey.name]
        for number, journey in enumerate(chosen):
            points = points_of(shop, journey, shim.CHANGES)
            kinds = Counter(point.partition(" ")[0] for point in points)
            figures[journey.name] = own = {
                "points": len(points),
                "kinds": dict(sorted(kinds.items())),
            }
            if not wanted.skip_deaths:
                deaths: Counter[str] = Counter()
                for at in range(1 + number % wanted.every, len(points) + 1, wanted.every):
                    for action in DEATHS.values():
                        disturb(shop, journey, at, action, deaths, notes)
                own["deaths"] = dict(deaths)
            for error, which in {} if wanted.skip_errors else ERRORS.items():
                count: Counter[str] = Counter()
                reach = len(points_of(shop, journey, which))
                for at in range(1 + number % wanted.every, reach + 1, wanted.every):
                    for action in (shim.FAIL, shim.FAIL_ON):
                        disturb(shop, journey, at, action, count, notes, error=error, kinds=which)
                own[errno.errorcode[error]] = dict(count)
            print(f"{journey.name}: {own}", file=sys.stderr)
    wrong = len(notes)
    result |= {
        "journeys": figures,
        "wrong": wrong,
        "seconds": round(time.perf_counter() - began, 1),
    }
    tell(result, wanted.out)
    if wrong:
        print("\n".join(notes[:20]), file=sys.stderr)
        fail(f"{wrong} times something was lost, doubled, or not told")


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
