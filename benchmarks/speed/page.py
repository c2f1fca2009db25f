"""The page of what was measured: docs/validation/speed.md and its figures, from benchmarks/results/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "standfast"

from matplotlib import pyplot as plt  # noqa: E402 - after the backend is chosen

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "validation" / "speed.md"
FIGURES = ROOT / "docs" / "validation" / "speed"
TITLES = {
    "B1": "Threshold cascade to its fixpoint",
    "B2": "SIR of 100 steps",
    "B3": "Epstein's citizens",
    "B4": "A hundred replicates of the epidemic among 25,000",
    "B5": "Mosul 2014 at full size",
    "B6": "From 25 thousand people up",
    "B7": "What the machine can do at most",
}
#: what each table is held against: (size, most ns an agent-step)
GOALS = {"B1": (250_000, 7.0), "B2": (250_000, 5.0), "B3": (None, 900.0), "B4": (25_000, 2.5)}
#: how many times the speed of Mesa, and at most how many times the time of the loop by hand
MESA, BY_HAND = {"B1": 300, "B2": 170, "B4": 300}, 3.0
#: what of a row is held against the goals: an ensemble on two threads is waited for, so its elapsed time
HELD = {"B4": "ns"}
OURS = "standfast"
LEAST_TOLD = 0.5  # ns an agent-step, under which a function is among all others
INTRODUCTION = """# How fast

<!-- Made by benchmarks/speed/page.py from benchmarks/results; `make bench` measures and makes it again. -->

The same problem for every program: one random graph of mean degree 12, one rule, one start. Every run
is a process of its own, the programs take turns, and answers are compared after the first turn: a
program that gives another answer gets no time. Laying out the graph in a program's own form and
compiling are not counted. Ours is the engine that runs every scenario, with the other mechanisms off;
there is no special program. Times are medians. **Processor time** is what to compare when the machine
was busy with other work (the load is written under each table; above 1, elapsed time says little).
"""


def load(part: str) -> dict[str, Any] | None:
    """Return what was measured of a part, if it was."""
    path = RESULTS / f"{part}.json"
    return json.loads(path.read_text()) if path.exists() else None


def number(value: float) -> str:
    """Return a number as one reads it."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.3g}"


def under(found: dict[str, Any]) -> str:
    """Return the line that says on what it was measured."""
    about = found["circumstances"]
    return (
        f"*{about['processor']}, {about['cores']} cores, load {about['load_before']} to "
        f"{about['load_after']}; Python {about['python']}, numba {about['numba']}, numpy {about['numpy']}, "
        f"standfast {about['standfast']} at {about['commit']}.*\n"
    )


def side_by_side(part: str, found: dict[str, Any]) -> list[str]:
    """Return the table of programs, and what came of the goal."""
    lines = [
        "| people | program | processor time, ns an agent-step | elapsed, ns an agent-step | peak memory, MB | |",
        "|---:|---|---:|---:|---:|---|",
    ]
    for row in sorted(found["rows"], key=lambda row: (row["n"], row["cpu_ns"])):
        name = f"**{row['program']}**" if row["program"] == OURS else row["program"]
        lines.append(
            f"| {row['n']:,} | {name} | {number(row['cpu_ns'])} | {number(row['ns'])} | {row['peak_mb']:,.0f} | {row['note']} |"
        )
    lines += ["", f"![{TITLES[part]}](speed/{part}.svg)", "", *goal_of(part, found)]
    if "left_out" in found:
        lines += ["", "Not in the table:", ""]
        lines += [f"- {name}: {why}." for name, why in found["left_out"].items()]
    return lines


def goal_of(part: str, found: dict[str, Any]) -> list[str]:
    """Say whether the goal was met, and who was quicker."""
    size, most = GOALS[part]
    size = size or min(row["n"] for row in found["rows"])
    held = HELD.get(part, "cpu_ns")
    rows = {row["program"]: row[held] for row in found["rows"] if row["n"] == size}
    ours = rows.pop(OURS)
    quicker = sorted(name for name, ns in rows.items() if ns < ours)
    said = "met" if ours < most else "**not met**"
    ahead = (
        f"Quicker at {size:,}: {', '.join(quicker)}."
        if quicker
        else f"Nobody is quicker at {size:,}."
    )
    times = ", ".join(
        f"{number(ns / ours)} times {name}"
        for name, ns in sorted(rows.items(), key=lambda x: -x[1])
        if ns > ours
    )
    lines = [
        f"Goal: below {number(most)} ns an agent-step{' elapsed' if part in HELD else ''} at {size:,} people; "
        f"ours takes {number(ours)}: {said}. {ahead}"
        + (f" In speed it is {times}." if times else "")
    ]
    if part in MESA and "Mesa" in rows:
        share, wanted = rows["Mesa"] / ours, MESA[part]
        met = "met" if share >= wanted else "**not met**"
        lines += ["", f"Goal: {wanted} times the speed of Mesa; it is {share:.0f} times: {met}."]
    if "numba, by hand" in rows:
        share = ours / rows["numba, by hand"]
        met = "met" if share <= BY_HAND else "**not met**"
        lines += [
            "",
            f"Goal: at most {number(BY_HAND)} times the time of the loop by hand; it takes {number(share)} times: {met}.",
        ]
    return lines


