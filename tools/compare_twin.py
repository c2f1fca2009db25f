"""Run built-in cases in the engine and in its mean-field twin, and write down how far apart they are.

Writes docs/validation/twin.json and twin.md. The twin's own tests are in tests/agreement, on crowds that are
well mixed; these cases are not.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import standfast as sf
from machine import ROOT, circumstances

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = ROOT / "docs" / "validation"
SEED = 1
#: case -> replicates, and the place that is looked at
CASES = {"garrison": (40, "city"), "quiet": (20, None), "mosul-2014": (20, "mosul")}
FELT = ("present", "fear", "trust", "belief")
#: what is compared hour by hour is compared until this share of a place is gone in any replicate or the twin
BEGUN = 0.1


@dataclass(frozen=True)
class Row:
    """One quantity: its median over replicates with their range from 5 to 95 %, and the twin's."""

    says: str
    median: float
    low: float
    high: float
    twin: float


@dataclass(frozen=True)
class Comparison:
    """A case in both: quantities, how many garrisons agree, and the largest distances before anything falls."""

    replicates: int
    rows: tuple[Row, ...]
    garrisons: int
    same_verdict: int
    within: int
    until: float
    apart: dict[str, float]


def row(says: str, engine: NDArray[np.float64], twin: float) -> Row:
    """Return a row; hours that never came count as infinite."""
    known = np.where(np.isnan(engine), np.inf, engine)
    # 'higher' and 'lower' take hours that are there, as between one and infinity there is no middle
    middle = np.quantile(known, 0.5, method="lower")
    low, high = np.quantile(known, 0.05, method="lower"), np.quantile(known, 0.95, method="higher")
    return Row(says, float(middle), float(low), float(high), float(np.nan_to_num(twin, nan=np.inf)))


def compare(name: str, replicates: int, place: str | None) -> Comparison:
    """Run a case in both."""
    scenario = sf.load(name)
    engine = sf.run(scenario, replicates, seed=SEED, progress=False)
    twin = sf.run_meanfield(scenario)
    runs, judged = engine.runs, twin.judgement
    rows = [row("gone of all", runs["share_gone"].to_numpy(float), judged.overall_share_gone)]
    if place is not None:
        at = twin.places.index(place)
        title = scenario.places[place].title
        rows += [
            row(f"hour at which half of {title} are gone",
                engine.series.attrs["reference_hour"] + runs[f"{place}.hours_to_half"].to_numpy(float),
                judged.hours_to_half[at]),
            row(f"hour at which {title} falls", engine.series["lost_hour"].to_numpy()[:, at], twin.lost_hour[at]),
        ]  # fmt: skip
    same = within = 0
    garrisons = [at for at, verdict in enumerate(judged.verdict) if verdict is not None]
    for at in garrisons:
        own = runs[f"{twin.places[at]}.verdict"]
        same += Counter(own).most_common(1)[0][0] == judged.verdict[at]
        gone = runs[f"{twin.places[at]}.share_gone"].to_numpy(float)
        within += bool(gone.min() - 0.005 <= judged.share_gone[at] <= gone.max() + 0.005)
    until, apart = distances(engine, twin, garrisons)
    return Comparison(replicates, tuple(rows), len(garrisons), same, within, until, apart)


def distances(
    engine: sf.Result, twin: sf.MeanField, garrisons: list[int]
) -> tuple[float, dict[str, float]]:
    """Return until which hour nothing has begun anywhere, and the largest distances of the means until then."""
    share = engine.series["present"].to_numpy()[:, :, garrisons]
    share = share / share[:, :1]
    begun = (share < 1 - BEGUN).any(axis=(0, 2)) | (
        twin.present_share[:, garrisons] < 1 - BEGUN
    ).any(axis=1)
    last = int(np.argmax(begun)) - 1 if begun.any() else len(begun) - 1
    found = {}
    for name in FELT:
        ours = engine.series[name].to_numpy()[:, 1 : last + 1, garrisons]
        theirs = getattr(twin, name)[1 : last + 1, garrisons]
        if name == "present":
            ours, theirs = share[:, 1 : last + 1], twin.present_share[1 : last + 1, garrisons]
        found[name] = float(np.abs(ours.mean(axis=0) - theirs).max())
    return float(twin.hours[last]), found


def number(value: float, says: str) -> str:
    """Write a share or an hour."""
    if not np.isfinite(value):
        return "never"
    return f"{value:.0f}" if says.startswith("hour") else f"{value:.3f}"


def finite(what: Any) -> Any:
    """Return what JSON can hold: None for an hour that never comes."""
    if isinstance(what, dict):
        return {key: finite(value) for key, value in what.items()}
    if isinstance(what, list | tuple):
        return [finite(value) for value in what]
    return None if isinstance(what, float) and not np.isfinite(what) else what


def section(name: str, found: Comparison) -> str:
    """Write one case."""
    text = (
        f"\n## {sf.load(name).title}\n\n`{name}`, {found.replicates} replicates.\n\n"
        "| | engine, median (5 to 95 %) | twin |\n|---|---|---|\n"
    )
    for one in found.rows:
        middle, low, high, twin = (
            number(value, one.says) for value in (one.median, one.low, one.high, one.twin)
        )
        text += f"| {one.says} | {middle} ({low} to {high}) | {twin} |\n"
    text += (
        f"\nThe verdict of the twin is the most frequent one of the engine for {found.same_verdict} of "
        f"{found.garrisons} garrisons; for {found.within} of them the share gone lies in the range of the replicates, "
        f"widened by half a per cent. Until hour {found.until:.0f}, before a tenth of any garrison is gone in any replicate "
        "or in the twin, the twin is at most "
        + ", ".join(
            f"{value:.3f} off in {'share present' if what == 'present' else what}"
            for what, value in found.apart.items()
        )
        + ", in any hour and garrison.\n"
    )
    return text


def page(found: dict[str, Comparison], about: dict[str, object]) -> str:
    """Write the page."""
    return (
        "<!-- Written by tools/compare_twin.py. -->\n\n# The mean-field twin beside the engine\n\n"
        "How far the [twin](../model/mean-field.md) is from the engine on built-in cases, with the values as shipped. The twin has no "
        "chance in it: where replicates of the engine end differently, it can be right about one of their ends at most.\n\n"
        f"standfast {about['standfast']}, commit {about['commit']}, seed {SEED}. Hours count from the start.\n"
        + "".join(section(name, one) for name, one in found.items())
    )


def main() -> None:
    """Compare every case and write both files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replicates", type=int, help="of every case, instead of 20 and 40")
    wanted = parser.parse_args()
    about = circumstances()
    found = {
        name: compare(name, wanted.replicates or usual, place)
        for name, (usual, place) in CASES.items()
    }
    kept = {
        "circumstances": about,
        "seed": SEED,
        "cases": {name: finite(asdict(one)) for name, one in found.items()},
    }
    FOLDER.joinpath("twin.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    FOLDER.joinpath("twin.md").write_text(page(found, about), encoding="utf-8")
    print(page(found, about))


if __name__ == "__main__":
    main()
