"""People are built, not taken from the cache: thousands of tiny forces stay out of it."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory):
    """Keep people and ties of random scenarios in a folder of the test's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANDFAST_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
