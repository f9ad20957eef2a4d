"""What the crawler raises on purpose.

IgnoreRequest (Scrapy's)   the request ends here; the run goes on
└── Refused                we ended it, and its problem row is written already (I9)
"""

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    pass
