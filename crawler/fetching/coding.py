"""Content coding, undone for the spider. The archive keeps what was sent; this is only about reading it."""

import zlib
from contextlib import suppress
from typing import Any, cast

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

READ_MOST = 64 << 20
"""A page that inflates to more is kept, but not read: a few hundred kilobytes can be made to fill the memory."""
GZIP = b"\x1f\x8b\x08"
TEXTS = (b"text/", b"application/json", b"application/xml", b"application/xhtml", b"application/javascript")


class ContentCoding(HttpCompressionMiddleware):
    """Some servers pack whatever was asked for and do not say so, or say another coding: what begins as gzip, and is
    called a text, is unpacked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._max_size = READ_MOST

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:  # noqa: ARG002  # Scrapy's signature
        response = self._decoded(request, response)
        if response.body.startswith(GZIP) and _is_text(response):
            packed = response.copy()
            packed.headers["Content-Encoding"] = b"gzip"
            return self._decoded(request, packed)
        return response

    def _decoded(self, request: Request, response: Response) -> Response:
        """A body that is not in the coding it declares is read as it is: browsers do the same."""
        with suppress(OSError, EOFError, zlib.error):
            return cast("Response", super().process_response(request, response))
        return response


def _is_text(response: Response) -> bool:
    return (response.headers.get("Content-Type") or TEXTS[0]).strip().lower().startswith(TEXTS)
