"""The stored outputs are those that their descriptions say, made by scripts and versions that are here.

Not tested: that the other programs give the same again. `make peers` runs them anew; git then shows
what changed.
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
NAMES = sorted(file.stem for file in DATA.glob("*.json"))
MOST_BYTES = 500_000


@pytest.fixture(scope="module")
def networks():
    """Return the module that makes the ties, which needs nothing but numpy."""
    place = importlib.util.spec_from_file_location("networks", ROOT / "tools/peers/networks.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_made_by_what_is_here(stored, name):
    made = stored(name).made
    assert (ROOT / made["script"]).is_file()
    pins = (ROOT / "tools/peers/requirements.txt").read_text().lower().splitlines()
    for package, version in made["versions"].items():
        assert f"{package}=={version}".lower() in pins
    assert made["rule"]
    assert made["problem"]


def test_every_array_is_described():
    assert sorted(file.stem for file in DATA.glob("*.npz")) == NAMES
    assert sum(file.stat().st_size for file in DATA.iterdir()) < MOST_BYTES


def test_an_output_that_was_changed_is_refused(stored, tmp_path):
    for file in DATA.glob("eon-sir-one.*"):
        shutil.copy(file, tmp_path)
    assert stored("eon-sir-one", tmp_path)["final"].size == 2000
    file = tmp_path / "eon-sir-one.npz"
    arrays = dict(np.load(file))
    arrays["final"][0] += 1
    np.savez_compressed(file, **arrays)
    with pytest.raises(AssertionError, match="was changed"):
        stored("eon-sir-one", tmp_path)


@pytest.mark.parametrize(
    "name", [name for name in NAMES if not name.startswith(("ema", "mesa", "pyabc"))]
)
def test_the_ties_come_from_their_key_alone(stored, networks, name):
    kept = stored(name)
    edges = kept["edges"]
    law, rest = kept.made["problem"]["network"].rstrip(")").split("(")
    key, *sizes = (float(x) if "." in x else int(x) for x in rest.split(","))
    assert np.array_equal(getattr(networks, law)(key, *sizes), edges)
    assert not np.array_equal(getattr(networks, law)(key + 1, *sizes), edges)
    assert (edges[:, 0] < edges[:, 1]).all()
    assert len(np.unique(edges, axis=0)) == len(edges)


@pytest.mark.parametrize("network", ["window", "normal", "two-kinds"])
def test_no_share_that_somebody_sees_is_his_threshold(stored, network):
    peer = stored(f"ndlib-threshold-{network}")
    degree = np.bincount(peer["edges"].ravel(), minlength=peer["threshold"].size)
    seen = peer["threshold"] * degree
    assert (np.abs(seen - np.round(seen)) >= 0.9999e-4 * degree).all()
