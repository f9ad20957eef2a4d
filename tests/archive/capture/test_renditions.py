"""A rendered page's DOM and picture: which records they become, and that the same bytes become none again."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archive.capture import compose
from archive.capture.exchange import Exchange, Rendition
from archive.capture.segment import sound_length
from archive.capture.writer import SegmentWriter
from tests.archive.exchanges import AT, page
from tests.conformance.strict import StrictRecord, read_strict

DOM = Rendition(kind="dom", media_type="text/html;charset=utf-8", data="<html>年报</html>".encode())
PICTURE = Rendition(kind="screenshot", media_type="image/png", data=b"\x89PNG")


def rendered(path: str, *renditions: Rendition, after: int = 0) -> Exchange:
    return replace(page(path, path.encode()), renditions=renditions, at=AT + timedelta(seconds=after))


def written(spool: Path, *exchanges: Exchange) -> list[StrictRecord]:
    sealed: list[Path] = []
    writer = SegmentWriter(spool=spool, on_sealed=sealed.append, writer="1", host="test", now=lambda: AT)
    for exchange in exchanges:
        writer.append(exchange)
    writer.close()
    return read_strict(sealed[0])


def test_renditions_stand_inside_the_capture_and_name_its_response(tmp_path: Path) -> None:
    _, request, response, conversion, resource, metadata = written(tmp_path, rendered("/a", DOM, PICTURE))
    kinds = [one.type for one in (request, response, conversion, resource, metadata)]
    assert kinds == ["request", "response", "conversion", "resource", "metadata"]
    assert (conversion.block, conversion.get("Content-Type")) == (DOM.data, "text/html;charset=utf-8")
    assert conversion.get("WARC-Target-URI") == response.get("WARC-Target-URI")
    assert conversion.get("WARC-Refers-To") == resource.get("WARC-Concurrent-To") == response.id
    assert resource.get("WARC-Target-URI") == f"{compose.VIEW_URI}{response.get('WARC-Target-URI')}"
    assert (resource.block, resource.get("Content-Type")) == (PICTURE.data, "image/png")
    assert compose.read_fields(metadata.block)["dom"] == conversion.id
    assert compose.read_fields(metadata.block)["screenshot"] == resource.id


def test_the_same_bytes_again_are_named_and_not_written(tmp_path: Path) -> None:
    records = written(tmp_path, rendered("/a", DOM, PICTURE), rendered("/b", DOM, PICTURE, after=1))
    [conversion], [resource] = ([one for one in records if one.type == kind] for kind in ("conversion", "resource"))
    first, second = (compose.read_fields(one.block) for one in records if one.type == "metadata")
    assert first["dom"] == second["dom"] == conversion.id
    assert first["screenshot"] == second["screenshot"] == resource.id


def test_a_capture_torn_behind_its_dom_is_cut_off_whole(tmp_path: Path) -> None:
    written(tmp_path, rendered("/a"), rendered("/b", DOM, PICTURE, after=1))
    [sealed] = tmp_path.glob("*.warc.gz")
    offsets = [one.offset for one in read_strict(sealed)]
    torn = tmp_path / "torn"
    torn.write_bytes(sealed.read_bytes()[: offsets[7] + 20])  # in the resource record of the second capture
    with torn.open("rb", buffering=0) as file:
        assert sound_length(file) == offsets[4]
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", DOM.digest)
