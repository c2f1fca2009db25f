"""``python -m standfast.cli``: the command line where no ``standfast`` is on the path."""

from __future__ import annotations

from standfast.cli.main import main

main()
