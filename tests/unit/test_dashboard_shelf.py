"""What a server has read does not add up, however long it lives and whatever comes and goes."""

from __future__ import annotations

import shutil

import pytest

from standfast.dashboard import shelf as module
from standfast.dashboard.shelf import KEPT, MOST, Shelf
from standfast.experiment.ensemble import run_ensemble
from standfast.scenario.load import load_scenario


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Twice as many saved results as are kept once read."""
    base = tmp_path_factory.mktemp("results")
    short = load_scenario("garrison", overrides=["time.horizon=2 h", "forces.brigade.paper=60"])
    run_ensemble(short, 1, 1, 1, progress=False).save(base / "0")
    for k in range(1, 2 * KEPT):
        shutil.copytree(base / "0", base / str(k))
    return base


def test_only_the_last_results_that_were_read_are_kept(results, monkeypatch):
    times = []
    read = module._read_result
    monkeypatch.setattr(
        module, "_read_result", lambda entry: times.append(entry.path) or read(entry)
    )
    shelf = Shelf([results])
    entries = shelf.entries()
    for entry in entries:
        shelf.read(entry)
        shelf.read(entries[0])  # asked for again and again, it stays
    assert len(shelf._read) == KEPT
    assert len(times) == len(entries) == 2 * KEPT
    shelf.read(entries[1])
    assert len(times) == 2 * KEPT + 1, "it had been forgotten"


def test_numbers_of_what_is_gone_are_forgotten_and_not_given_again(tmp_path):
    shelf = Shelf([tmp_path])
    stays = tmp_path / "stays"
    stays.mkdir()
    first = shelf.number(stays)
    given = {shelf.number(tmp_path / f"gone-{k}") for k in range(3 * MOST)}
    assert len(given) == 3 * MOST
    assert first not in given
    assert shelf.number(stays) == first
    assert len(shelf._numbers) <= 2 * MOST
