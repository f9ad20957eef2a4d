"""What the crawler raises on purpose, as a tree.

CrawlerError
├── Refused             the request ends here by our own rule, and its problem row is written already (I9)
│   └── HostClosed      its host is a wall to us: what is not asked for is counted, in one row
├── Cooled              its host is left alone for a while: the request goes back to those that wait
├── HandshakeFailed     no TLS came about with its host, neither as it should be nor as it was once
├── AddressRefused      the host is where the crawler may not connect to; asking again leads to the same address
└── Unrendered          the browser could not show the page
"""

from scrapy.exceptions import DownloadFailedError, IgnoreRequest


class CrawlerError(Exception):
    """Root of all that the crawler raises on purpose."""


class Refused(CrawlerError, IgnoreRequest):
    pass


class HostClosed(Refused):
    pass


class Cooled(CrawlerError):
    pass


class HandshakeFailed(CrawlerError, DownloadFailedError):
    pass


class AddressRefused(CrawlerError):
    pass


class Unrendered(CrawlerError):
    pass
