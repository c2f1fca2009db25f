"""Write docs/validation/reliability.md from the figures of the tools that disturb, damage and attack.

Each tool writes its figures to benchmarks/results/; a tool that was not run is said to be missing, and no
figure is written by hand. What is written by hand are the faults that were found, each with its test.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "validation" / "reliability.md"
HEAD = """<!-- Written by tools/make_reliability.py from benchmarks/results/. -->

# Reliability

Nothing lost, nothing wrong unnoticed, nobody let in: what was tried against standfast, how often, and
what came of it. `make test` repeats a small part of each with the same tools; `make reliability` runs
them at length and renews this page.

## What was tried
"""
#: what was tried, how much of it, and what was left wrong
Row = tuple[str, str, str]
FIGURES = (
    "bounds", "endurance", "fault_deaths", "fault_errors", "full_disk", "hostile", "hostile_questions",
    "hostile_stores", "installs", "kill_sweep", "kill_sweep_command", "memory_estimate", "planted", "signal_sweep",
)  # fmt: skip
#: fault -> where it is tested
FAULTS = (
    ("A repair that died while SQLite kept a journal left a store that was refused as holding more than a sweep.",
     "tests/system/test_faults.py"),
    ("A ledger made from files could be put in its place without its log when the log could not be folded into it.",
     "tests/system/test_faults.py"),
    ("A full, read-only or failing disk ended a sweep or a reader with a fault of ours instead of the path.",
     "tests/system/test_faults.py"),
    ("A death between the two renames that replaced a result left neither the old one nor the new one.",
     "tests/system/test_commit.py"),
    ("What a killed writer of a result left beside it stayed for ever.", "tests/system/test_commit.py"),
    ("A sweep that was stopped while a worker told what it had computed never ended: it waited for the rest of the message.",
     "tests/system/test_execute_workers.py"),
    ("A sweep that was stopped just when it had taken a lock of its pool of workers never ended: nobody else got the lock.",
     "tests/unit/test_interrupts.py"),
    ("A sweep one of whose workers was killed while it told what it had computed waited for ever, and said nothing.",
     "tests/system/test_execute_workers.py"),
    ("Who stopped a sweep while its files were written, or at its very beginning or end, was not told how to go on; a command "
     "that was interrupted elsewhere said nothing.", "tests/system/test_signals.py"),
    ("The dashboard kept all results that were ever read, for as long as it lived.", "tests/unit/test_dashboard_shelf.py"),
    ("A run and who told its story held each other, so that a dashboard kept closed worlds for minutes.",
     "tests/unit/test_simulation_story.py"),
    ("What Arrow keeps of files it read and wrote was not given back to the system.", "tests/unit/test_run_machine.py"),
    ("A changed provenance or page of a result, and a damaged answer in the dashboard, were not noticed.",
     "tests/system/test_verify_repair.py"),
    ("A lost sweep.json could not be mended, although the runs hold all that it says.", "tests/system/test_verify_repair.py"),
    ("A number where a mapping of places or groups belongs ended the reading of a scenario as a fault of ours.",
     "tests/system/test_hostile.py"),
    ("One strange folder broke the dashboard's list of results; a manifest could name files outside its folder.",
     "tests/system/test_hostile.py"),
    ("A title could carry what a terminal obeys: escapes, and marks that turn the direction of writing.",
     "tests/system/test_attacks.py"),
    ("A malformed ledger.sqlite ended the sweep: what could still be read was given up.",
     "tests/system/test_malformed_ledger.py"),
    ("SIGTERM, and a terminal that was closed, ended a command at once, without a word and with files half written.",
     "tests/system/test_signals.py"),
    ("A disk without space was called an error of the disk where SQLite calls it so.", "tests/system/test_signals.py"),
    ("A write that failed while HDF5 let go of a file was not told, and the damaged file was sealed as sound.",
     "tests/unit/test_results_netcdf.py"),
    ("A repair that died while it wrote a page left a half-written file, and the next one refused the folder for it.",
     "tests/system/test_verify_repair.py"),
    ("A run in which nobody left ended in a fault of ours where its page is written.",
     "tests/unit/test_report_people.py"),
    ("The run that checks every index took the compiled code of one that does not.", "tests/system/test_bounds.py"),
    ("The name of a case in an experiment file became a part of a path; a change that is none was told without its line.",
     "tests/system/test_experiment_files.py"),
    ("Tables of persons without heads, in other scripts, or with innocent heads were refused for other reasons only.",
     "tests/system/test_planted.py"),
    ("What was wrong with a method, a figure, a mechanism, a case or a rival of an experiment file was told without its line.",
     "tests/system/test_experiment_files.py"),
    ("A part of a sweep that no longer was what a sweep writes, its hash made to fit, ended a reader with an error of Arrow.",
     "tests/unit/test_execute_sealed.py"),
    ("A result whose hashes fit, though a page cannot be made of it, ended the dashboard's reading and `standfast report` as a fault of ours.",
     "tests/system/test_verify_repair.py"),
    ("Names of files in a folder, or in its provenance, could carry what a terminal obeys.", "tests/system/test_verify_repair.py"),
    ("A manifest that no longer named the rows of a sweep, its hash made to fit, was read as a sweep of fewer runs, or as a fault.",
     "tests/unit/test_execute_sealed.py"),
    ("A disk that fails was called a damaged file where a finished sweep is read.", "tests/unit/test_execute_sealed.py"),
    ("Four of the ten questions that the attack on experiment files changes were refused as they were, whatever was changed in them.",
     "tests/system/test_hostile.py"),
    ("The attack on stored results compared what was read at one place with what was read at another, and called "
     "a file exchanged for itself a fault.", "tests/system/test_hostile.py"),
    ("Memory that the threads of the dashboard freed stayed with the C library, some 13 MB more in each hour of work.",
     "tests/unit/test_run_machine.py"),
    ("What the dashboard held lay among the holes of a store of memory for each thread, and never took the same: 205 to 217 MB.",
     "tests/unit/test_run_machine.py"),
)  # fmt: skip


def read(name: str) -> dict[str, Any] | None:
    """Return the figures of a tool, or None when it was not run."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def rows() -> list[Row]:
    """Return what was tried, how much of it, and what was left wrong."""
    return [*_disturbed(), *_hostile(), *_lasting()]


