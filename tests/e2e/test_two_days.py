"""A whole crawl of the sample world, and one a day later, on every pair of stores: the archive against the truth."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from archive.handoff.message import CHANGED, PUBLISHED, Message
from crawler.demo.aggregator import MASKED
from crawler.demo.site import Expected
from tests.conformance.misbehaving import payload
from tests.conformance.strict import StrictRecord, read_strict
from tests.e2e.installation import Row
from tests.e2e.story import Day, Story


@pytest.fixture(params=["first", "second"])
def day(request: pytest.FixtureRequest, story: Story) -> Day:
    told: Day = getattr(story, request.param)
    return told


def truth(row: Expected) -> tuple[object, ...]:
    named = (row.portal, row.organ, row.organ_as_written, row.year, row.title, row.url, str(row.published))
    return (*named, row.media_type, row.copy_of, *sorted(row.attachments))


def told(row: Row) -> tuple[object, ...]:
    keys = ("portal", "organ", "organ_as_written", "year", "title", "url", "published", "media_type", "duplicate_of")
    return (*(row[key] for key in keys), *sorted(one["url"] for one in row["attachments"]))


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_the_crawl_finishes_and_counts_what_it_did(day: Day):
    assert (day.crawl.status, day.summary["outcome"]) == (1, "finished")  # 1: there are problems to look at
    assert day.summary["captures"] == day.summary["fetches"] == len(day.hits) == len(day.captures)
    assert day.summary["revisits"] == sum(row["revisit_of"] is not None for row in day.captures)
    assert "Traceback" not in day.crawl.stderr


def test_reports_are_those_that_the_portals_published(story: Story):
    first, second = story.first.world, story.second.world
    gone = [row for row in first.expected if row.url in second.withdrawn]  # it stays known
    assert sorted(map(told, story.first.reports)) == sorted(map(truth, first.expected))
    assert sorted(map(told, story.second.reports)) == sorted(map(truth, [*second.expected, *gone]))


def test_each_report_has_one_canonical_publication_and_its_files(day: Day):
    canonical = Counter(row["report"] for row in day.reports if row["canonical"])
    assert canonical == Counter({row["report"] for row in day.reports})
    assert all(one["digest"] for row in day.reports for one in row["attachments"])


def test_a_masked_copy_is_told_from_one_that_is_word_for_word(day: Day):
    copies = [row for row in day.reports if row["portal"] == "zhaobiao" and row["duplicate_of"]]
    assert {row["organ"] for row in copies if row["relation"] == "masked"} == set(MASKED)
    assert [row["relation"] for row in copies if row["organ"] not in MASKED] == ["identical"]


def test_nothing_forbidden_is_asked_for_and_no_trap_is_walked_into(day: Day):
    asked = list(day.urls())
    assert not set(asked) & set(day.world.forbidden)
    assert "elsewhere" not in {hit.portal for hit in day.hits}
    assert all(sum(url.startswith(trap) for url in asked) <= 2 for trap in day.world.traps)


def test_every_hit_is_one_capture_robots_too(day: Day):
    assert Counter(row["url"] for row in day.captures) == Counter(day.urls())
    assert {row["url"].rsplit("/", 1)[1] for row in day.captures if row["role"] == "robots"} == {"robots.txt"}
    assert len({row["record_id"] for row in day.captures}) == len(day.captures)


def test_every_message_is_valid_and_its_locators_resolve(story: Story, day: Day):
    assert day.messages
    for message in day.messages:
        data = msgspec.json.decode(json.dumps(message), type=Message).data
        for part in (data, *data.attachments):
            record, block = story.bare.record(msgspec.to_builtins(part.locator))
            assert (record.record_id, record.headers["WARC-Type"]) == (part.locator.record_id, "response")
            assert sha256(payload(block)) == part.digest == record.headers["WARC-Payload-Digest"]


def test_get_gives_the_bytes_that_the_portal_served(story: Story):
    served = story.second.served
    for portal in ("chenghu", "nanping"):
        url = next(row.url for row in story.second.world.expected if row.portal == portal)
        assert story.at.run("get", url).stdout == served[url]


def newest(messages: list[Row]) -> dict[str, Row]:
    return {message["data"]["report"]: message for message in messages}


def test_the_first_day_hands_on_each_report_and_again_only_if_a_copy_came_first(story: Story):
    messages = story.first.messages
    assert newest(messages).keys() == {row["report"] for row in story.first.reports}
    assert all(newest(messages)[row["report"]]["data"]["organ"] == row["organ"] for row in story.first.reports)
    assert len({message["id"] for message in messages}) == len(messages)
    for message in messages:
        is_last = message is newest(messages)[message["data"]["report"]]
        assert message["type"] == (PUBLISHED if message["data"]["version"] == 1 else CHANGED)
        assert is_last or message["data"]["flags"][-1] == "copy-only"


def test_the_second_day_hands_on_what_is_new_or_edited_and_nothing_else(story: Story):
    world, before = story.second.world, newest(story.first.messages)
    messages = {message["subject"]: message for message in story.second.messages}
    assert messages.keys() == {*world.added, *world.edited}
    assert [messages[url]["type"] for url in world.added] == [PUBLISHED] * len(world.added)
    for url in world.edited:
        new = messages[url]["data"]
        old = before[new["report"]]
        assert (messages[url]["type"], new["version"]) == (CHANGED, old["data"]["version"] + 1)
        assert new["previous"]["id"] == old["id"]
        assert new["previous"]["digest"] == old["data"]["digest"] != new["digest"]


def test_no_payload_is_stored_twice(story: Story):
    captures = [*story.first.captures, *story.second.captures]
    stored = Counter(row["digest"] for row in captures if row["revisit_of"] is None)
    assert [digest for digest, times in stored.items() if times > 1 and digest != sha256(b"")] == []
    unmodified = [row for row in story.second.captures if row["status"] == 304]
    assert len(unmodified) == sum(hit.status == 304 for hit in story.second.hits) > 0
    assert all(row["revisit_of"] for row in unmodified)


def test_groups_have_positions_of_their_own_that_survive_a_rebuild(story: Story):
    everyone = [message["id"] for day in (story.first, story.second) for message in day.messages]
    done = [row["id"] for row in story.at.run("handoff", "pull", "--group", "parser", "--max", 20).rows]
    rest = [row["id"] for row in story.at.run("handoff", "pull", "--group", "parser", "--lease", 0).rows]
    assert story.at.run("handoff", "ack", "--group", "parser", *done).status == 0
    before = story.at.derived()
    assert story.at.run("rebuild").status == 0
    assert story.at.derived() == before
    assert [row["id"] for row in story.at.run("handoff", "pull", "--group", "parser").rows] == rest
    assert not set(done) & set(rest)
    assert sorted(done + rest) == sorted(everyone)


def test_manifests_form_a_chain_over_what_is_stored(story: Story):
    for chain in story.bare.manifests().values():
        links = [None, *(hashlib.sha256(one).hexdigest() for one in chain)]
        assert [json.loads(one)["previous"] for one in chain] == links[:-1]
    assert len(story.bare.manifests()) == 2 < len(story.bare.objects()) - 2
    for key, manifest in story.bare.objects().items():
        data = story.bare.range(key, 0, 0)
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (manifest["sha256"], manifest["bytes"])


def test_every_segment_is_strict_warc(story: Story, tmp_path: Path):
    records: list[StrictRecord] = []
    for key in sorted(story.bare.objects()):
        path = tmp_path / key.rsplit("/", 1)[1]
        path.write_bytes(story.bare.range(key, 0, 0))
        records += read_strict(path, known=records)
    answers = [record for record in records if record.type in {"response", "revisit"}]
    assert len(answers) == len(story.first.hits) + len(story.second.hits)
    assert list(story.at.spool.iterdir()) == []
