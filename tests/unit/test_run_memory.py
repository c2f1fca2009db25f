"""The refusal of what does not fit: only when it does not, and always with a way out."""

from __future__ import annotations

import pytest

from standfast.engine.memory import estimate_memory
from standfast.errors import RunError
from standfast.experiment.memory import check_memory
from standfast.testing.scenarios import tiny_scenario


@pytest.mark.parametrize(("replicates", "threads"), [(1, 1), (4, 1), (4, 2)])
def test_what_does_not_fit_is_refused_with_at_least_two_ways_out(
    replicates: int, threads: int
) -> None:
    scenario = tiny_scenario()
    needed = estimate_memory(scenario, replicates, threads).bytes
    check_memory(scenario, replicates, threads, free=int(needed / 0.9) + 1)
    with pytest.raises(RunError, match=r"needs about .* GB .* MB are free") as refusal:
        check_memory(scenario, replicates, threads, free=needed)
    ways = refusal.value.advice.splitlines()
    assert len(ways) >= 2
    assert ("--threads 1" in refusal.value.advice) == (threads > 1)
    assert ("--replicates 2" in refusal.value.advice) == (replicates > 1)
    assert "--horizon" in refusal.value.advice
