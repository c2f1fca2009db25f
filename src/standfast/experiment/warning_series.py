"""What may warn, hour by hour, from what was kept of each run: each value knows nothing of what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from standfast.experiment.outlook import Outlook
    from standfast.experiment.runs import Runs

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

#: how far back a window looks [h]
WINDOW_H = 24.0
#: kept of every run
KEPT = ("absent", "company_absence", "squad_spread", "late_returns", "wavering",
        "calls_open", "calls_unanswered", "shocks")  # fmt: skip
#: name -> what it is; higher is taken to be worse, for all of them, before anything is run
INDICATORS: dict[str, str] = {
    "absent": "absent without leave, share of the garrison",
    "company absence": "the same in the tenth of companies where it is highest",
    "squad spread": "variance of absence between squads, over that of a binomial",
    "slowing down": "lag-1 autocorrelation of hourly departures over the last day",
    "late returns": "did not come back from leave, share of the garrison",
    "unanswered calls": "calls for help that wait or were lost",
    "wavering": "share of those on duty who waver",
}


@dataclass(frozen=True, eq=False)
class Watched:
    """Runs as they could be watched.

    Attributes
    ----------
    series : name -> (n_run, n_hour) float64
        Every key of `INDICATORS`.
    gone : (n_run, n_hour) float64
        Share absent.
    came : (n_run,) bool
        Whether the verdict came.
    fell : (n_run,) float64
        Row of the hour at which half were gone, in runs in which it came; NaN elsewhere.
    shocked : (n_run,) bool
        Whether a shock came within a day before that hour.
    step_h
        Hours between rows.
    """

    series: dict[str, Floats]
    gone: Floats
    came: Flags
    fell: Floats
    shocked: Flags
    step_h: float

    def rows(self, hours: float) -> int:
        """Return hours as a number of rows."""
        return max(1, round(hours / self.step_h))


def watch_runs(
    runs: Runs, table: pd.DataFrame, outlook: Outlook, place: int, reference_h: float, step_h: float
) -> Watched:
    """Return what may warn of a verdict at a place.

    Parameters
    ----------
    runs, table
        Executed with `KEPT` kept, and their table.
    outlook
        The verdict that is warned of.
    place
        Index of the place.
    reference_h
        Hour of the reference event, from which the table counts.
    step_h
        Hours between rows of the series.
    """
    kept: dict[str, list[Floats]] = {name: [] for name in KEPT}
    for key in table["key"]:
        for name, hourly in runs.series(str(key)).items():
            kept[name].append(hourly[:, place].astype(np.float64))
    kept_series = {name: np.array(each) for name, each in kept.items()}
    came = outlook.came(table)
    half = table[f"{outlook.clock}.hours_to_half"].to_numpy(dtype=float) + reference_h
    fell = np.where(came, np.ceil(half / step_h), np.nan)
    day = max(1, round(WINDOW_H / step_h))
    return Watched(
        series=indicators(kept_series, day),
        gone=kept_series["absent"],
        came=came,
        fell=fell,
        shocked=_shocked(kept_series["shocks"], fell, day),
        step_h=step_h,
    )


def indicators(series: dict[str, Floats], window: int) -> dict[str, Floats]:
    """Return every indicator from the series that were kept, (n_run, n_hour) each."""
    return {
        "absent": series["absent"],
        "company absence": series["company_absence"],
        "squad spread": series["squad_spread"],
        "slowing down": autocorrelation(series["absent"], window),
        "late returns": series["late_returns"],
        "unanswered calls": series["calls_open"] + series["calls_unanswered"],
        "wavering": series["wavering"],
    }


def autocorrelation(level: Floats, window: int) -> Floats:
    """Return the lag-1 autocorrelation of hourly changes over a window that ends at each hour.

    Critical slowing down would show in it (Scheffer and others 2009). 0 where nothing changed, and
    before the window is full.

    Parameters
    ----------
    level : (n_run, n_hour) float64
        Whose changes are looked at.
    window
        Rows.

    Examples
    --------
    >>> steps = np.cumsum([[0, 1, 0, 1, 0, 1, 0, 1, 0, 1.0]], axis=1)
    >>> [round(float(each), 2) for each in autocorrelation(steps, 8)[0, -2:]]
    [-0.88, -0.88]
    """
    change = np.diff(level, axis=1)
    found = np.zeros_like(level)
    if change.shape[1] < window or window < 3:
        return found
    cut = np.lib.stride_tricks.sliding_window_view(change, window, axis=1)
    middle = cut - cut.mean(axis=2, keepdims=True)
    power = (middle**2).sum(axis=2)
    both = (middle[:, :, 1:] * middle[:, :, :-1]).sum(axis=2)
    # the window over changes k .. k + window - 1 ends at the level of row k + window
    found[:, window:] = np.divide(both, power, out=np.zeros_like(both), where=power > 1e-18)
    return found


def _shocked(shocks: Floats, fell: Floats, window: int) -> Flags:
    """Return in which runs a shock came within a window before the fall."""
    found = np.zeros(fell.size, dtype=np.bool_)
    for run in np.flatnonzero(~np.isnan(fell)):
        end = int(fell[run])
        found[run] = shocks[run, end] > shocks[run, max(0, end - window)]
    return found
