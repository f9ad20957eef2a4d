"""The message: CONTRACT's keys in CONTRACT's order, and a schema that says the same."""

import json
from importlib.resources import files
from typing import Any

import msgspec

from archive.handoff import message

LOCATOR = message.Locator(object="warc/x.warc.gz", offset=1234, length=9876, record_id="<urn:uuid:1>")
DATA = message.ReportData(
    report="r",
    version=2,
    portal="songjiang",
    organ="松江区财政局",
    year=2023,
    title="年报",
    url="https://a.cn/1",
    published="2024-01-20",
    captured_at="2024-01-20T02:03:04.567890Z",
    media_type="text/html",
    charset="utf-8",
    digest="sha256:0",
    length=48213,
    locator=LOCATOR,
    canonical=True,
    duplicates=[message.Duplicate(url="https://b.cn", portal="copies", relation="masked")],
    attachments=[message.Attachment(url="https://a.cn/1.pdf", media_type=None, digest=None, locator=None)],
    previous=message.Previous(version=1, id="i", digest="sha256:1", captured_at="2024-01-19T02:03:04.567890Z"),
    flags=["body-repeated"],
)
KEYS = "specversion id type source subject time datacontenttype dataschema data"
DATA_KEYS = (
    "report version portal organ year title url published captured_at media_type charset digest length locator "
    "canonical duplicates attachments previous flags"
)


def encoded() -> dict[str, Any]:
    return json.loads(message.encode(message.compose(message.CHANGED, DATA)))


def test_keys_are_the_contracts_in_its_order() -> None:
    event = encoded()
    data = event["data"]
    assert (list(event), list(data)) == (KEYS.split(), DATA_KEYS.split())
    assert list(data["locator"]) == ["object", "offset", "length", "record_id"]
    assert list(data["duplicates"][0]) == ["url", "portal", "relation"]
    assert list(data["attachments"][0]) == ["url", "media_type", "digest", "locator"]


def test_the_envelope_is_a_cloud_event() -> None:
    event = encoded()
    del event["data"], event["id"], event["dataschema"]
    assert event == {
        "specversion": "1.0",
        "type": "cn.nianbao.report.changed.v1",
        "source": "/portals/songjiang",
        "subject": "https://a.cn/1",
        "time": "2024-01-20T02:03:04.567890Z",
        "datacontenttype": "application/json",
    }


def test_a_message_is_one_line_that_can_be_read_back() -> None:
    event = message.compose(message.PUBLISHED, DATA)
    assert "\n" not in message.encode(event)
    assert msgspec.json.decode(message.encode(event), type=message.Message) == event


def test_the_id_is_that_of_the_report_version_for_ever() -> None:
    ids = [message.message_id(*one) for one in (("r", 1), ("r", 2), ("s", 1))]
    assert ids[0] == "6577d386996318abc68db5dece6387ed"
    assert len({*ids}) == 3


def test_the_shipped_schema_is_the_types_own() -> None:
    shipped = files("archive.handoff").joinpath("report.v1.json").read_text("utf-8")
    assert shipped == json.dumps(message.json_schema(), indent=2, ensure_ascii=False) + "\n"
