"""The command line: which commands there are, and what exit code an error becomes.

A command's module is imported when that command is called, so that ``standfast check`` never
waits for the engine, and ``standfast --help`` waits for nothing.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from standfast.cli.extras import with_extras
from standfast.errors import FileError, RunError, StandfastError
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from types import FrameType

    from typer._click import Command, Context, HelpFormatter

    Answer = Callable[[int, FrameType | None], object] | signal.Handlers

#: command -> what it does in a line; its function has its name and stands in a module of its name
COMMANDS: dict[str, str] = {
    "run": "Simulate a scenario and write the result with its report.",
    "compare": "Say which measures would have helped, on paired runs.",
    "meanfield": "Show what is expected of a scenario, by means and shares in place of persons.",
    "tip": "Find the value at which the outcome tips.",
    "sweep": "Run a scenario over ranges of its fields.",
    "sensitivity": "Tell which fields matter.",
    "calibrate": "Fit parameters to what was observed, and say how sure that is.",
    "discover": "Find the conditions under which a verdict comes.",
    "portfolio": "Find the cheapest set of measures that keeps collapse unlikely.",
    "warning": "Tell which series warn of a collapse, and how early.",
    "why": "Say why they left: what weighed on them, what made the difference.",
    "validate": "Tell which facts of the world a scenario reproduces.",
    "experiment": "Put the question of an experiment file.",
    "replay": "Do a saved result again, and compare every byte.",
    "resume": "Finish a sweep that was stopped, or mend a damaged one.",
    "verify": "Name every file that is not as it was written.",
    "repair": "Compute again what is damaged, to the same bytes.",
    "status": "Say how far a sweep is, and whether its files are sound.",
    "check": "Say everything that is wrong with scenario files.",
    "show": "Show a scenario: map, order of battle, timeline.",
    "evidence": "List every value with its source, and the share that is assumed.",
    "new": "Write a commented scenario file to start from.",
    "import": "Turn published event data, places and roads into a draft of a scenario.",
    "scenarios": "List the built-in scenarios.",
    "report": "Write the report page of a saved result again.",
    "serve": "Watch, change, branch and compare runs in the browser.",
    "schema": "Write the JSON Schema of scenario files, for editors.",
    "schedule": "Show the order of a step.",
    "bench": "Measure how fast it is here, beside other programs.",
}
OUR_FAULT = 1
#: what the shell expects of a program that Ctrl-C ended at once
ENDED_BY_SIGNAL = 130
SHOW_TRACEBACK = "STANDFAST_TRACEBACK"


class LazyGroup(TyperGroup):
    """A group that imports the module of a command when the command is called."""

    _listing = False

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  whatever typer passes on
        super().__init__(**attributes)
        # the nearest of these names is suggested when one is misspelt
        self.commands = {name: _outline(name) for name in COMMANDS}

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names of all commands in the order of `COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return a command; in a listing of all of them, only its name and its line."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return self.commands[cmd_name] if self._listing else load_command(cmd_name)

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help without importing the commands."""
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False


def _outline(name: str) -> Command:
    return TyperCommand(name, help=COMMANDS[name])


def load_command(name: str) -> Command:
    """Import the module of a command and return the command."""
    module = f"{name}_" if iskeyword(name) else name
    function = getattr(import_module(f"standfast.cli.{module}"), module)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, short_help=COMMANDS[name])(with_extras(name, function))
    return typer.main.get_command(app)


app = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415  costs 20 ms

        typer.echo(f"standfast {version('standfast')}")
        raise typer.Exit


@app.callback()
def standfast(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Ask why a security force holds, or melts away overnight.

    Populations are synthetic and results are no forecast.
    """
    del version


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code.

    Parameters
    ----------
    arguments
        Words after the name of the program; by default those the process was started with.
    """
    _end_in_order()
    code = run_command(sys.argv[1:] if arguments is None else arguments)
    _end_at_once()
    sys.exit(code)


def _end_at_once() -> None:
    """Let the system end us where a signal comes now: all is done and said, but for Python's own ending."""
    _answer(("SIGINT", "SIGTERM", "SIGHUP"), signal.default_int_handler, signal.SIG_DFL)


def _end_in_order() -> None:
    """Let a system that shuts down, or a terminal that is closed, end us as Ctrl-C does.

    What had finished is then written, and what was half written is removed. What `nohup` has set
    stays as it is.
    """
    _answer(("SIGTERM", "SIGHUP"), signal.SIG_DFL, signal.default_int_handler)


def _answer(names: tuple[str, ...], before: Answer, now: Answer) -> None:
    """Answer signals in another way, those that were answered in one so far."""
    for name in names:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is before:
            signal.signal(number, now)


def run_command(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments
        Words after the name of the program.

    Returns
    -------
    int
        0 done, 1 our fault, 2 the scenario or the command, 3 the run, 4 a file, 130 ended at
        once by Ctrl-C.
    """
    try:
        group = typer.main.get_command(app)
        code = group.main(list(arguments), prog_name="standfast", standalone_mode=False)
        sys.stdout.flush()
    except StandfastError as error:
        return _tell(error.render(), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        return _tell("Interrupted.", ENDED_BY_SIGNAL)
    except BrokenPipeError:
        # whoever read our output has read enough, as in `standfast evidence FILE | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _tell(_of_the_system(error), FileError.exit_code)
    except MemoryError:
        text = "RunError: the machine has no memory left\n  Run fewer replicates or threads."
        return _tell(text, RunError.exit_code)
    except Exception as error:  # noqa: BLE001  the last line of defence: nobody is shown a traceback
        return _usage(error) if hasattr(error, "exit_code") else _our_fault(error)
    # typer turns what interrupts a command into this code, without a word
    if code == ENDED_BY_SIGNAL:
        return _tell("Interrupted.", ENDED_BY_SIGNAL)
    return code if isinstance(code, int) else 0


def _of_the_system(error: OSError) -> str:
    """Return in words what the system refused, wherever it happened: no room, no right, a bad disk."""
    where = error.filename if isinstance(error.filename, str) else "a file or the network"
    says = f"cannot be used: {error.strerror or type(error).__name__}"
    return FileError(printable(where, 300), says, "Mend that, and give the command again.").render()


def _tell(text: str, code: int) -> int:
    typer.echo(text, err=True)
    return code


def _usage(error: Exception) -> int:
    """Show what is wrong with the command itself: an unknown option, a missing argument."""
    error.show()  # type: ignore[attr-defined]
    return int(error.exit_code)  # type: ignore[attr-defined]


def _our_fault(error: Exception) -> int:
    if os.environ.get(SHOW_TRACEBACK):
        traceback.print_exc()
    steps = traceback.extract_tb(error.__traceback__)
    where = next(
        (step for step in reversed(steps) if "standfast" in Path(step.filename).parts), None
    )
    place = f" in {Path(where.filename).name}, line {where.lineno}" if where else ""
    text = (
        f"This is a fault of standfast, not yours: {type(error).__name__}{place}. "
        f"Please report it with the command you gave (set {SHOW_TRACEBACK}=1 for the details)."
    )
    return _tell(text, OUR_FAULT)
