"""The page's own style and scripts, and the policy that lets it run these and nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files


@cache
def read_asset(name: str) -> str:
    """Return a bundled file of the page as text."""
    return files("standfast.report").joinpath("static", name).read_text(encoding="utf-8")


def source_of(text: str) -> str:
    """Write the hash by which a policy names an inline script or style.

    Examples
    --------
    >>> source_of("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def policy(script: str, style: str) -> str:
    """Return a content security policy: this script and this style, nothing from anywhere."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {source_of(script)}",
            f"style-src {source_of(style)}",
            "font-src data:",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
