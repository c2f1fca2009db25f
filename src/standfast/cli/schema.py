"""`standfast schema`: the JSON Schema of scenario files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standfast.cli.writing import write_text
from standfast.scenario.schema import schema_text


def schema(
    path: Annotated[
        Path | None, typer.Argument(help="File to write.", show_default="standard output")
    ] = None,
) -> None:
    """Write the JSON Schema of scenario files, so that editors complete and check them.

    Editors that know YAML schemas find it by a first line such as
    "# yaml-language-server: $schema=scenario.schema.json".
    """
    if path is None:
        typer.echo(schema_text(), nl=False)
    else:
        write_text(path, schema_text())
        typer.echo(f"wrote {path}")
