"""A site on loopback: answers by path, fixed or as the request's headers have it, and when each was asked for."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Mapping[str, str], bytes]
Answering = Callable[[Mapping[str, str]], Answer]


class Site(ThreadingHTTPServer):
    """`hits` are (monotonic seconds, path), in the order the requests came. A path without answer is not found.

    A forgetful site promises to keep connections, and at the second request of each it hangs up.
    """

    def __init__(self, answers: Mapping[str, Answer | Answering], *, forgetful: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers, self.forgetful = answers, forgetful
        self.hits: list[tuple[float, str]] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    @property
    def asked(self) -> list[str]:
        return [path for _, path in self.hits]


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site
    answered = 0

    def do_GET(self) -> None:
        self.server.hits.append((time.monotonic(), self.path))
        if self.answered and self.server.forgetful:
            self.close_connection = True
        else:
            self._answer()
            self.answered += 1

    def _answer(self) -> None:
        found = self.server.answers.get(self.path, (404, {}, b""))
        status, headers, body = found(self.headers) if callable(found) else found
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def site(answers: Mapping[str, Answer | Answering], *, forgetful: bool = False) -> Iterator[Site]:
    with Site(answers, forgetful=forgetful) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.05,))
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()
