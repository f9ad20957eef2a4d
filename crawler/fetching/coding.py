"""Content coding, undone for the spider. The archive keeps what was sent; this is only about reading it."""

import zlib
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

READ_MOST = 64 << 20
"""A page that inflates to more is kept, but not read: a few hundred kilobytes can be made to fill the memory."""


class ContentCoding(HttpCompressionMiddleware):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._max_size = READ_MOST

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:  # noqa: ARG002  # Scrapy's signature
        """A body that is not in the coding it declares is read as it is: browsers do the same."""
        try:
            return super().process_response(request, response)
        except (OSError, EOFError, zlib.error):
            return response
