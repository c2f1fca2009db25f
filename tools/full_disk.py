"""Write to a disk that is too small, and to one that may only be read.

    unshare -rm python tools/full_disk.py --sizes 60 --out benchmarks/results/full_disk.json

A file system in memory (tmpfs) is mounted, from one page to as much as is needed. Onto it a sweep is written,
and a result in the place of another: each succeeds, or ends with an error of ours that names the path
and that there is no space. Then the disk is made large enough, and the same is asked again: no run that
was acknowledged is computed again, and the bytes are those of a disk that was large from the start. Then
it is mounted read-only: what is there can be verified and read, and whatever would write is refused with the path.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fault_sweep import FINE, STUMBLED, TOLD, record_acknowledged
from kill_sweep import KEEP, hashes
from standfast.engine.warm import compile_kernels
from standfast.errors import StandfastError
from standfast.experiment import execute as module
from standfast.experiment.execute import RunRequest, execute, resume
from standfast.experiment.keys import model_version
from standfast.experiment.runs import Runs
from standfast.experiment.standing import find_standing
from standfast.experiment.verify import verify
from standfast.report.page import write_report
from standfast.results.result import Result
from standfast.results.store import replace_page
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario
from told import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[Path], object]

QUIET = {"threads": 1, "progress": False}
PAGE = 4096
ENOUGH = 64 << 20


def remount(place: Path, options: str) -> None:
    """Change what is mounted."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def mount(place: Path, options: str) -> None:
    """Mount a file system in memory."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)


class Disk:
    """A small disk, and what was wrong with what was written to it."""

    def __init__(self, base: Path) -> None:
        self.place, self.log, self.told = base / "disk", base / "log", base / "told"
        self.place.mkdir()
        self.wrong: list[str] = []
        self.full = self.large_enough = 0

    def fork(self, work: Callable[[], object]) -> tuple[int, str, set[str]]:
        """Do something in a fork; return how it ended, what it said, and which runs it acknowledged."""
        self.told.write_text("")
        child = os.fork()
        if child == 0:
            record_acknowledged(self.told)
            code, told = FINE, ""
            try:
                work()
            except StandfastError as error:
                told = error.render()
                code = TOLD if str(self.place) in told else STUMBLED
            except BaseException:  # noqa: BLE001 - a fork must not go on with this program
                told, code = traceback.format_exc(), STUMBLED
            self.log.write_text(told)
            os._exit(code)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return ended, self.log.read_text(), set(self.told.read_text().split())

    def fill(self, size: int, prepare: Work, work: Work, end: dict[str, str]) -> None:
        """Write to a disk with so many bytes left, make it larger, write again, and compare."""
        mount(self.place, f"size={ENOUGH}")
        try:
            self.fork(lambda: prepare(self.place / "out"))
            used = os.statvfs(self.place)
            used_bytes = (used.f_blocks - used.f_bfree) * used.f_frsize
            remount(self.place, f"size={max(used_bytes + size, PAGE)}")
            ended, told, first = self.fork(lambda: work(self.place / "out"))
            self.full, self.large_enough = self.full + bool(ended), self.large_enough + (not ended)
            if ended not in (FINE, TOLD) or (ended == TOLD and not names_room(told)):
                self.wrong.append(f"{size} bytes left: {told[-800:]}")
            remount(self.place, f"size={ENOUGH}")
            ended, told, second = self.fork(lambda: work(self.place / "out"))
            if ended or hashes(self.place / "out") != end or len(list(self.place.iterdir())) != 1:
                self.wrong.append(f"{size} bytes left: other bytes after it: {told[-800:]}")
            if first & second:
                self.wrong.append(f"{size} bytes left: acknowledged runs were computed again")
        finally:
            subprocess.run(["umount", str(self.place)], check=True)

    def only_read(self, prepare: Work, reads: dict[str, Work], writes: dict[str, Work]) -> int:
        """Try what reads and what writes on a disk that may only be read; return how much that was."""
        mount(self.place, f"size={ENOUGH}")
        try:
            self.fork(lambda: prepare(self.place / "out"))
            before = hashes(self.place / "out")
            remount(self.place, "ro")
            for name, work in (reads | writes).items():
                ended, told, _ = self.fork(lambda work=work: work(self.place / "out"))
                if ended != (FINE if name in reads else TOLD):
                    self.wrong.append(f"read-only, {name}: ended with {ended}: {told[-800:]}")
            if hashes(self.place / "out") != before:
                self.wrong.append("read-only: something was written")
        finally:
            subprocess.run(["umount", str(self.place)], check=True)
        return len(reads) + len(writes)


def names_room(told: str) -> bool:
    """Tell whether an error says that there is too little room: when writing, or before it began."""
    return "space" in told.lower() or "are free" in told


def asked() -> list[RunRequest]:
    """Return the runs of a small sweep."""
    return [RunRequest(tiny_scenario(), 1, replicate) for replicate in range(4)]


def sweep(folder: Path) -> None:
    """Write a sweep, or finish one."""
    execute(asked(), store=folder, keep_agents=True, keep_series=KEEP.series, **QUIET)


def result(folder: Path, seed: int = 1) -> None:
    """Write a result with its page, in the place of an earlier one."""
    found = synthetic_result(tiny_scenario(), 2, seed=seed)
    found.save(folder, pages={"report.html": partial(write_report, found)})


def nothing(folder: Path) -> None:
    """Leave the disk empty."""


def ended_sound(folder: Path) -> None:
    """Verify a folder."""
    found = verify(folder)
    if not found.is_sound:
        message = f"{folder} is not sound"
        raise AssertionError(message)


def main() -> int:
    """Fill disks of every size, print what was found; return 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, default=40, help="so many, evenly, of each kind")
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    began = time.perf_counter()
    compile_kernels()
    module.compile_kernels = lambda _: None  # type: ignore[assignment]
    model_version()
    with tempfile.TemporaryDirectory() as name:
        disk = Disk(Path(name).resolve())
        for prepare, work in ((nothing, sweep), (partial(result, seed=2), result)):
            large = Path(name).resolve() / "large"
            disk.fork(lambda work=work, large=large: work(large))
            end, needed = hashes(large), sum(x.stat().st_size for x in large.iterdir())
            shutil.rmtree(large)
            for number in range(wanted.sizes):
                disk.fill(int(1.6 * needed * number / wanted.sizes), prepare, work, end)
        tried = disk.only_read(
            sweep,
            {"verify": ended_sound, "status": find_standing, "read": lambda x: Runs.load(x).table},
            {"resume": partial(resume, **QUIET), "write": sweep, "result": result},
        )
        tried += disk.only_read(
            result,
            {"verify": ended_sound, "read": Result.load},
            {"result": result, "page": lambda x: replace_page(x, "report.html", nothing)},
        )
    found = {
        "what": "disks that are too small or may only be read", "disks": 2 * wanted.sizes, "too small": disk.full,
        "large enough": disk.large_enough, "tried on a read-only disk": tried, "failures": len(disk.wrong),
        "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    tell(found, wanted.out)
    print("\n".join(disk.wrong[:10]), file=sys.stderr)
    return int(bool(disk.wrong))


if __name__ == "__main__":
    sys.exit(main())
