"""Cookies: Scrapy's own, told apart by the list of public suffixes that came with the package.

Scrapy would fetch that list from GitHub with its first cookie: a connection that no address guard has seen (I8), and on
a machine without a way out a traceback in every crawl.
"""

from typing import Any

from scrapy.downloadermiddlewares import cookies


class Cookies(cookies.CookiesMiddleware):
    @classmethod
    def from_crawler(cls, crawler: Any) -> "Cookies":
        cookies._split_domain.suffix_list_urls = ()
        return super().from_crawler(crawler)