def dots(part: str, found: dict[str, Any]) -> None:
    """Draw the programs of a part, a line each, with a dot for every size that it ran."""
    rows = found["rows"]
    sizes = sorted({row["n"] for row in rows})
    order = sorted({row["program"] for row in rows}, key=lambda name: -least_of(rows, name))
    figure, axes = plt.subplots(figsize=(7, 0.38 * len(order) + 1.5), layout="constrained")
    for size, mark in zip(sizes, "os^D", strict=False):
        some = [row for row in rows if row["n"] == size]
        axes.scatter(
            [row["cpu_ns"] for row in some], [order.index(row["program"]) for row in some], marker=mark,
            c=["#b5482f" if row["program"] == OURS else "#5b6470" for row in some], zorder=3,
        )  # fmt: skip
        axes.plot([], [], mark, color="#5b6470", label=f"{size:,} people")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.set_yticks(range(len(order)), order)
    axes.get_yticklabels()[order.index(OURS)].set_color("#b5482f")
    axes.grid(axis="x", color="#dfe3e8")
    axes.grid(axis="y", color="#eef0f3")
    axes.set_xlabel("processor time, ns an agent-step (left is quicker)")
    axes.margins(y=0.5 / len(order))
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    save(figure, part)


def least_of(rows: list[dict[str, Any]], program: str) -> float:
    """Return the least processor time of a program at any size."""
    return float(min(row["cpu_ns"] for row in rows if row["program"] == program))


def save(figure: Any, part: str) -> None:
    """Write a figure, the same bytes for the same numbers."""
    FIGURES.mkdir(exist_ok=True)
    figure.savefig(FIGURES / f"{part}.svg", metadata={"Date": None})
    plt.close(figure)


def whole(found: dict[str, Any]) -> list[str]:
    """Return the table of Mosul 2014."""
    one, start, many = found["replicate"], found["start"], found["ensemble"]
    each = [row["seconds"] / row["replicates"] for row in many]
    rows = [
        ("one replicate, processor time", f"{one['cpu_s']:.2f} s", "1.5 s", one["cpu_s"] <= 1.5),
        ("one replicate, elapsed", f"{one['seconds']:.2f} s", "1.5 s", one["seconds"] <= 1.5),
        ("an agent-step, processor time", f"{one['cpu_s'] / one['agent_steps'] * 1e9:.1f} ns", "", None),
        (f"a hundred replicates on two threads, at the pace of {many[1]['replicates']}",
         f"{100 * each[1]:.0f} s", "90 s", 100 * each[1] <= 90),
        ("two threads against one", f"{each[0] / each[1]:.2f} times", "1.8 times", each[0] / each[1] >= 1.8),
        ("building its people and ties", f"{found['build']['seconds']:.2f} s", "", None),
        ("compiling everything, nothing kept", f"{start['compile_cold_s']:.0f} s", "20 s", start["compile_cold_s"] <= 20),
        ("to the first step, compiled code kept", f"{start['first_step_cached_s']:.1f} s", "2 s", start["first_step_cached_s"] <= 2),
        ("`import standfast`", f"{start['import_s']:.3f} s", "0.3 s", start["import_s"] <= 0.3),
        ("the page of a small result", f"{found['report']['seconds']:.1f} s", "", None),
    ]  # fmt: skip
    said = {True: "met", False: "**not met**", None: ""}
    figure, axes = plt.subplots(figsize=(7, 2.2), layout="constrained")
    axes.barh(["on two threads", "on one"], [each[1], each[0]], color=["#b5482f", "#8a8f98"])
    axes.set_xlabel("elapsed seconds a replicate of an ensemble")
    save(figure, "B5")
    return [
        "| what | measured | goal | |", "|---|---:|---:|---|",
        *(f"| {what} | {value} | {goal} | {said[met]} |" for what, value, goal, met in rows),
        "", "![Mosul 2014](speed/B5.svg)",
    ]  # fmt: skip


