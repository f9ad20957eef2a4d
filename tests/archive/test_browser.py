"""Which browser is found, in which order."""

from pathlib import Path

import pytest

from archive.browser import find_browser


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_one_that_is_named_wins_then_path_then_playwrights_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert find_browser(None) is None
    executable(tmp_path / "chromium-1200/chrome-linux/chrome")
    newest = executable(tmp_path / "chromium-1300/chrome-linux64/chrome")
    assert find_browser(None) == newest
    on_path = executable(tmp_path / "bin/chromium-browser")
    assert find_browser(None) == on_path
    assert find_browser(tmp_path / "mine") == tmp_path / "mine"
