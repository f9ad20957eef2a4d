"""What characters a payload's bytes stand for.

A page may state its charset by a byte order mark, by its Content-Type header and by a <meta>; they are believed in that
order, and a statement whose decoding leaves the text in tatters is passed over for the next. Where nothing holds, UTF-8
is tried strictly and GB 18030 is what remains. GB 2312 and GBK are read as GB 18030, their superset, for pages declare
the smaller sets and use the larger. A charset that cannot carry Chinese counts as no statement: ISO 8859-1 is what
servers say by default. Never raises.
"""

import codecs
import re
from collections.abc import Iterator

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STATED = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_META_WITHIN = 4096
_CARRY_CHINESE = {"utf-8", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "cp950", "utf-16", "utf-16-le", "utf-16-be"}
_TATTERS = 200


def decode(payload: bytes, content_type: str | None) -> tuple[str, str]:
    """The text of `payload`, without its byte order mark, and the charset it was read in."""
    for charset, skip in _statements(payload, content_type):
        text = payload[skip:].decode(charset, "replace")
        if text.count("\ufffd") * _TATTERS <= len(text):
            return text, charset
    return _detected(payload)


def _statements(payload: bytes, content_type: str | None) -> Iterator[tuple[str, int]]:
    yield from ((charset, len(mark)) for mark, charset in _MARKS if payload.startswith(mark))
    meta = payload[:_META_WITHIN].decode("latin-1")
    for statement in (content_type or "", meta):
        charset = _known(_STATED.search(statement))
        if charset is not None:
            yield charset, 0


def _known(stated: re.Match[str] | None) -> str | None:
    if stated is None:
        return None
    try:
        charset = codecs.lookup(stated[1]).name
    except (LookupError, ValueError):
        return None
    if charset not in _CARRY_CHINESE:
        return None
    return "gb18030" if charset.startswith("gb") else charset


def _detected(payload: bytes) -> tuple[str, str]:
    try:
        # final=False: a payload cut short may end inside a character
        return codecs.getincrementaldecoder("utf-8")("strict").decode(payload), "utf-8"
    except UnicodeDecodeError:
        return payload.decode("gb18030", "replace"), "gb18030"
