"""Leave a crew of processes while one of them is within a message, or let it be killed there; and end.

TOLD leaves it, TOLD killed waits for what it was to compute, and prints what is told instead.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import time
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from standfast.experiment.crew import processes_here


def begin_a_message(told: str, *, killed: bool = False) -> None:
    """Write the head of a message of 1000 bytes and one of them, say so, and go on for ever or be killed."""
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        frame = frame.f_back
    os.write(frame.f_locals["result_queue"]._writer.fileno(), struct.pack("!i", 1000) + b"x")
    Path(told).touch()
    if killed:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(600)


def main(told: str, *words: str) -> None:
    with processes_here(2) as crew:
        if words:
            killed = replace(crew, work=partial(begin_a_message, killed=True))
            try:
                list(killed.results([told]))
            except BrokenExecutor as error:
                sys.stdout.write(str(error))
            return
        crew.executor.submit(begin_a_message, told)
        while not Path(told).exists():
            time.sleep(0.01)
        time.sleep(0.5)  # for the thread that reads


if __name__ == "__main__":
    main(*sys.argv[1:])