def _disturbed() -> list[Row]:
    found = []
    for name, what in (("kill_sweep", "`kill -9` of forks that resume a sweep"),
                       ("kill_sweep_command", "`kill -9` of `standfast resume` itself")):  # fmt: skip
        if told := read(name):
            left = told["lost"] + told["computed_twice"] + told["sweeps_with_other_bytes"]
            sweeps = "one sweep" if told["sweeps"] == 1 else f"{told['sweeps']:,} sweeps"
            much = (f"{told['kills']:,} kills at random moments of {sweeps} of "
                    f"{told['runs_of_a_sweep']:,} runs, {told['kills_while_writing_files']:,} of them "
                    "while the files were written")  # fmt: skip
            found.append((what, much, str(left)))
    if told := read("signal_sweep"):
        ways = ", ".join(f"{way} {n}" for way, n in told["sent"].items())
        much = f"{ways}, at random moments of sweeps of {told['runs_of_a_sweep']:,} runs; slowest end {told['slowest_end_s']:g} s"
        found.append(
            ("signals to `standfast resume`, and two at once", much, str(told["failures"]))
        )
    if told := read("full_disk"):
        much = (f"{told['disks']:,} disks of other sizes, {told['too small']:,} of them too small; "
                f"{told['tried on a read-only disk']} readings and writings on a read-only one")  # fmt: skip
        found.append(("disks that are full or may only be read", much, str(told["failures"])))
    found += [line for told in _sweeps() for line in _faults(told)]
    return found


def _hostile() -> list[Row]:
    found = []
    if told := read("hostile"):
        pairs = told["refused"] + told["sound"] - told["files"]
        much = (f"{told['files']:,} files made by rules, and {pairs:,} of the "
                f"{told['special_values'] * told['numeric_fields']:,} pairs of a special value and a numeric field: "
                f"{told['refused']:,} refused, {told['sound']:,} sound, {told.get('run', 0):,} of these run; "
                f"slowest {told['slowest_s']:g} s")  # fmt: skip
        found.append(("hostile scenario files", much, str(told["failures"])))
    if told := read("hostile_questions"):
        pairs = told["refused"] + told["sound"] - told["files"]
        much = (f"{told['files']:,} files of {told['kinds']} kinds made by rules, and {pairs:,} of the "
                f"{told['special_values'] * told['numeric_fields']:,} pairs of a special value and a numeric field: "
                f"{told['refused']:,} refused, {told['sound']:,} sound, {told['put'] + told['put, and refused']:,} of these put; "
                f"slowest {told['slowest_s']:g} s")  # fmt: skip
        found.append(("hostile experiment files", much, str(told["failures"])))
    if told := read("hostile_stores"):
        much = (f"{told['cases']:,} changed folders: {told['verified as damaged']:,} told by `verify`, "
                f"{told['refused']:,} readings refused")  # fmt: skip
        found.append(("hostile results and stores", much, str(told["failures"])))
    if told := read("planted"):
        much = f"{told['planted']:,} planted files in {told['scripts']} scripts, {told['aggregates']:,} aggregates"
        left = f"{told['missed']} let in, {told['echoed']} echoed, {told['refused aggregates']} aggregates refused"
        found.append(("data about single persons", much, left))
    return found


