"""The twin is a package of its own beside these tests; people are built, not taken from the cache."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory):
    """Keep thousands of tiny forces out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANDFAST_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
