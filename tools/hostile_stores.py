"""Hostile folders: results and stores that somebody has changed, and what reading them must never do.

    python tools/hostile_stores.py --cases 20000 --out benchmarks/results/hostile_stores.json

Files are flipped, cut, emptied, exchanged, replaced by links and folders, and manifests rewritten with a
fitting hash of themselves, as somebody would who knows the format: names of files outside, other types,
what is not there. Then each is verified, loaded, listed and drawn by the dashboard's shelf, in forks, since a
library could end its process. A case fails when a reader gives other numbers than were written, when an
error is none of ours, when a process is ended or uses more than 10 seconds, or when anything is
imported, unpickled, connected to, or written outside the folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.dashboard.shelf import Shelf
from standfast.errors import StandfastError, StoreError
from standfast.experiment.execute import RunRequest, execute
from standfast.experiment.runs import Runs
from standfast.experiment.verify import verify
from standfast.results.provenance import sha256_of
from standfast.results.result import Result
from standfast.results.store import PROVENANCE, sealed
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario
from told import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NAMES = (
    "../../../etc/passwd",
    "/etc/passwd",
    "runs-00000.parquet/..",
    "",
    "a\x00b",
    "sweep.json",
    "x" * 400,
)
VALUES: tuple[Any, ...] = (
    None,
    [],
    {},
    0,
    -1,
    1e300,
    "",
    "0" * 64,
    True,
    {"a": {"b": []}},
    ["x"],
    "../x",
)
BATCH, SECONDS = 100, 10.0
#: what no reader may cause; opening to write is looked at separately
FORBIDDEN = ("pickle.find_class", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "ctypes.dlopen")  # fmt: skip
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.rmtree")  # fmt: skip


def prepare(base: Path) -> dict[str, Path]:
    """Make a sound result and a sound store."""
    synthetic_result(tiny_scenario(), 2).save(base / "of-results" / "case")
    few = [RunRequest(tiny_scenario(), 1, replicate) for replicate in range(3)]
    execute(few, store=base / "of-sweeps" / "case", keep_agents=True, threads=1, progress=False)
    return {"result": base / "of-results" / "case", "sweep": base / "of-sweeps" / "case"}


def rewrite(draw: np.random.Generator, content: Any, depth: int = 0) -> Any:
    """Return JSON with one thing in it changed."""
    if depth < 4 and isinstance(content, dict) and content and draw.random() < 0.8:
        key = list(content)[int(draw.integers(len(content)))]
        if draw.random() < 0.2:
            content[NAMES[int(draw.integers(len(NAMES)))]] = content.pop(key)
        elif draw.random() < 0.15:
            del content[key]
        else:
            content[key] = rewrite(draw, content[key], depth + 1)
        return content
    return VALUES[int(draw.integers(len(VALUES)))]


def spoil(draw: np.random.Generator, folder: Path) -> str:
    """Change a folder in one way, and return which."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    path, other = (files[int(draw.integers(len(files)))] for _ in range(2))
    raw = bytearray(path.read_bytes())
    way = ("flip", "cut", "exchange", "link", "folder", "rewrite", "rewrite", "sealed flip")[
        int(draw.integers(8))
    ]
    manifest = folder / (PROVENANCE if (folder / PROVENANCE).exists() else "sweep.json")
    if way in {"flip", "sealed flip"} and raw:
        for _ in range(int(draw.integers(1, 4))):
            raw[int(draw.integers(len(raw)))] ^= 1 << int(draw.integers(8))
        path.write_bytes(bytes(raw))
        if way == "sealed flip" and path != manifest:
            _seal(manifest, path)
    elif way == "cut":
        path.write_bytes(bytes(raw[: int(draw.integers(len(raw) + 1))]))
    elif way == "exchange":
        path.write_bytes(other.read_bytes())
    elif way in {"link", "folder"}:
        path.unlink()
        path.mkdir() if way == "folder" else path.symlink_to("/etc/passwd")
    elif way == "rewrite":
        content = rewrite(draw, json.loads(manifest.read_text()))
        manifest.write_text(json.dumps(sealed(content) if isinstance(content, dict) else content))
    return way


def _seal(manifest: Path, path: Path) -> None:
    """Write the hash of a changed file where it is looked for."""
    content = json.loads(manifest.read_text())
    for hashes in (content.get("sha256"), content.get("pages"), content.get("files")):
        if isinstance(hashes, dict) and path.name in hashes:
            known = hashes[path.name]
            hashes[path.name] = (
                {**known, "sha256": sha256_of(path)} if isinstance(known, dict) else sha256_of(path)
            )
    manifest.write_text(json.dumps(sealed(content)))


def read(kind: str, folder: Path) -> list[Callable[[], Any]]:
    """Return what every reader makes of a folder."""

    def draw_it() -> Any:
        shelf = Shelf([folder.parent])
        if not shelf.entries():
            says = "is not even listed"
            raise StoreError(folder, says)
        return [len(json.dumps(shelf.read(entry))) for entry in shelf.entries()]

    def look() -> Any:
        return verify(folder).is_sound

    def load() -> Any:
        return (Runs.load(folder).table if kind == "sweep" else Result.load(folder).runs).to_json()

    return [look, load] if kind == "sweep" else [look, load, draw_it]


