"""Replay over every pair of stores, asked as a Memento client asks: RFC 7089's TimeGate, TimeMap and mementos."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
import urllib3

from tests.e2e.installation import Row
from tests.e2e.listening import listening
from tests.e2e.story import Story


@pytest.fixture(scope="module")
def replay(story: Story) -> Iterator[str]:
    with listening(story.at, "replay", "serve", names=("server", "replay")) as served:
        yield served.addresses["replay"]


def ask(url: str, **headers: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", url, headers=headers, redirect=False, retries=False)


def captures(story: Story, url: str) -> list[Row]:
    return [row for row in (*story.first.captures, *story.second.captures) if row["url"] == url]


def http_date(timestamp: str) -> str:
    return format_datetime(datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC), usegmt=True)


def links(text: str) -> dict[str, str]:
    """Targets by relation; several mementos as `memento <datetime>`."""
    found = re.findall(r'<([^>]+)>; rel="([^"]+)"(?:; datetime="([^"]+)")?', text)
    return {f"{relation} {when}".rstrip(): target for target, relation, when in found}


def test_a_timegate_leads_to_the_capture_closest_to_the_time(replay: str, story: Story):
    [url] = story.second.world.edited
    first, second = (row["timestamp"] for row in captures(story, url))
    for asked, closest in (("20240101000000", first), (first, first), (second, second), ("20350101000000", second)):
        answer = ask(f"{replay}/all/{url}", **{"Accept-Datetime": http_date(asked)})
        assert (answer.status, answer.headers["Location"]) == (302, f"{replay}/all/{closest}/{url}")
        assert answer.headers["Vary"] == "accept-datetime"
        assert "Memento-Datetime" not in answer.headers
        assert links(answer.headers["Link"]) == {
            "original": url,
            "timegate": f"{replay}/all/{url}",
            "timemap": f"{replay}/all/timemap/link/{url}",
            f"memento {http_date(closest)}": f"{replay}/all/{closest}mp_/{url}",
        }
    assert ask(f"{replay}/all/{url}").headers["Location"] == f"{replay}/all/{second}/{url}"
    assert ask(f"{replay}/all/{url}", **{"Accept-Datetime": "yesterday"}).status == 400


def test_a_timemap_lists_all_mementos(replay: str, story: Story):
    [url] = story.second.world.edited
    answer = ask(f"{replay}/yunchuan/timemap/link/{url}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/link-format")
    base = f"{replay}/yunchuan"
    assert links(answer.data.decode()) == {
        "self": f"{base}/timemap/link/{url}",
        "timegate": f"{base}/{url}",
        "original": url,
        **{
            f"memento {http_date(row['timestamp'])}": f"{base}/{row['timestamp']}mp_/{url}"
            for row in captures(story, url)
        },
    }


def test_a_memento_says_its_time_and_its_original(replay: str, story: Story):
    [url] = story.second.world.edited
    texts = []
    for row in captures(story, url):
        answer = ask(f"{replay}/all/{row['timestamp']}mp_/{url}")
        assert (answer.status, answer.headers["Memento-Datetime"]) == (200, http_date(row["timestamp"]))
        assert links(answer.headers["Link"])["original"] == url
        texts.append(answer.data)
    assert len(set(texts)) == 2


@pytest.mark.parametrize("status", [200, 304])
def test_a_revisit_is_replayed_from_the_segment_of_its_original(replay: str, story: Story, status: int):
    published = {row.url for row in story.second.world.expected}
    rows = [row for row in story.second.captures if row["revisit_of"] and row["status"] == status]
    revisits = [row for row in rows if row["url"] in published]
    originals = {row["record_id"]: row for row in story.first.captures}
    assert revisits
    for row in revisits:
        assert row["object"] != originals[row["revisit_of"]]["object"]
        answer = ask(f"{replay}/{row['portal']}/{row['timestamp']}id_/{row['url']}")
        assert (answer.status, answer.data) == (200, story.second.served[row["url"]])
        assert answer.headers["Memento-Datetime"] == http_date(row["timestamp"])


def test_what_was_sent_chunked_or_packed_or_in_gbk_is_given_as_it_was(replay: str, story: Story):
    for portal in ("chenghu", "nanping", "yunchuan"):
        url = next(row.url for row in story.second.world.expected if row.portal == portal)
        answer = ask(f"{replay}/all/20350101000000id_/{url}")
        answer = ask(answer.headers["Location"])
        assert answer.data == story.second.served[url]


def test_a_collection_holds_its_portals_captures_alone(replay: str, story: Story):
    [url] = story.second.world.edited
    found = {name: ask(f"{replay}/{name}/{url}").status for name in ("all", "yunchuan", "chenghu", "nobody")}
    assert found == {"all": 302, "yunchuan": 302, "chenghu": 404, "nobody": 404}
    assert ask(f"{replay}/all/http://nowhere.example/").status == 404


def test_a_memento_comes_without_waiting_for_a_delayed_acknowledgement(replay: str, story: Story):
    [url] = story.second.world.edited
    place = f"{replay}/all/{captures(story, url)[0]['timestamp']}mp_/{url}"
    with urllib3.PoolManager() as client:
        assert min(seconds(client, place) for _ in range(30)) < 0.04  # what each would take without TCP_NODELAY


def seconds(client: urllib3.PoolManager, place: str) -> float:
    begun = time.perf_counter()
    assert client.request("GET", place, retries=False).status == 200
    return time.perf_counter() - begun
