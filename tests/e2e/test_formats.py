"""The lists in all their formats: the same rows as table, JSON, JSON lines and CSV; progress never on stdout."""

import csv
import io
import json

import pytest

from crawler.demo.world import start_world
from tests.e2e.installation import Installation

LISTS = ("reports", "captures")


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    crawled = Installation(folder=tmp_path_factory.mktemp("formats"))
    with start_world() as world:
        assert crawled.run("crawl", "--portals", crawled.know(world)).stdout == b""  # it was not asked for a summary
    return crawled


def listed(at: Installation, command: str, style: str) -> str:
    done = at.run(command, "--format", style)
    assert (done.status, done.stderr) == (0, "")
    return done.stdout.decode()


@pytest.mark.parametrize("command", LISTS)
def test_json_jsonl_and_csv_hold_the_same_rows(at: Installation, command: str) -> None:
    rows = json.loads(listed(at, command, "json"))
    assert [json.loads(line) for line in listed(at, command, "jsonl").splitlines()] == rows
    table = list(csv.DictReader(io.StringIO(listed(at, command, "csv"), newline="")))
    assert [list(row) for row in table] == [list(row) for row in rows]
    assert [row["url"] for row in table] == [row["url"] for row in rows]
    assert len(rows) == len({json.dumps(row) for row in rows}) > 40


@pytest.mark.parametrize("command", LISTS)
def test_a_table_names_its_columns_and_each_portal(at: Installation, command: str) -> None:
    head, *lines = listed(at, command, "table").splitlines()
    assert {"portal", "url"} <= set(head.split())
    assert {"yunchuan", "chenghu", "nanping", "zhaobiao"} <= {word for line in lines for word in line.split()}


def test_cdx_lines_are_the_captures_of_a_host(at: Installation) -> None:
    rows = at.run("captures", "--portal", "chenghu", "--format", "jsonl").rows
    lines = at.run("cdx", rows[0]["url"], "--match", "host").stdout.decode().splitlines()
    assert sorted(line.split(" ", 2)[1] for line in lines) == sorted(row["timestamp"] for row in rows)
    assert lines == sorted(lines)


def test_get_raw_is_the_message_as_it_crossed_the_wire(at: Installation) -> None:
    row = next(row for row in at.run("captures", "--format", "jsonl").rows if row["role"] == "robots")
    raw = at.run("get", row["url"], "--raw").stdout
    assert raw.startswith(b"HTTP/1.1 200 OK\r\nServer: nginx\r\n")
    assert raw.endswith(b"\r\n\r\n" + at.run("get", row["url"]).stdout)
