"""Run a command, and print as JSON what numba compiled in this process instead of loading it.

Started by `test_compiles_nothing.py` with the words of a command, or with `world` alone: a run in which
everything happens, people and ties built anew; or with `planted`: a rule that is not kept.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys

from numba.core import event

from standfast.cli.main import run_command
from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.kernels.information import piece_number
from standfast.testing.proving_ground import proving_ground


class Compiled(event.Listener):
    """Notes the name of every function that is compiled."""

    def __init__(self):
        self.names = []

    def on_start(self, event):
        self.names.append(event.data["dispatcher"].py_func.__qualname__)

    def on_end(self, event):
        pass


def main(*words):
    compiled = Compiled()
    event.register("numba:compile", compiled)
    if words == ("world",):
        run_replicate(compile_plan(proving_ground(), 1), 0)
    elif words == ("planted",):
        piece_number(0, 0)
    else:
        with contextlib.redirect_stdout(io.StringIO()):
            code = run_command(list(words))
        if code != 0:
            raise SystemExit(code)
    sys.stdout.write(json.dumps(compiled.names) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
