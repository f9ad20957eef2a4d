"""Content coding, undone for the spider. The archive keeps what was sent; this is only about reading it."""

import zlib
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

MISCODED = "miscoded"


class ContentCoding(HttpCompressionMiddleware):
    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:  # noqa: ARG002  # Scrapy's signature
        """A body that is not in the coding it declares is read as it is: browsers do the same."""
        try:
            return super().process_response(request, response)
        except (OSError, EOFError, zlib.error):
            response.flags.append(MISCODED)
            return response
