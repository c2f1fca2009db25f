"""A dashboard that serves a few results, and a browser that looks at it, for every test of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

import standfast as sf
from standfast.experiment.compare import compare
from standfast.experiment.execute import execute
from standfast.experiment.keys import RunRequest
from standfast.testing.browser import Browser, find_browser

LAPTOP = (1280, 800)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    sf.run("garrison", replicates=3, seed=1, progress=False).save(folder / "three")
    few = sf.load("garrison", overrides=["forces.brigade.paper=200", "time.horizon=6 d"])
    asked = compare(few, ["keep-leaders"], replicates=2, progress=False)
    asked.save(folder / "leaders", ["standfast", "compare", "garrison"])
    runs = [RunRequest(few, seed=1, replicate=replicate) for replicate in range(2)]
    execute(runs, store=folder / "sweep", progress=False)
    return folder


@pytest.fixture(scope="module")
def address(folder):
    command = [sys.executable, "-m", "standfast.cli", "serve", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield re.search(r"http\S+", process.stdout.readline())[0]
        process.terminate()


@pytest.fixture(scope="module")
def chromium():
    found = find_browser()
    if found is None and os.environ.get("CI"):
        pytest.fail("there is no Chromium; install Debian's package chromium")
    return found or pytest.skip("there is no Chromium here")


@pytest.fixture(scope="module")
def shared(chromium):
    with Browser(chromium) as browser:
        yield browser


@pytest.fixture
def page(shared, address, tmp_path):
    """A fresh page; afterwards it has asked nobody else and said nothing."""
    shared.said.clear()
    shared.asked.clear()
    shared.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    shared.size(*LAPTOP)
    shared.open("about:blank")
    shared.open(address)
    shared.wait("document.getElementById('main').dataset.shown")
    yield shared
    base = address.partition("#")[0]
    assert [asked for asked in shared.asked if not asked.startswith((base, "about:"))] == []
    assert shared.said == []
    assert "token" not in shared.run("location.href")
