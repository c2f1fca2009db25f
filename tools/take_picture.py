"""Take the picture of the README from a report: tools/take_picture.py out/mosul-2014/report.html.

Needs a Chromium on the machine; nothing else of the project does.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "report.png"
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def main(report: str) -> int:
    """Open a report without a window and save the first 1,500 pixels of it."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        print("there is no Chromium on this machine")
        return 1
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [browser, *QUIET, f"--user-data-dir={profile}", "--window-size=1280,1500",
             "--virtual-time-budget=8000", f"--screenshot={PICTURE}", Path(report).resolve().as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
