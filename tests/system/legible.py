"""What keeps people from using a page, as axe finds it and as its width tells."""

from __future__ import annotations

from pathlib import Path

import axe_core_python

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def barriers(page):
    """Return what is serious or critical, with the first elements of each kind."""
    return page.run(
        AXE + ";axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations"
        ".filter((x) => ['serious', 'critical'].includes(x.impact))"
        ".map((x) => `${x.id}: ${x.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`))"
    )


def too_wide(page):
    """Return by how many pixels the page is wider than the screen."""
    return page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
