"""What the crawler raises on purpose, as a tree.

CrawlerError
├── Refused         the request ends here by our own rule, and its problem row is written already (I9)
├── AddressRefused  the host is where the crawler may not connect to; asking again leads to the same address
└── Unrendered      the browser could not show the page
"""

from scrapy.exceptions import IgnoreRequest


class CrawlerError(Exception):
    """Root of all that the crawler raises on purpose."""


class Refused(CrawlerError, IgnoreRequest):
    pass


class AddressRefused(CrawlerError):
    pass


class Unrendered(CrawlerError):
    pass
