"""What a tool that tries something at length says of it: on the terminal, and in a file where one is asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from machine import circumstances

if TYPE_CHECKING:
    from pathlib import Path


def tell(found: dict[str, Any], out: Path | None) -> None:
    """Print what was found as JSON, with commit and machine, and write it to `out`."""
    text = json.dumps({"circumstances": circumstances()} | found, indent=1)
    print(text)
    if out:
        out.write_text(text + "\n", encoding="utf-8")
