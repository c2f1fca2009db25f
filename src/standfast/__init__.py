"""A laboratory for one question: why a security force holds, or melts away overnight.

The public names are loaded when first used: `load` and `scenarios` for scenarios, `run` for an
ensemble, `Result` for what it came to, `Simulation` to step through one.

Examples
--------
>>> import standfast as sf
>>> sf.load("garrison").scenario
'garrison'
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standfast.engine.plugins import allow_code, kernel
    from standfast.engine.simulation import Simulation
    from standfast.errors import (
        FileError,
        RunError,
        RunInterrupted,
        ScenarioError,
        StandfastError,
        StoreError,
    )
    from standfast.experiment.answer import Answer
    from standfast.experiment.calibrate import calibrate
    from standfast.experiment.compare import compare
    from standfast.experiment.discover import discover
    from standfast.experiment.ensemble import run_ensemble as run
    from standfast.experiment.execute import execute, resume
    from standfast.experiment.keys import RunRequest
    from standfast.experiment.portfolio import portfolio
    from standfast.experiment.runs import Runs
    from standfast.experiment.sensitivity import sensitivity
    from standfast.experiment.sweep import sweep
    from standfast.experiment.tipping import tip
    from standfast.experiment.verify import verify
    from standfast.experiment.warning import early_warning
    from standfast.experiment.why import why
    from standfast.meanfield.run import MeanField, run_meanfield
    from standfast.results.result import Result
    from standfast.scenario.load import list_library as scenarios
    from standfast.scenario.load import load_scenario as load
    from standfast.scenario.model import Scenario
    from standfast.validation.validate import validate

    __version__: str

# Arrow asks once, when it is first used, whom to have memory from. Its own store keeps what its threads freed, tens
# of MB in a process that lives for days; what goes back to the C library `standfast.engine.machine` can give back.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

#: public name -> module and name there; loaded when first used, so that importing is quick
_WHERE = {
    "load": ("standfast.scenario.load", "load_scenario"),
    "run": ("standfast.experiment.ensemble", "run_ensemble"),
    "run_meanfield": ("standfast.meanfield.run", "run_meanfield"),
    "MeanField": ("standfast.meanfield.run", "MeanField"),
    "compare": ("standfast.experiment.compare", "compare"),
    "why": ("standfast.experiment.why", "why"),
    "sweep": ("standfast.experiment.sweep", "sweep"),
    "tip": ("standfast.experiment.tipping", "tip"),
    "sensitivity": ("standfast.experiment.sensitivity", "sensitivity"),
    "Answer": ("standfast.experiment.answer", "Answer"),
    "calibrate": ("standfast.experiment.calibrate", "calibrate"),
    "portfolio": ("standfast.experiment.portfolio", "portfolio"),
    "early_warning": ("standfast.experiment.warning", "early_warning"),
    "execute": ("standfast.experiment.execute", "execute"),
    "discover": ("standfast.experiment.discover", "discover"),
    "resume": ("standfast.experiment.execute", "resume"),
    "RunRequest": ("standfast.experiment.keys", "RunRequest"),
    "Runs": ("standfast.experiment.runs", "Runs"),
    "validate": ("standfast.validation.validate", "validate"),
    "verify": ("standfast.experiment.verify", "verify"),
    "allow_code": ("standfast.engine.plugins", "allow_code"),
    "kernel": ("standfast.engine.plugins", "kernel"),
    "scenarios": ("standfast.scenario.load", "list_library"),
    "Scenario": ("standfast.scenario.model", "Scenario"),
    "Simulation": ("standfast.engine.simulation", "Simulation"),
    "Result": ("standfast.results.result", "Result"),
    "StandfastError": ("standfast.errors", "StandfastError"),
    "ScenarioError": ("standfast.errors", "ScenarioError"),
    "RunError": ("standfast.errors", "RunError"),
    "RunInterrupted": ("standfast.errors", "RunInterrupted"),
    "FileError": ("standfast.errors", "FileError"),
    "StoreError": ("standfast.errors", "StoreError"),
}

__all__ = [
    "Answer",
    "FileError",
    "MeanField",
    "Result",
    "RunError",
    "RunInterrupted",
    "RunRequest",
    "Runs",
    "Scenario",
    "ScenarioError",
    "Simulation",
    "StandfastError",
    "StoreError",
    "__version__",
    "allow_code",
    "calibrate",
    "compare",
    "discover",
    "early_warning",
    "execute",
    "kernel",
    "load",
    "portfolio",
    "resume",
    "run",
    "run_meanfield",
    "scenarios",
    "sensitivity",
    "sweep",
    "tip",
    "validate",
    "verify",
    "why",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - costs more than the rest

        value: Any = version("standfast")
    elif name in _WHERE:
        module, attribute = _WHERE[name]
        value = getattr(import_module(module), attribute)
    else:
        msg = f"module 'standfast' has no attribute {name!r}"
        raise AttributeError(msg)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
