"""The browser: which Chromium renders pages on this machine, if there is one."""

import os
import shutil
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DOWNLOADED = "chromium-*/chrome-linux*/chrome"


def find_browser(configured: Path | None) -> Path | None:
    """What NIANBAO_BROWSER names, else the first one on PATH, else one that Playwright has downloaded; or None."""
    on_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    return configured or (Path(on_path) if on_path else _downloaded())


def _downloaded() -> Path | None:
    told = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folder = Path(told) if told else Path("~/.cache/ms-playwright").expanduser()
    return max(folder.glob(DOWNLOADED), default=None)
