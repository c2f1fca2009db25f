"""`standfast calibrate`: fit parameters to what was observed, by history matching and ABC-SMC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from standfast.cli.asking import (
    Changes,
    Horizon,
    Hours,
    Out,
    ScenarioName,
    Seed,
    Shows,
    Store,
    Threads,
    ask,
)
from standfast.errors import Problem, ScenarioError
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario

_PAIR = "Write NAME=SCENARIO, such as quiet=iraq-quiet-2007."
_RIVAL = 'Write NAME:PATH=VALUE, such as "no peers:mechanisms.M22.enabled=false".'


def calibrate(
    scenario: ScenarioName,
    fit: Annotated[
        list[str] | None,
        typer.Option(
            "--fit", metavar="NAME[=PRIOR]", help="A parameter to fit, such as commitment; repeat."
        ),
    ] = None,
    targets: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            metavar="MEASURE=LOW:HIGH",
            help="What is to be reproduced, such as share_gone=0.6:0.9; repeat.",
        ),
    ] = None,
    cases: Annotated[
        list[str] | None,
        typer.Option(
            "--case", metavar="NAME=SCENARIO", help="Another scenario to serve as well; repeat."
        ),
    ] = None,
    rivals: Annotated[
        list[str] | None,
        typer.Option("--rival", metavar="NAME:PATH=VALUE", help="A model to compare with; repeat."),
    ] = None,
    replicates: Annotated[
        int, typer.Option(min=1, max=1000, help="Runs of each case for a candidate.")
    ] = 1,
    population: Annotated[
        int, typer.Option(min=10, max=100_000, help="Candidates accepted in a generation.")
    ] = 200,
    generations: Annotated[int, typer.Option(min=1, max=60, help="Generations at most.")] = 6,
    quantile: Annotated[
        float, typer.Option(help="Of the distances, which the next generation has to beat.")
    ] = 0.5,
    tolerance: Annotated[
        float, typer.Option(min=0, help="Stop at this distance, in scales of the targets.")
    ] = 0.0,
    candidates: Annotated[
        int | None,
        typer.Option(min=10, help="Candidates at most.", show_default="20 for each accepted"),
    ] = None,
    waves: Annotated[
        int, typer.Option(min=0, max=20, help="Waves of history matching by the mean-field twin.")
    ] = 0,
    wave_points: Annotated[int, typer.Option(min=20, help="Candidates of a wave.")] = 100,
    trials: Annotated[
        int, typer.Option(min=0, help="Trials of simulation-based calibration; 0 or at least 20.")
    ] = 0,
    seed: Seed = 1,
    hours: Hours = None,
    out: Out = None,
    changes: Changes = None,
    horizon: Horizon = None,
    threads: Threads = None,
    store: Store = None,
    progress: Shows = True,
) -> None:
    """Fit parameters of SCENARIO to what was observed; the posterior is written as netCDF.

    A parameter has the prior that the scenario states, or the one given: LOW:HIGH, uniform(A, B),
    loguniform(A, B), normal(A, B), lognormal(A, B) or beta(A, B).

    A target is a column of the table of runs, P(VERDICT) or P(PLACE.VERDICT), or a difference of two
    columns, with a window LOW:HIGH or as VALUE+-SCALE, after CASE/ where it is of another case.
    """
    others = dict(_split(text, "=", "--case", _PAIR) for text in cases or [])
    named = [_split(text, ":", "--rival", _RIVAL) for text in rivals or []]

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.experiment.calibrate import calibrate as put  # noqa: PLC0415

        return put(
            found, fit or [], targets or [], replicates, seed, cases=others,
            rivals={name: changes.split(",") for name, changes in named},
            population=population, generations=generations, quantile=quantile,
            tolerance=tolerance, candidates=candidates, waves=waves, wave_points=wave_points,
            trials=trials, hours=hours, threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("calibrate", scenario, changes, horizon, out, question)


def _split(text: str, sign: str, option: str, advice: str) -> tuple[str, str]:
    name, found, rest = (part.strip() for part in text.partition(sign))
    if not (name and found and rest):
        says = f'"{printable(text)}" is not understood'
        raise ScenarioError(option, [Problem("", says, advice)])
    return name, rest
