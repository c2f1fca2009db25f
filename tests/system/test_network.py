"""People and ties do not depend on the process or the thread that builds them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from standfast.network.ties import build_network
from standfast.population.people import build_people
from standfast.testing.scenarios import tiny_scenario

PRINT_DIGEST = """
import hashlib
from standfast.network.ties import build_network
from standfast.population.people import build_people
from standfast.testing.scenarios import tiny_scenario

people = build_people(tiny_scenario(), 3)
ties = build_network(tiny_scenario(), people, 3)
digest = hashlib.sha256()
for array in people.to_arrays().values():
    digest.update(array.tobytes())
for layer in (ties.phone, ties.kin, ties.chain):
    digest.update(layer.indptr.tobytes() + layer.indices.tobytes())
print(digest.hexdigest())
"""


def digest_of(seed):
    people = build_people(tiny_scenario(), seed)
    ties = build_network(tiny_scenario(), people, seed)
    digest = hashlib.sha256()
    for array in people.to_arrays().values():
        digest.update(array.tobytes())
    for layer in (ties.phone, ties.kin, ties.chain):
        digest.update(layer.indptr.tobytes() + layer.indices.tobytes())
    return digest.hexdigest()


def test_a_fresh_process_builds_the_same_bytes():
    environment = os.environ | {"PYTHONHASHSEED": "77"}
    fresh = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert fresh.stdout.strip() == digest_of(3)
    assert fresh.stdout.strip() != digest_of(4)


def test_threads_do_not_disturb_each_other():
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(digest_of, [3, 4, 3, 4]))
    assert found == [digest_of(3), digest_of(4)] * 2
