"""What is known beforehand, and the crowds to compare with it, lie in modules beside these tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory):
    """Keep the people of the tests out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANDFAST_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