class Watch:
    """Hears of everything that this process opens, imports and changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.heard: list[str] = []
        self.on = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, given: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event in FORBIDDEN:
            self.heard.append(f"{event} {given[:1]}")
        elif event == "open" and isinstance(given[0], str):
            writes = any(x in str(given[1] or "") for x in "wax+") or int(given[2] or 0) & 3
            if (
                writes
                and not os.path.realpath(given[0]).startswith(self.folder)
                and given[0] != os.devnull
            ):
                self.heard.append(f"writes {given[0]}")
        elif event in CHANGES and not os.path.realpath(str(given[0])).startswith(self.folder):
            self.heard.append(f"{event} {given[0]}")


def judge(kind: str, folder: Path, sound: list[Any], watch: Watch, *, fits: bool) -> Counter[str]:
    """Let every reader read a folder; count refusals, and what is wrong by its words.

    Parameters
    ----------
    fits
        Whether the hashes were made to fit, so that a reader cannot know what was written first.
    """
    found: Counter[str] = Counter()
    for number, reader in enumerate(read(kind, folder)):
        began = time.process_time()
        watch.on = True
        try:
            told = reader()
            same = told == sound[number]
            if number == 0:
                found["verified as sound" if same else "verified as damaged"] += 1
            elif same or fits:
                found["read as written" if same else "read as rewritten, with hashes that fit"] += 1
            else:
                found["FAULT read otherwise than written"] += 1
        except StandfastError as error:
            found["refused"] += 1
            if not error.render().replace("\n", "").isprintable():
                found["FAULT a message that a terminal obeys"] += 1
        except Exception:  # noqa: BLE001 - whatever it is, it is a failure
            found["FAULT " + traceback.format_exc()[-700:]] += 1
        watch.on = False
        if time.process_time() - began > SECONDS:
            found["FAULT took too long"] += 1
    for heard in watch.heard:
        found["FAULT " + heard] += 1
    watch.heard.clear()
    return found


def _as_written(kind: str, path: Path, folder: Path) -> list[Any]:
    """Return what every reader makes of a folder nobody changed, at the place where changed ones are read.

    What the shelf shows holds the command that makes the result again, and that names its place.
    """
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(path, folder)
    return [reader() for reader in read(kind, folder)]


def batch(kinds: dict[str, Path], base: Path, seed: int, cases: range) -> Counter[str]:
    """Judge some cases in this process."""
    folder = base / "work" / "case"
    watch = Watch(base / "work")
    sound = {kind: _as_written(kind, path, folder) for kind, path in kinds.items()}
    found: Counter[str] = Counter()
    for case in cases:
        draw = np.random.default_rng([seed, case])
        kind = ("result", "sweep")[case % 2]
        shutil.rmtree(folder.parent, ignore_errors=True)
        shutil.copytree(kinds[kind], folder)
        way = spoil(draw, folder)
        fits = way in {"rewrite", "sealed flip"}
        for what, n in judge(kind, folder, sound[kind], watch, fits=fits).items():
            found[f"{what} [{kind}, {way}, case {case}]" if what.startswith("FAULT") else what] += n
        found["cases"] += 1
    return found


def by_sort(faults: Iterable[str]) -> dict[str, list[str]]:
    """Return where each sort of fault was found; many cases of one would hide the others."""
    found: dict[str, list[str]] = {}
    for what in faults:
        sort, _, where = what.removesuffix("]").rpartition(" [")
        found.setdefault(sort, []).append(where)
    return found


def main() -> int:
    """Try as many cases as asked, print what was found; return 1 when anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    began = time.perf_counter()
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name).resolve()
        kinds = prepare(base)
        last = wanted.first + wanted.cases
        for first in range(wanted.first, last, BATCH):
            told = base / "told.json"
            told.unlink(missing_ok=True)
            child = os.fork()
            if child == 0:
                part = range(first, min(first + BATCH, last))
                told.write_text(json.dumps(batch(kinds, base, wanted.seed, part)))
                os._exit(0)
            state = os.waitpid(child, 0)[1]
            if state:
                total[
                    f"FAULT a process ended with {os.waitstatus_to_exitcode(state)} [cases from {first}]"
                ] += 1
            else:
                total += Counter(json.loads(told.read_text()))
    faults = {what: n for what, n in total.items() if what.startswith("FAULT")}
    found = {
        "what": "hostile results and stores", "seed": wanted.seed, "first": wanted.first,
        **{what: n for what, n in sorted(total.items()) if what not in faults},
        "failures": sum(faults.values()), "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    tell(found, wanted.out)
    for sort, where in by_sort(faults).items():
        more = f" and {len(where) - 3:,} more" if len(where) > 3 else ""
        print(f"{sort} [{'; '.join(where[:3])}{more}]", file=sys.stderr)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
