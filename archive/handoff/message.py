"""A handoff message: CloudEvents 1.0, structured JSON. CONTRACT: one report version, one message, one id for ever."""

import hashlib
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

PUBLISHED: Final = "cn.nianbao.report.published.v1"
CHANGED: Final = "cn.nianbao.report.changed.v1"
SCHEMA = "https://nianbao.cn/schemas/report.v1.json"

Kind = Literal["cn.nianbao.report.published.v1", "cn.nianbao.report.changed.v1", "cn.nianbao.report.withdrawn.v1"]
Relation = Literal["identical", "masked", "near"]


class Locator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One gzip member of one stored segment, holding the record `record_id`: a `response`, if nothing else is said."""

    object: str
    offset: int
    length: int
    record_id: str


class Duplicate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    url: str
    portal: str
    relation: Relation | None


class Attachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`digest` and `locator` are null where the file could not be fetched: the link itself is a fact."""

    url: str
    media_type: str | None
    digest: str | None
    locator: Locator | None


class Previous(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    version: int
    id: str
    digest: str
    captured_at: str


class ReportData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """`length` and `digest` are of the payload as stored: transfer-decoded, still content-encoded. `rendered` is there
    for a page that a browser showed, and leads to its DOM (a `conversion` record, HTML in UTF-8): the payload alone may
    lack what scripts have put into the page."""

    report: str
    version: int
    portal: str
    organ: str
    year: int
    title: str
    url: str
    published: str | None
    captured_at: str
    media_type: str
    charset: str | None
    digest: str
    length: int
    locator: Locator
    canonical: bool
    duplicates: list[Duplicate]
    attachments: list[Attachment]
    previous: Previous | None
    flags: list[str]
    rendered: Locator | None = None


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    specversion: Literal["1.0"] = "1.0"
    id: str
    type: Kind
    source: str
    subject: str
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str = SCHEMA
    data: ReportData


def message_id(report: str, version: int) -> str:
    return hashlib.sha256(f"{report}\n{version}".encode()).hexdigest()[:32]


def compose(kind: Kind, data: ReportData) -> Message:
    return Message(
        id=message_id(data.report, data.version),
        type=kind,
        source=f"/portals/{data.portal}",
        subject=data.url,
        time=datetime.fromisoformat(data.captured_at),
        data=data,
    )


def encode(message: Message) -> str:
    return msgspec.json.encode(message).decode()


def json_schema() -> dict[str, Any]:
    """Generated from the types above; `archive/handoff/report.v1.json` is its printed form."""
    return msgspec.json.schema(Message)
