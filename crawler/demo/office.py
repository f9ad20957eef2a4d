"""Files of office programs before their formats were XML, and scans: as much of each as tells one type from another.

.doc, .wps, .xls    the signature of a compound document, and the text in UTF-16
.jpg                a picture with nothing on it
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from crawler.demo import report as reports
from crawler.demo.attachment import docx, pdf
from crawler.demo.site import Page, Publication
from crawler.demo.trs import DOCX

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
COMPOUNDS = {".doc": "application/msword", ".wps": "application/octet-stream", ".xls": "application/vnd.ms-excel"}
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300" + "10" * 64 + "ffd9")
SCAN = Page(media_type="image/jpeg", body=JPEG)


def files(published: Iterable[Publication]) -> dict[str, Page]:
    """The attachments of these, each by its path."""
    found: dict[str, Page] = {}
    for each in published:
        text = (each.title, *reports.lines(reports.blocks(each.report)))
        found |= {path: _file(path, text) for path in each.attachments}
    return found


def _file(path: str, text: Sequence[str]) -> Page:
    """A path without a known ending is a script's that hands out a .doc, named by its headers alone."""
    ending = PurePosixPath(path).suffix
    if ending == ".pdf":
        return Page(media_type="application/pdf", body=pdf(text))
    if ending == ".docx":
        return Page(media_type=DOCX, body=docx(text))
    body = COMPOUND + "\n".join(text).encode("utf-16-le")
    if ending in COMPOUNDS:
        return Page(media_type=COMPOUNDS[ending], body=body)
    named = f"attachment; filename={PurePosixPath(path).stem}.doc"
    return Page(media_type=COMPOUNDS[".doc"], body=body, headers=(("Content-Disposition", named),))