def _lasting() -> list[Row]:
    found = []
    if told := read("memory_estimate"):
        much = (f"{told['scenarios']:,} random scenarios, peaks up to {told['largest_peak_mb']:,} MB: estimates "
                f"{told['least']:.2f} to {told['most']:.2f} of the peak, median {told['median']:.2f}")  # fmt: skip
        left = (
            f"{told['below the peak']} below, {told['more than 30 % above']} more than 30 % above"
        )
        found.append(
            ("estimate of memory beside the peak of the command, less pages of files", much, left)
        )
    if told := read("endurance"):
        parts = told["processes"]
        work = ", ".join(f"{name} {part['rounds']:,} times" for name, part in parts.items())
        slopes = ", ".join(f"{part['slope_mb_per_hour']:+.2f}" for part in parts.values())
        much = (f"{told['hours']:g} hours, resting {told['rest']:g} times as long as working: {work}; memory changed by {slopes} MB an hour, "
                f"up to {max(part['highest_mb'] for part in parts.values()):.0f} MB")  # fmt: skip
        left = f"{len(told['ended_wrong'])} ended wrong, {len(told['memory_grew'])} grew by 1 MB an hour or more"
        found.append(
            (
                "three processes that live on while writers, workers and connections are killed",
                much,
                left,
            )
        )
    if told := read("bounds"):
        much = f"{told['tests']:,} tests with every index of every kernel checked"
        found.append(("reading or writing beyond an array", much, str(len(told["failed"]))))
    if told := read("installs"):
        ways = [f"Python {row['exact']} with numpy {row['numpy']} and numba {row['numba']}"
                for row in told["tried"] if row["failed"] is None]  # fmt: skip
        much = "installed, asked and run away from the tree: " + "; ".join(ways)
        found.append(("the wheel in empty environments, the lowest and the newest versions",
                      f"{much}; counts as here", str(told["failures"])))  # fmt: skip
    return found


def _faults(told: dict[str, Any]) -> list[Row]:
    points = sum(journey["points"] for journey in told["journeys"].values())
    every = "each" if told["every"] == 1 else f"every {told['every']}th"
    lines = []
    for name, what in (("deaths", "dying before, after or half-way"), ("EIO", "failing as a broken disk does (EIO)"),
                       ("ENOSPC", "failing as a full disk does (ENOSPC)"), ("EROFS", "failing as a read-only disk does (EROFS)"),
                       ("EMFILE", "failing with too many open files (EMFILE)")):  # fmt: skip
        counts = [journey.get(name, {}) for journey in told["journeys"].values()]
        tried = sum(count.get("tried", 0) for count in counts)
        left = sum(n for count in counts for key, n in count.items() if key != "tried")
        if tried:
            much = f"{tried:,} times, at {every} of {points:,} points of {len(counts)} journeys"
            lines.append((f"{what} at a file operation", much, str(left)))
    return lines


def page() -> str:
    """Return the page."""
    lines = [HEAD, "| what | how much | left wrong |", "|---|---|---|"]
    lines += [f"| {what} | {much} | {left} |" for what, much, left in rows()]
    lines += [
        "",
        "A journey is a way in which standfast writes: " + "; ".join(_journeys()) + ".",
        "",
    ]
    lines += [
        "A point is a write, fsync, rename, unlink, truncation or creation below the folder, by Python, SQLite, "
        "Arrow or HDF5 alike; a shim before the C library counts them (`tools/faults/shim.c`). A death between two "
        "points leaves the same disk as one at the second. After each, a recovery is killed too, and then let "
        "through: left wrong counts every time that a run that had been acknowledged was computed again, or that the "
        "bytes at the end were not those of an undisturbed journey. What is not tried is a power cut that reorders writes inside a disk.",
        "",
        "## Where the figures come from",
        "",
        "| figures | commit | processor |",
        "|---|---|---|",
        *_origins(),
        "",
        "## Faults that were found on the way",
        "",
        "Each is mended, and has a test that fails without the mending.",
        "",
        "| fault | test |",
        "|---|---|",
        *(f"| {fault} | `{test}` |" for fault, test in FAULTS),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _origins() -> list[str]:
    """Return a row for every file of figures: the commit, and the machine where it was noted."""
    lines = []
    for name in FIGURES:
        if told := read(name):
            origin = told["circumstances"]
            noted = f"`{origin['commit']}` | {origin['processor']}" if "commit" in origin else (
                f"not noted; written down with `{origin['written_down_with']}` | not noted")  # fmt: skip
            lines.append(f"| `benchmarks/results/{name}.json` | {noted} |")
    return lines


def _sweeps() -> list[dict[str, Any]]:
    return [told for name in ("fault_deaths", "fault_errors") if (told := read(name))]


def _journeys() -> list[str]:
    left = "the long run over these is still to be done; tests/system/test_faults.py takes a few points of one"
    return next((list(told["journeys"]) for told in _sweeps()), [left])


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    if "--check" in sys.argv:
        return int(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
