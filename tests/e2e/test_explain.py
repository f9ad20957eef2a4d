"""`nianbao explain` tells of any address why it was treated so, from the archive alone."""

from pathlib import Path

import pytest

from crawler.demo.world import start_world
from crawler.demo.yunchuan import BUREAU, COLUMN, GONE, OTHERS, SCAN, TWICE
from tests.e2e.installation import Installation

REPORT = COLUMN + "202401/t20240119_12352.html"
TWIN = BUREAU + "202201/t20220125_3316.html"
EXPLAINED = {
    "a report": (REPORT, ("link", "report, 100: title of a report: 云川区教育局 2023")),
    "its recognition": (REPORT, ("report", "organ: 云川区教育局, by title")),
    "its message": (REPORT, ("handed off", "version 1 as ")),
    "a copy": (TWIN, ("tied to", f"{TWICE} (identical): that one is canonical")),
    "a column": (COLUMN, ("link", "column, 80: label: 政府信息公开年报; slug: zfxxgknb")),
    "a list": (COLUMN, ("report", "not a report: page lists reports")),
    "a notice": (OTHERS[0][0], ("link", "not followed: title names a notice about reports")),
    "never fetched": (OTHERS[0][0], ("fetched", "never")),
    "a guess": ("/calendar?month=2024-01", ("link", "a guess, asked while guesses are allowed")),
    "a twin": ("/gate/big5/x/", ("link", "never followed: a gateway to other characters")),
    "forbidden": ("/internal/zfxxgknb/2023.html", ("problem", "robots: disallowed by robots.txt")),
    "a soft 404": (GONE[0], ("problem", "soft-404: ")),
    "a file": (SCAN, ("report", "not a report: the file is attached to a report")),
    "unknown": ("/nowhere.html", ("link", "on none of the portal's pages that were kept")),
}


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Path, str]:
    at = Installation(folder=tmp_path_factory.mktemp("explained"))
    with start_world() as world:
        registry = at.know(world)
        assert at.run("crawl", "yunchuan", "--portals", registry).status == 1
        base = f"http://127.0.0.1:{world.ports[0]}"
    return at, registry, base


@pytest.mark.parametrize(("path", "said"), EXPLAINED.values(), ids=EXPLAINED)
def test_each_step_is_told(explained: tuple[Installation, Path, str], path: str, said: tuple[str, str]) -> None:
    at, registry, base = explained
    told = at.run("explain", base + path, "--portals", registry, "--format", "jsonl")
    about, detail = said
    details = [row["detail"].replace(base, "") for row in told.rows if row["about"] == about]
    assert any(detail in one for one in details), told.rows
    assert told.status == 0


def test_an_address_of_no_portal_and_what_is_no_address(explained: tuple[Installation, Path, str]) -> None:
    at, registry, _ = explained
    elsewhere = at.run("explain", "http://elsewhere.example/", "--portals", registry, "--format", "jsonl")
    assert elsewhere.rows[0] == {
        "about": "portal",
        "detail": "none of the registry owns its host: it is never asked for",
    }
    refused = at.run("explain", "nowhere", "--portals", registry)
    assert (refused.status, refused.stderr.count("\n")) == (2, 1)
    assert "'nowhere'" in refused.stderr
