"""pywb, with our server for its index and its records: the program of the process that `archive.access.replay` starts.

    python -m archive.access.wayback FD      in a folder with config.yaml; FD is the socket, bound and listening

The only file that speaks pywb, and nothing of ours imports it. Collections are `all` and every portal that has
captures, also one whose first capture came after the start. Nothing here can reach the live web: the one loader reads
our segments.
"""

import select
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from pywb.apps import frontendapp
from pywb.apps.rewriterapp import RewriterApp
from pywb.utils.geventserver import RequestURIWSGIHandler, WSGIServer
from pywb.utils.wbexception import NotFoundException
from pywb.warcserver.handlers import ResourceHandler
from pywb.warcserver.index.aggregator import SimpleAggregator
from pywb.warcserver.index.cdxobject import CDXObject
from pywb.warcserver.index.indexsource import BaseIndexSource
from pywb.warcserver.resource.resolvingloader import ResolvingLoader
from pywb.warcserver.resource.responseloader import WARCPathLoader
from pywb.warcserver.warcserver import WarcServer

EVERYTHING = "*"
CLOSEST_MOST = 100
PORTALS_SECONDS = 2


class Index(BaseIndexSource):
    """Our CDX server. An index that does not answer is an error, not a page that is not archived."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._init_sesh()

    def load_index(self, params: dict[str, Any]) -> Iterator[CDXObject]:
        portal = params.get("param.coll", EVERYTHING)
        path = "/cdx" if portal == EVERYTHING else f"/portal/{portal}/cdx"
        answer = self.sesh.get(self._server + path, params=self._asked(params))
        if answer.status_code == 400:
            raise NotFoundException(params["url"])
        answer.raise_for_status()
        return (CDXObject(line) for line in answer.content.splitlines())

    def _asked(self, params: dict[str, Any]) -> dict[str, Any]:
        asked = {name: params[name] for name in ("url", "matchType", "from", "to", "closest") if params.get(name)}
        # pywb filters what it gets, and counts afterwards: only its guesses at a look-alike are cut here.
        limit = CLOSEST_MOST if params.get("closest") or params.get("is_fuzzy") else None
        return {**asked, "resolveRevisits": "true", "limit": limit}

    def portals(self) -> list[str]:
        answer = self.sesh.get(f"{self._server}/portals")
        answer.raise_for_status()
        found: list[str] = answer.json()["portals"]
        return found


class Resolving(ResolvingLoader):
    """A revisit has its own headers and the original's payload; but those of a 304 are not what a reader saw."""

    def load_headers_and_payload(self, *args: Any) -> tuple[Any, Any]:
        headers, payload = super().load_headers_and_payload(*args)
        if headers is not payload and headers.http_headers.get_statuscode() == "304":
            headers.http_headers = payload.http_headers
        return headers, payload


class Records(WARCPathLoader):
    def __init__(self, paths: list[str], index: SimpleAggregator) -> None:
        super().__init__(paths, index)
        self.resolve_loader = Resolving(self.resolvers)


class Archive(WarcServer):
    _portals: tuple[float, list[str]] = (0, [])

    def load_auto_colls(self) -> ResourceHandler:
        self._index = Index(self.config["server"])
        index = SimpleAggregator({"nianbao": self._index})
        return ResourceHandler(index, [Records(self.archive_paths, index)], rules_file=self.rules_file)

    def list_dynamic_routes(self) -> list[str]:
        """Asked at every request, so remembered for a moment."""
        until, portals = self._portals
        if time.monotonic() > until:
            portals = self._index.portals()
            self._portals = (time.monotonic() + PORTALS_SECONDS, portals)
        return portals


class Rewriter(RewriterApp):
    def add_csp_header(self, _: object, status_headers: Any) -> None:
        """Also to frames and to what is given as it was: a browser must not leave the archive from there either."""
        status_headers.headers.append(self.csp_header)

    def render_content(self, *args: Any) -> Any:
        """pywb's TimeGate redirects with 307; RFC 7089, 4.1.1, knows 302."""
        response = super().render_content(*args)
        head = response.status_headers
        if head.get_statuscode() == "307" and head.get_header("Vary") == "accept-datetime":
            head.statusline = "302 Found"
        return response


class Wayback(frontendapp.FrontEndApp):
    REWRITER_APP_CLS = Rewriter


def main(number: int) -> None:
    frontendapp.WarcServer = Archive  # it takes the class from there, and has no argument for another
    wayback = Wayback(config_file="config.yaml")
    server = WSGIServer(socket.socket(fileno=number), wayback, handler_class=RequestURIWSGIHandler, log=None)
    inner = wayback.warcserver_server.server  # between pywb's two halves
    inner.log = server.log
    inner.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=_stop_with_parent, args=[server]).start()
    server.serve_forever()


def _stop_with_parent(server: WSGIServer) -> None:
    select.select([sys.stdin], [], [])  # nothing is ever written there: it can be read when it is closed
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
