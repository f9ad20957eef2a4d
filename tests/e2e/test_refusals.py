"""What the command refuses, it refuses whole: one line that names what is wrong, an exit status, and nothing done."""

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.installation import Installation

PORTAL = '[[portal]]\nid = "songjiang"\nname = "松江"\nhome = "https://www.songjiang.gov.cn/"\n'
CRAWL = ("crawl", "--portals", "portals.toml")

SETTINGS = {
    "NIANBAO_SEGMENT_BYTES": "plenty",
    "NIANBAO_OBJECTS_URL": "ftp://archive",
    "NIANBAO_CATALOG_URL": "mysql://archive",
    "NIANBAO_CONFIG": "nowhere.toml",
}
COMMANDS = {
    "a registry that is not there": (("crawl", "--portals", "nowhere.toml"), "nowhere.toml"),
    "a registry that is not TOML": (("crawl", "--portals", "broken.toml"), "broken.toml"),
    "an unknown key": (("crawl", "--portals", "unknown.toml"), "colour"),
    "an unknown portal": ((*CRAWL, "songjian"), "songjian"),
    "what is no URL": (("save", "www.songjiang.gov.cn"), "www.songjiang.gov.cn"),
    "another scheme": (("save", "ftp://www.songjiang.gov.cn/"), "ftp://www.songjiang.gov.cn/"),
    "a time that is none": (("get", "https://a.cn/", "--at", "yesterday"), "yesterday"),
    "a message never pulled": (("handoff", "ack", "--group", "parser", "00ff"), "00ff"),
}


@pytest.fixture
def at(tmp_path: Path) -> Installation:
    (tmp_path / "portals.toml").write_text(PORTAL, "utf-8")
    (tmp_path / "broken.toml").write_text("[[portal", "utf-8")
    (tmp_path / "unknown.toml").write_text(f'{PORTAL}colour = "red"\n', "utf-8")
    return Installation(folder=tmp_path)


@pytest.mark.parametrize("variable", SETTINGS)
def test_a_wrong_setting_is_named_with_its_value(at: Installation, variable: str) -> None:
    wrong = Installation(folder=at.folder, settings={variable: SETTINGS[variable]})
    done = wrong.run(*CRAWL)
    [line] = done.stderr.splitlines()
    assert (done.status, done.stdout) == (2, b"")
    assert line.startswith(f"nianbao: {variable}")
    assert SETTINGS[variable] in line
    assert not (at.folder / "var").exists()


@pytest.mark.parametrize("case", COMMANDS)
def test_a_wrong_argument_is_refused_in_one_line(at: Installation, case: str) -> None:
    words, named = COMMANDS[case]
    done = at.run(*words)
    [line] = done.stderr.splitlines()
    assert (done.status, done.stdout) == (2, b"")
    assert line.startswith("nianbao: ")
    assert named in line


def test_usage_that_click_refuses_ends_with_status_2_too(at: Installation) -> None:
    done = at.run("reports", "--format", "xml")
    assert (done.status, done.stdout) == (2, b"")
    assert "Traceback" not in done.stderr


def test_a_catalog_that_is_no_database_is_said_in_one_line(at: Installation) -> None:
    (at.folder / "var").mkdir()
    (at.folder / "var/catalog.db").write_bytes(b"no database" * 1000)
    for words in (("reports",), CRAWL):
        done = at.run(*words)
        assert (done.status, done.stdout) == (3, b"")
        assert done.stderr == f"nianbao: catalog sqlite:///{at.folder}/var/catalog.db: file is not a database\n"


def test_a_catalog_damaged_inside_is_said_in_one_line(at: Installation) -> None:
    assert at.run("reports").status == 0
    catalog = at.folder / "var/catalog.db"
    with sqlite3.connect(catalog) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with catalog.open("rb+") as file:
        file.seek(4096)
        file.write(b"\xff" * (catalog.stat().st_size - 4096))
    done = at.run("reports")
    [line] = done.stderr.splitlines()
    assert (done.status, done.stdout) == (3, b"")
    assert line.startswith(f"nianbao: catalog sqlite:///{catalog}: ")


def test_what_is_not_archived_is_said_with_status_3(at: Installation) -> None:
    done = at.run("get", "https://www.songjiang.gov.cn/")
    assert (done.status, done.stdout) == (3, b"")
    assert done.stderr == "nianbao: https://www.songjiang.gov.cn/ is not in the archive\n"
