"""Schemes: a host that does not speak the one it is asked in is asked in the other, once, and then always in that one.

    first contact fails --the other scheme--> answers: so it is asked from now on, and a problem row says so
                                          --> fails too: the first is tried again as any request that failed

Only hosts on the ports that the schemes stand for have another. What http answers is never asked in https for that.
"""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError
from scrapy.http import Response
from twisted.internet.error import ConnectError

from crawler.errors import HandshakeFailed
from crawler.job import Job

OTHER = {"http": "https", "https": "http"}
NO_CONTACT = (DownloadConnectionRefusedError, DownloadTimeoutError, HandshakeFailed, ConnectError)


class SchemeMiddleware:
    """`answered` are the hosts that any scheme was heard of, `moved` those that only the other one was, `tried` those
    of which the other one is not to be tried again."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._answered: set[str] = set()
        self._tried: set[str] = set()
        self._moved: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> "SchemeMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        place = urlsplit(request.url)
        speaks = self._moved.get(place.netloc, place.scheme)
        return None if speaks == place.scheme else _asked(request, place, speaks)

    def process_response(self, request: Request, response: Response) -> Response:
        place = urlsplit(request.url)
        self._answered.add(place.netloc)
        why = request.meta.pop("unheard", None)
        if why and place.netloc not in self._moved:
            self._moved[place.netloc] = place.scheme
            detail = f"{place.netloc} does not answer {OTHER[place.scheme]} ({why}): asked by {place.scheme} instead"
            job: Job = self._crawler.spider.job
            job.problem("scheme", detail, url=request.url, portal=job.portal_id(request.url))
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        place = urlsplit(request.url)
        if request.meta.pop("unheard", None):  # neither answers: what was asked for first is what fails
            return _asked(request, place, OTHER[place.scheme])
        fails = isinstance(exception, NO_CONTACT) and place.netloc not in self._answered | self._tried
        other = _asked(request, place, OTHER[place.scheme], unheard=str(exception) or type(exception).__name__)
        if not fails or place.port is not None or self._crawler.spider.job.portal_of(other.url) is None:
            return None
        self._tried.add(place.netloc)
        return other


def _asked(request: Request, place: SplitResult, scheme: str, **meta: object) -> Request:
    return request.replace(url=place._replace(scheme=scheme).geturl(), meta={**request.meta, **meta}, dont_filter=True)
