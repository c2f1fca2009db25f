"""What is disturbed: every way in which standfast writes folders that must not be lost."""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from kill_sweep import KEEP, begin, hashes
from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.experiment import execute as module
from standfast.experiment.execute import RunRequest, execute, resume
from standfast.experiment.repair import repair_result
from standfast.report.page import write_report
from standfast.results.result import Result
from standfast.results.store import replace_page
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from standfast.scenario.model import Scenario

PAGE = "report.html"
Hashes = dict[str, str]


@dataclass(frozen=True)
class Journey:
    """Something that is written, from a start to an end that is known.

    Attributes
    ----------
    name
        What it is called in the figures.
    start
        Folder that is copied before every attempt.
    work
        Does it, in the folder it is given; what died half-way is finished by the same.
    end
        SHA-256 of every file at the end.
    whole
        States that a reader may find at any moment; None where a reader is refused in between.
    """

    name: str
    start: Path
    work: Callable[[Path], object]
    end: Hashes
    whole: tuple[Hashes, ...] | None = None


def tree(folder: Path) -> Hashes:
    """Return the SHA-256 of every file below a folder, by its path there."""
    found: Hashes = {}
    for inside in [folder, *(x for x in sorted(folder.rglob("*")) if x.is_dir())]:
        files = {path.name for path in inside.iterdir() if path.is_file()}
        known = hashes(inside) if files and files == {x.name for x in inside.iterdir()} else {}
        found |= {(inside / name).relative_to(folder).as_posix(): known[name] for name in known}
    return found


def in_fork(work: Callable[[], object]) -> None:
    """Do something in a fork, as writing tables leaves threads behind that a later fork lacks."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        message = "a journey cannot be prepared"
        raise SystemExit(message)


def journeys(base: Path, runs: int) -> list[Journey]:
    """Prepare every journey in a folder, and return them."""
    base.mkdir()
    # what every fork would load again: xarray asks for dask, and the first run for its kernels
    import dask.array  # noqa: F401, PLC0415

    run_replicate(compile_plan(_short(), 1), 0)
    return [*_of_sweeps(base, runs), *_of_results(base)]


def _short(**changes: str) -> Scenario:
    """Return a scenario that ends soon after its attack, as what is written does not grow with hours."""
    time = tiny_scenario().time.model_copy(update={"horizon": 60.0})
    return tiny_scenario(time=time, **changes)


def _of_sweeps(base: Path, runs: int) -> list[Journey]:
    # the kernels are compiled in this process, and looking whether they are takes longer than a journey
    module.compile_kernels = lambda _: None  # type: ignore[assignment]
    worlds = _short(), _short(title="Another")
    asked = [RunRequest(world, 1, k, world.title) for world in worlds for k in range(runs // 2)]
    kept: dict[str, Any] = {"keep_agents": KEEP.agents, "keep_series": KEEP.series}
    quiet: dict[str, Any] = {"threads": 1, "progress": False}

    def begun(folder: Path) -> None:
        execute(asked, store=folder / "sweep", **kept, **quiet)

    def resumed(folder: Path) -> None:
        resume(folder / "sweep", **quiet)

    def stop(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    (base / "begun").mkdir()
    in_fork(lambda: (shutil.copytree(base / "begun", base / "done"), begun(base / "done")))
    end = {f"sweep/{name}": digest for name, digest in hashes(base / "done" / "sweep").items()}
    for name in ("queued", "computed", "damaged", "lost"):
        (base / name).mkdir()
    in_fork(lambda: begin(base / "queued" / "sweep", asked))
    in_fork(lambda: begin(base / "computed" / "sweep", asked))
    child = os.fork()
    if child == 0:
        module.compact = stop  # type: ignore[assignment]
        resumed(base / "computed")
    os.waitpid(child, 0)
    for name, file in (("damaged", "kept-00000.parquet"), ("lost", "sweep.json")):
        shutil.copytree(base / "done" / "sweep", base / name / "sweep")
        (base / name / "sweep" / file).write_bytes(b"damaged")
    work = {
        "begun": begun,
        "queued": resumed,
        "computed": resumed,
        "damaged": resumed,
        "lost": resumed,
    }
    titles = {
        "begun": "a sweep from its first request on",
        "queued": "a sweep from its queue on",
        "computed": "files from runs that are all done",
        "damaged": "a damaged file of a sweep, made again",
        "lost": "a lost sweep.json, made again",
    }
    return [Journey(titles[name], base / name, work[name], end) for name in work]


def _of_results(base: Path) -> list[Journey]:
    for name in ("saved", "spoilt", "paged"):
        (base / name).mkdir()
    pages = {PAGE: write_report}

    def save(folder: Path, seed: int) -> None:
        result = synthetic_result(tiny_scenario(), 2, seed=seed)
        result.save(folder / "out", pages={PAGE: partial(write_report, result)})

    def real(folder: Path) -> None:
        # the one seed and scenario that repairing runs again
        from standfast.experiment.ensemble import run_ensemble  # noqa: PLC0415 - in a fork only

        result = run_ensemble(tiny_scenario(), 1, 1, 1, progress=False)
        result.save(folder / "out", pages={PAGE: partial(write_report, result)})

    def repair(folder: Path) -> None:
        repair_result(folder / "out", pages=pages, ask=print, threads=1, progress=False)

    def page(folder: Path) -> None:
        result = Result.load(folder / "out")
        replace_page(folder / "out", PAGE, partial(write_report, result))

    in_fork(lambda: save(base / "saved", 1))
    old = tree(base / "saved")
    shutil.copytree(base / "saved", base / "new")
    in_fork(lambda: save(base / "new", 2))
    in_fork(lambda: real(base / "spoilt"))
    end = tree(base / "spoilt")
    shutil.copytree(base / "spoilt", base / "paged", dirs_exist_ok=True)
    for name in ("summary.json", "series.nc", PAGE):
        (base / "spoilt" / "out" / name).write_bytes(b"damaged")
    (base / "paged" / "out" / PAGE).write_bytes(b"old page")
    return [
        Journey("a result in the place of another", base / "saved", partial(save, seed=2),
                tree(base / "new"), whole=(old, tree(base / "new"))),
        Journey("damaged files of a result, made again", base / "spoilt", repair, end),
        Journey("a page of a result, written again", base / "paged", page, end),
    ]  # fmt: skip
