"""`standfast run`: simulate an ensemble, print the verdict table, write the result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standfast.results.provenance import without_paths
from standfast.results.store import check_target
from standfast.scenario.load import load_scenario
from standfast.scenario.plugins import code_hashes

DEFAULT_FOLDER = Path("standfast-out")


def run(
    scenario: Annotated[str, typer.Argument(help="A built-in scenario, or a scenario file.")],
    replicates: Annotated[int, typer.Option(min=1, max=100_000, help="How many runs.")] = 20,
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Same seed, same result.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the result.", show_default=f"{DEFAULT_FOLDER}/NAME"),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be repeated."),
    ] = None,
    horizon: Annotated[
        str | None,
        typer.Option(help='How long to simulate, such as "20 d".', show_default="as written"),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="Runs side by side.", show_default="one a processor"),
    ] = None,
    parameters: Annotated[
        Path | None,
        typer.Option(
            help="A posterior (netCDF), or the word posterior for ours; replicate k takes its draw k.",
            show_default="none",
        ),
    ] = None,
    progress: Annotated[bool, typer.Option(help="Show how far it is.")] = True,
) -> None:
    """Simulate SCENARIO, print who held, and write the result with its report to a folder.

    An earlier result in that folder is replaced; a folder that holds anything else is left alone.

    Ctrl-C stops all runs at their next step: the replicates that had finished are printed and
    written, marked as interrupted, and the exit code is 3. A second Ctrl-C ends at once.
    """
    overrides = [*(changes or []), *([f"time.horizon={horizon}"] if horizon is not None else [])]
    found = load_scenario(scenario, overrides=overrides)
    folder = out if out is not None else DEFAULT_FOLDER / found.scenario
    check_target(folder)
    command = [
        *("standfast", "run", scenario, "--replicates", str(replicates), "--seed", str(seed)),
        *("--out", str(folder)),
        *(word for change in changes or [] for word in ("--set", change)),
        *(("--horizon", horizon) if horizon is not None else ()),
        *(("--threads", str(threads)) if threads is not None else ()),
        *(("--parameters", str(parameters)) if parameters is not None else ()),
        *(word for file in code_hashes(found) for word in ("--allow-code", file)),
    ]
    # compiling and labelling take seconds to import; a bad file is told before that
    from standfast.cli.simulate import simulate  # noqa: PLC0415

    simulate(
        found,
        replicates,
        seed,
        threads,
        folder,
        progress=progress,
        command=without_paths(command, [scenario, str(folder), str(parameters)]),
        parameters=parameters,
    )
