"""What was learnt of the parameters: posterior and pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.report.drawn.figure import Figure, number, records, short
from standfast.report.words import percent

if TYPE_CHECKING:
    import pandas as pd

    from standfast.report.answers import StoredAnswer

#: parameters in one figure, and candidates drawn of each
MOST_PARAMETERS, MOST_DRAWS = 6, 400


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return its figures."""
    rows = records(answer.table)
    candidates = answer.more.get("candidates")
    if candidates is None or not rows:
        return []
    shown = sorted(rows, key=lambda row: -row["learnt"])[:MOST_PARAMETERS]
    last = _last(candidates)
    return [
        Figure(
            "pairs",
            "Posterior and pairs",
            "Candidates of the last generation, as dark as they weigh. On the diagonal each parameter alone; bars "
            "below: prior (pale) and posterior (dark), nine tenths of each. The most learnt come first.",
            {
                "names": [str(row["parameter"]) for row in shown],
                "priors": [[number(row["prior_low"]), number(row["prior_high"])] for row in shown],
                "posteriors": [
                    [number(row[key]) for key in ("low", "median", "high")] for row in shown
                ],
                "weights": [number(value) for value in last["weight"]],
                "draws": [[number(value) for value in last[row["parameter"]]] for row in shown],
            },
            ("Parameter", "Unit", "Prior", "Posterior", "Learnt"),
            [
                [
                    str(row["parameter"]),
                    "" if row["unit"] == "1" else str(row["unit"]),
                    f"{short(row['prior_low'])} to {short(row['prior_high'])}",
                    f"{short(row['median'])} ({short(row['low'])} to {short(row['high'])})",
                    percent(max(0.0, row["learnt"])),
                ]
                for row in rows
            ],
        )
    ]


def _last(candidates: pd.DataFrame) -> pd.DataFrame:
    """Return the heaviest accepted candidates of the first model's last generation, with their weights."""
    own = candidates[candidates["model"] == candidates["model"].iloc[0]]
    last = own[(own["generation"] == own["generation"].max()) & own["accepted"]]
    weight = np.exp(last["log_weight"] - last["log_weight"].max())
    ranked: pd.DataFrame = last.assign(weight=weight).sort_values(
        "weight", ascending=False, kind="stable"
    )
    return ranked.head(MOST_DRAWS)


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what it comes to."""
    rows = sorted(records(answer.table), key=lambda row: -row["learnt"])
    number_of = f"{len(rows)} parameter{'s' if len(rows) > 1 else ''}"
    learnt = max(0.0, rows[0]["learnt"])
    most = (
        f"most is learnt of {rows[0]['parameter']}, {percent(learnt)} narrower than before"
        if learnt > 0
        else "the targets say nothing about them that was not known before"
    )
    return f"{number_of} fitted with {answer.scenario.title}: {most}."
