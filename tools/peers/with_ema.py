"""ema-workbench: PRIM boxes of planted, smooth, mixed and empty data.

`Prim.find_box` peels 5 % of the points in the box off one end of one field, or one word of a field of
words, and takes the peel with the largest gain in mean by points lost (its default, `LENIENT1`;
Friedman and Fisher 1999, section 14.6); of equals the one with fewer restricted fields. A limit lies
half-way between the last point peeled and the first one kept. It stops when the box would hold less
than 5 % of all points or the mean would not rise; then it pastes in the same way.

All boxes on the way are kept, as which points lie inside.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from ema_workbench.analysis import prim
from ema_workbench.analysis.scenario_discovery_util import RuleInductionType
from keeping import keep

POINTS = 400
KEY = 51
WORDS = ("north", "south", "west")


def cases() -> dict[str, tuple[pd.DataFrame, np.ndarray]]:
    """Return what was varied, and how often it came, of each case."""
    rng = np.random.default_rng(KEY)
    x = pd.DataFrame(rng.uniform(size=(POINTS, 4)), columns=list("abcd"))
    inside = (x.a < 0.4) & (x.c > 0.5)
    found = {
        "planted": (x, rng.binomial(4, np.where(inside, 0.95, 0.1)) / 4),
        "smooth": (x, rng.binomial(1, 1 / (1 + np.exp(-8 * (x.a + x.b - 1.2)))).astype(float)),
        "noise": (x, rng.binomial(4, 0.3, POINTS) / 4),
    }
    word = rng.integers(0, len(WORDS), POINTS)
    mixed = x.assign(w=pd.Categorical.from_codes(word, WORDS))
    found["mixed"] = (mixed, rng.binomial(4, np.where((word != 1) & (x.b > 0.6), 0.9, 0.2)) / 4)
    return found


def main() -> None:
    """Find the first box of each case."""
    for name, (x, y) in cases().items():
        search = prim.Prim(
            x, y, threshold=0.01, peel_alpha=0.05, paste_alpha=0.05, mass_min=0.05,
            mode=RuleInductionType.REGRESSION,
        )  # fmt: skip
        box = search.find_box()
        numbers = x.select_dtypes(np.number)
        members = []
        for limits in box.box_lims:
            low, high = (limits.loc[side, numbers.columns].to_numpy(float) for side in (0, 1))
            inside = ((numbers >= low) & (numbers <= high)).all(axis=1).to_numpy()
            if "w" in x:
                inside = inside & x.w.isin(limits.loc[0, "w"]).to_numpy()
            members.append(inside)
        values = numbers.assign(w=x.w.cat.codes) if "w" in x else numbers
        means = [y[inside].mean() for inside in members]
        np.testing.assert_allclose(box.peeling_trajectory["mean"].to_numpy(float), means)
        print(name, len(members), box.mean, box.mass)
        keep(
            f"ema-prim-{name}",
            script="with_ema.py",
            packages=("ema-workbench", "pandas", "numpy", "scipy"),
            says="Points inside every box on the way from everything to the densest.",
            rule="PRIM; peel and paste 5 %, gain in mean by points, at least 5 % of the points inside",
            problem={"points": POINTS, "key": KEY, "words": ["w"] if "w" in x else []},
            arrays={
                "x": values.to_numpy(float), "y": y, "inside": np.packbits(members, axis=1),
            },
        )  # fmt: skip


if __name__ == "__main__":
    main()