def scale(found: dict[str, Any]) -> list[str]:
    """Return the table of sizes."""
    rows = found["rows"]
    figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
    axes.loglog([r["n"] for r in rows], [r["cpu_s"] for r in rows], "o-", color="#b5482f")
    axes.set_xlabel("people")
    axes.set_ylabel("processor seconds of 24 steps")
    save(figure, "B6")
    lines = ["| people | edges | build, s | processor time, ns an agent-step | peak memory, MB | bytes an agent beyond edges |",
             "|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for r in rows:
        ns = r["cpu_s"] / 24 / r["n"] * 1e9
        lines.append(
            f"| {r['n']:,} | {r['edges']:,} | {r['build_s']:.1f} | {ns:.1f} | {r['peak_mb']:,.0f} | {r['bytes_an_agent_without_edges']:.0f} |"
        )
    slope, most = found["slope"], rows[-1]["bytes_an_agent_without_edges"]
    return [
        *lines, "", "![By size](speed/B6.svg)", "",
        f"Slope of time over people, both as logarithms: {slope:.2f} (goal: at most 1.05: {'met' if slope <= 1.05 else '**not met**'}). "
        f"Arrays beyond the edges take {most:.0f} bytes an agent at the largest size (goal: at most 120: {'met' if most <= 120 else '**not met**'}).",
    ]  # fmt: skip


def limit(found: dict[str, Any]) -> list[str]:
    """Return the table of the machine's own rates."""
    rates = found["limit"]
    gathers = {int(k.rsplit("_", 1)[1]): v for k, v in rates.items() if k.startswith("gathers")}
    figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
    axes.loglog(list(gathers), list(gathers.values()), "o-", color="#b5482f")
    axes.set_xlabel("entries gathered from")
    axes.set_ylabel("thousand million gathers a second")
    save(figure, "B7")
    return [
        "| what | rate |", "|---|---:|",
        f"| copying, bytes read and written | {rates['copy_gb_per_s']:.1f} GB/s |",
        *(f"| bytes gathered at random from {n:,} | {rate:.2f} thousand million a second |" for n, rate in gathers.items()),
        f"| words drawn in vectors | {rates['draws_g_per_s_in_vectors']:.2f} thousand million a second |",
        f"| words drawn block by block | {rates['draws_g_per_s_one_by_one']:.2f} thousand million a second |",
        "", "![Gathers](speed/B7.svg)", "",
        *floor(rates, found["work"]),
    ]  # fmt: skip


#: bytes of an agent's state and traits that a step with every mechanism on reads and writes once
BYTES_A_STEP = 111
WORDS_A_BLOCK, LAYERS, GATHERS_A_MEETING = 4, 4, 3


def floor(rates: dict[str, float], work: dict[str, int]) -> list[str]:
    """Return the least time of a replicate of Mosul 2014 by these rates, and how far above it ours is."""
    agent_steps = work["living"] * work["steps"]
    copying = agent_steps * BYTES_A_STEP / rates["copy_gb_per_s"] / 1e9
    words = WORDS_A_BLOCK * (agent_steps + LAYERS * work["meetings"])
    drawing = words / rates["draws_g_per_s_in_vectors"] / 1e9
    gathers = work["edges"] + GATHERS_A_MEETING * work["meetings"]
    gathering = gathers / rates["gathers_g_per_s_of_250000"] / 1e9
    least = copying + drawing + gathering
    lines = [
        f"A replicate of Mosul 2014 has {agent_steps / 1e6:.0f} million agent-steps of the living. At these rates, reading "
        f"and writing {BYTES_A_STEP} bytes in each takes {copying:.2f} s, drawing {words / 1e6:.0f} million words "
        f"{drawing:.2f} s, and {gathers / 1e6:.0f} million gathers along edges and at meetings {gathering:.2f} s: "
        f"**a floor of {least:.2f} s**, before any arithmetic ([how it is counted](../decisions/speed.md)).",
    ]
    whole = load("B5")
    if whole is not None:
        taken = whole["replicate"]["cpu_s"]
        met = "met" if taken <= 3 * least else "**not met**"
        lines += [
            "",
            f"Ours takes {taken:.2f} s of processor time: {taken / least:.1f} times the floor (goal: at most 3 times: {met}).",
        ]
    return lines


def functions(found: dict[str, Any]) -> list[str]:
    """Return the table of what each function of the kernels takes, the largest first."""
    told = {name: ns for name, ns in found["ns"].items() if ns >= LEAST_TOLD}
    rest = found["ns_of_all"] - sum(told.values())
    return [
        "By function, sampled by `benchmarks/speed/by_function.py`, in nanoseconds an agent-step; what is inlined counts "
        "where it was inlined.", "",
        "| function | ns | |", "|---|---:|---|",
        *(f"| `{name}` | {ns:.2f} | {'█' * round(8 * ns)} |" for name, ns in told.items()),
        f"| all others | {rest:.2f} | {'█' * round(8 * rest)} |",
        f"| **kernels, all** | **{found['ns_of_all']:.1f}** | |",
    ]  # fmt: skip


def main() -> None:
    """Write the page."""
    lines = [INTRODUCTION]
    for part, title in TITLES.items():
        found = load(part)
        if found is None:
            continue
        if part in GOALS:
            dots(part, found)
            body = side_by_side(part, found)
        else:
            body = {"B5": whole, "B6": scale, "B7": limit}[part](found)
        lines += [f"## {part}: {title}", "", *body, "", under(found)]
    profile = load("profile")
    if profile is not None:
        title = "Where a replicate of Mosul 2014 takes its time"
        lines += [f"## {title}", "", *functions(profile), "", under(profile)]
    PAGE.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
