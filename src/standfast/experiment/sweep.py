"""What comes of many scenarios that differ in some fields: a table, and a phase diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from standfast.experiment.answer import build_answer
from standfast.experiment.axes import place_at
from standfast.experiment.designs import build_points
from standfast.experiment.figures import draws_figure
from standfast.experiment.measures import take_measures
from standfast.experiment.outlook import WHOLE, look_at
from standfast.experiment.paired import mean_of, share_of
from standfast.experiment.phase import draw_phase
from standfast.experiment.sweep_shown import show_sweep
from standfast.experiment.trials import Means, check_replicates, run_points
from standfast.experiment.vary import read_axes
from standfast.results.netcdf import write_netcdf
from standfast.results.verdict import VERDICTS
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import xarray as xr

    from standfast.experiment.answer import Answer
    from standfast.experiment.axes import Axis
    from standfast.experiment.designs import Point
    from standfast.experiment.outlook import Outlook

DEFAULT_REPLICATES = 10
DATASET = "table.nc"


def sweep(
    scenario: Scenario | str | Path,
    vary: Sequence[str],
    replicates: int = DEFAULT_REPLICATES,
    seed: int = 1,
    *,
    design: str = "grid",
    points: int | None = None,
    place: str | None = None,
    verdict: str | None = None,
    measures: Sequence[str] = (),
    figure: str | None = None,
    hours: float | None = None,
    threads: int | None = None,
    progress: bool | None = None,
    store: Path | None = None,
) -> Answer:
    """Run a scenario over ranges of some of its fields.

    All points share replicates, and so their draws: differences between points are caused by the
    fields.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    vary
        Axes, as `standfast.experiment.vary.read_axes` reads them.
    replicates
        At each point.
    seed
        Of people, ties and everything drawn, and of the design.
    design, points
        As for `standfast.experiment.designs.build_points`.
    place, verdict
        What is asked about; by default total collapse at the place of the reference event.
    measures
        Taken at every point.
    figure
        ``"png"`` or ``"svg"`` of a phase diagram; None: a PNG where matplotlib is installed and two
        axes form a grid, or one.
    hours
        Refuse to begin what would take longer [h].
    threads, progress, store
        As for `standfast.experiment.execute.execute`.

    Returns
    -------
    Answer
        `table` has a row a point; `sweep_dataset` gives it as labelled arrays.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    check_replicates(replicates)
    drawn = draws_figure(figure)
    scenario = take_measures(measures, scenario)
    outlook = look_at(scenario, place, verdict)
    axes = read_axes(vary, scenario, None if outlook.place == WHOLE else outlook.place)
    chosen = build_points(axes, design, points, seed)
    means = Means(seed, threads, progress, store, hours)
    runs = run_points((place_at(scenario, axes, point) for point in chosen), replicates, means)
    table = point_table(runs, axes, chosen, outlook)
    figures: dict[str, Any] = {}
    if design == "grid" and len(axes) <= 2 and drawn:
        figures[f"phase.{figure or 'png'}"] = lambda path: draw_phase(
            path, table, axes, outlook, scenario
        )
    data = sweep_dataset(table, axes, design)
    figures[DATASET] = lambda path: write_netcdf({"/": data}, path)
    return build_answer(
        "sweep",
        scenario,
        table=table,
        runs=runs,
        found={
            "place": outlook.place,
            "verdict": outlook.verdict,
            "design": design,
            "points": len(chosen),
            "vary": [
                {"name": axis.name, "paths": list(axis.paths), "unit": axis.unit} for axis in axes
            ],
            "rows": table.to_dict("records"),
        },
        shown=[show_sweep(scenario, axes, outlook, table, design)],
        seed=seed,
        replicates=replicates,
        figures=figures,
    )


def point_table(
    runs: pd.DataFrame, axes: Sequence[Axis], points: Sequence[Point], outlook: Outlook
) -> pd.DataFrame:
    """Return a row for each point: the values, and what came of its runs."""
    rows = []
    for k, group in runs.groupby("point", sort=True):
        row: dict[str, Any] = {"point": k}
        row |= {axis.name: value for axis, value in zip(axes, points[int(str(k))], strict=True)}
        row["runs"] = len(group)
        for verdict in VERDICTS:
            column = group[outlook.column("verdict")]
            share = share_of((column == verdict).to_numpy(dtype=bool))
            row[f"P({verdict})"] = share.value
            if verdict == outlook.verdict:
                row |= {"low": share.low, "high": share.high}
        gone, hours = mean_of(outlook.gone(group)), mean_of(outlook.hours(group))
        row |= {"share_gone": gone.value, "share_gone_low": gone.low, "share_gone_high": gone.high}
        row |= {"hours_to_half": hours.value, "killed_share": float(group["killed_share"].mean())}
        rows.append(row)
    return pd.DataFrame(rows)


def sweep_dataset(table: pd.DataFrame, axes: Sequence[Axis], design: str) -> xr.Dataset:
    """Return the table of a sweep as labelled arrays.

    A grid has a dimension for each axis, under the last part of its name; other designs have the
    dimension `point`, along which the axes are coordinates.
    """
    plain = table.drop(columns="point")
    names = [axis.name for axis in axes]
    if design == "grid":
        data = plain.set_index(names).to_xarray()
    else:
        data = plain.rename_axis("point").to_xarray().set_coords(names)
    for axis in axes:
        data[axis.name].attrs |= {"paths": " ".join(axis.paths), "units": axis.unit or "1"}
    data.attrs["note"] = "Synthetic people; no forecast."
    return data
