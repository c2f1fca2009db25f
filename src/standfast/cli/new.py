"""`standfast new`: a commented scenario file to start from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from standfast.cli.writing import write_text
from standfast.errors import FileError
from standfast.scenario.load import load_scenario
from standfast.scenario.template import template


def new(
    path: Annotated[Path, typer.Argument(help="File to write; ends in .yaml.")],
    source: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="Scenario to start from.")
    ] = "garrison",
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file when it exists.")
    ] = False,
) -> None:
    """Write a commented scenario file: every section, what it means, its unit and its default."""
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise FileError(path, "does not end in .yaml", "Comments need YAML; name it so.")
    scenario = load_scenario(source).with_({"scenario": short_name(path.stem)})
    write_text(path, template(scenario), replace=force)
    typer.echo(f"wrote {path}; next: standfast check {path}")


def short_name(stem: str) -> str:
    """Return the short name of a scenario in a file of the given name.

    Examples
    --------
    >>> short_name("My case_2"), short_name("2014")
    ('my-case-2', 'case-2014')
    """
    name = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    return (name if name[:1].isalpha() else f"case-{name}".rstrip("-"))[:40]
