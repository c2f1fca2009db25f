"""The public names: all there, loaded late, and quick to import."""

from __future__ import annotations

import subprocess
import sys

import pytest

import standfast as sf

QUICK = """
from time import perf_counter
began = perf_counter()
import standfast
print(perf_counter() - began)
"""


def test_every_public_name_is_there() -> None:
    for name in sf.__all__:
        assert getattr(sf, name) is not None
        assert name in dir(sf)


def test_the_names_are_those_of_the_manual() -> None:
    assert sf.load("garrison").scenario == "garrison"
    assert {"garrison", "mosul-2014", "quiet"} <= set(sf.scenarios())
    assert isinstance(sf.load("quiet"), sf.Scenario)
    assert issubclass(sf.RunInterrupted, sf.RunError)
    assert issubclass(sf.StoreError, sf.FileError)
    assert sf.__version__.count(".") == 2


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'simulate'"):
        sf.simulate  # noqa: B018


def test_import_takes_less_than_three_tenths_of_a_second() -> None:
    seconds = min(
        float(subprocess.run([sys.executable, "-c", QUICK], capture_output=True, check=True).stdout)
        for _ in range(3)
    )
    assert seconds < 0.3
