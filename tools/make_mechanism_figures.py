"""Run every mechanism with and without itself, and write its figure for the documentation.

The cases are those whose direction the tests assert, on the same proving ground with the same
replicates. Writes docs/model/figures.md and docs/javascripts/mechanism-data.js; with --check nothing is
written, and only the mechanisms named after it are run again and compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "validation"))

from test_directions import CASES, FORD, FORT, N_REPLICATE, PORT, replicates, without  # noqa: E402

from standfast.scenario.forces import BRANCHES  # noqa: E402 - found by the line above
from standfast.scenario.mechanisms import MECHANISMS  # noqa: E402
from standfast.scenario.vocabulary import SERVING, STATUS  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.results.recording import Recording

    Line = Callable[[Recording], Any]

PAGE, DATA = (
    ROOT / "docs" / "model" / "figures.md",
    ROOT / "docs" / "javascripts" / "mechanism-data.js",
)
#: every second hour is drawn
EVERY = 2
NAMES = {PORT: "the port", FORD: "the ford", FORT: "the fort"}


def serving(*places: int, branch: str | None = None) -> tuple[str, Line]:
    """Share of those who served there at the start who still do."""
    chosen = [BRANCHES.index(branch)] if branch else list(range(len(BRANCHES)))
    codes = [STATUS.index(status) for status in SERVING]

    def line(run: Recording) -> Any:
        people = run.count[:, list(places)][:, :, chosen][..., codes].sum(axis=(1, 2, 3))
        return people / people[0]

    who = f"the {branch.replace('_', ' ')} of " if branch else ""
    return f"Share still serving: {who}{' and '.join(NAMES[place] for place in places)}", line


def ended(title: str, *statuses: str) -> tuple[str, Line]:
    """Share of all who served at the start who are in one of these statuses."""
    codes = [STATUS.index(status) for status in statuses]
    return (
        f"Share of all who {title}",
        lambda run: run.count[..., codes].sum(axis=(1, 2, 3)) / run.start_count.sum(),
    )


def reading(title: str, name: str, place: int | None = None) -> tuple[str, Line]:
    """Return a reading at a place, or summed over all."""
    if place is None:
        return title, lambda run: run.readings[name].sum(axis=1)
    return f"{title} at {NAMES[place]}", lambda run: run.readings[name][:, place]


def lost(*places: int) -> tuple[str, Line]:
    """How many of these places are lost."""
    where = " and ".join(NAMES[place] for place in places)
    return f"Places lost: {where}", lambda run: sum(
        (run.hours >= run.lost_hour[p]).astype(float) for p in places
    )


#: mechanism -> what is drawn of it: where its effect is asserted
DRAWN: dict[str, tuple[str, Line]] = {
    **dict.fromkeys(MECHANISMS, serving(PORT)),
    "M01": serving(FORD, FORT), "M02": serving(FORD), "M03": serving(FORT), "M04": serving(FORD),
    "M05": serving(FORD), "M11": ended("renounced", "renounced"), "M12": ended("hide", "hiding"),
    "M19": serving(FORD), "M21": serving(FORD, FORT), "M26": serving(PORT, branch="local_police"),
    "M27": ended("are dead or captured", "dead", "captured"),
    "M28": ended("are dead or captured", "dead", "captured"), "M29": ended("found refuge", "displaced"),
    "M30": ended("left the country", "abroad"), "M31": ended("went over", "defected"),
    "M32": ended("came back", "back"), "M33": lost(PORT), "M34": lost(PORT, FORD),
    "M35": reading("Attacking power in contact", "attack"), "M36": reading("Fighters", "fighters"),
    "M37": reading("Fighters", "fighters"), "M38": lost(FORD), "M39": serving(FORT), "M40": serving(FORD),
}  # fmt: skip


def measure(mechanism: str) -> dict[str, Any]:
    """Run a mechanism on and off, and return the mean and the range of its lines by hour."""
    case = next((case for case in CASES if case.mechanism == mechanism), None)
    changes = case.changes if case else {}
    title, line = DRAWN[mechanism]
    worlds = {"with": replicates(changes), "without": replicates(changes | without(mechanism))}
    row: dict[str, Any] = {
        "title": MECHANISMS[mechanism],
        "what": title,
        "case": case.name if case else "it only names what happened, so that nothing differs",
    }
    for name, runs in worlds.items():
        lines = np.array([line(run)[::EVERY] for run in runs], dtype=float)
        low, high = lines.min(axis=0), lines.max(axis=0)
        row[name] = [[rounded(value) for value in part] for part in (low, lines.mean(axis=0), high)]
    return row


def rounded(value: float) -> float:
    """Three digits: more than a screen shows."""
    return float(f"{value:.3g}")


def write(value: float, what: str) -> str:
    """Write a value for people."""
    if what.startswith("Share"):
        return f"{100 * value:.3g} %"
    return f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"


def page(rows: dict[str, dict[str, Any]]) -> str:
    """Return the page: a figure each, and its last hour in words for readers without scripts."""
    parts = [
        "# The mechanisms, one figure each",
        "",
        "<!-- written by tools/make_mechanism_figures.py -->",
        "",
        "Each figure runs one small invented case with the mechanism and without it: the same synthetic people",
        f"and the same draws, {N_REPLICATE} replicates, six days. Lines are means, bands reach from the lowest to the",
        "highest replicate. Move the hour with the slider or the arrow keys. The case is chosen so that the",
        "mechanism has something to do: sizes differ elsewhere, and say nothing of any real place. That the",
        "directions are right is [tested](mechanisms.md); that the sizes are is not claimed.",
        "",
    ]
    for key, row in rows.items():
        last = {name: write(row[name][1][-1], row["what"]) for name in ("with", "without")}
        setting = f" Case: {row['case']}." if row["case"] else ""
        parts += [
            f"## {key} {row['title']}",
            "",
            f"{row['what']}. At the end {last['with']} with it, {last['without']} without.{setting}",
            "",
            f'<div class="mechanism" data-mechanism="{key}"></div>',
            "",
        ]
    parts += [
        '<script src="../javascripts/mechanism-data.js"></script>',
        '<script src="../javascripts/mechanism.js"></script>',
        "",
    ]
    return "\n".join(parts)


def script(rows: dict[str, dict[str, Any]]) -> str:
    """Return the data as a script: a page opened from the disk may read no other file."""
    content = {"every": EVERY, "mechanisms": rows}
    return f"window.standfastMechanisms = {json.dumps(content, separators=(',', ':'), sort_keys=True)};\n"


def stored() -> dict[str, Any]:
    """Return the data as they were written."""
    text = DATA.read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return found


def main() -> int:
    """Write both files, or compare some of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", nargs="*", metavar="M15")
    wanted = parser.parse_args().check
    if wanted is not None:
        known = stored()["mechanisms"]
        differ = [key for key in wanted if known[key] != json.loads(json.dumps(measure(key)))]
        print(f"{', '.join(differ)} came out differently" if differ else "as written")
        return int(bool(differ))
    rows = {key: measure(key) for key in MECHANISMS}
    DATA.write_text(script(rows), encoding="utf-8", newline="\n")
    PAGE.write_text(page(rows), encoding="utf-8", newline="\n")
    print(f"{PAGE.name}, {DATA.name} ({DATA.stat().st_size // 1024} kB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
