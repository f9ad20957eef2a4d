"""Sites behind walls, and a crawl of the addresses that a test names."""

import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.conformance.saving import LOOPBACK, Saved, ask
from tests.conformance.site import Answer, Answering

HTML = {"Content-Type": "text/html; charset=utf-8"}
ROBOTS: Answer = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /forbidden\n")
WALL: Answer = (412, HTML, b"<html><script r='m'>$_ts={}</script></html>")
DENIAL: Answer = (403, HTML, b"<center><h1>403 Forbidden</h1></center>")
TEST = b"<script>document.cookie='pass=1;path=/';location.reload()</script>"
"""What a browser passes, and no client without scripts."""


def page(title: str) -> Answer:
    return 200, HTML, f"<title>{title}</title><p>{title} 的正文</p>".encode()


def in_turn(*answers: Answer) -> Answering:
    """Each answer once, the last one for ever."""
    left, lock = list(answers), threading.Lock()

    def answering(_: Mapping[str, str]) -> Answer:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    return answering


def for_seconds(seconds: float, before: Answer, after: Answer) -> Answering:
    """Counted from the first request."""
    begun: list[float] = []

    def answering(_: Mapping[str, str]) -> Answer:
        begun.append(time.monotonic())
        return before if begun[-1] - begun[0] < seconds else after

    return answering


def behind_a_test(after: Answer, status: int = 412) -> Answering:
    def answering(headers: Mapping[str, str]) -> Answer:
        return after if "pass=1" in headers.get("Cookie", "") else (status, HTML, TEST)

    return answering


def registry(folder: Path, *homes: str, delay: float = 0.05, more: str = "") -> Path:
    file = folder / "registry.toml"
    rows = (
        f'[[portal]]\nid = "p{n}"\nname = "某区"\nhome = "{home}"\ndelay = {delay}\n{more}\n'
        for n, home in enumerate(homes)
    )
    file.write_text("".join(rows), encoding="utf-8")
    return file


def crawl(
    folder: Path,
    portals: Path,
    urls: Iterable[str],
    *,
    cool: float,
    seconds: float | None = None,
    env: Mapping[str, str] = LOOPBACK,
) -> Saved:
    """The first of the addresses is asked for as its portal's home page, and before the others."""
    requests = [{"url": url, "priority": -n, "meta": {"role": "other" if n else "home"}} for n, url in enumerate(urls)]
    return ask(folder / "var", portals, requests, bounded=True, seconds=seconds, env=env, NIANBAO_COOL_SECONDS=cool)


def kinds(saved: Saved) -> list[str]:
    return [row["kind"] for row in saved.problems]


def verdicts(saved: Saved) -> dict[str, str]:
    """By path."""
    return {f"/{url.split('/', 3)[3]}": kind for url, kind in saved.summary["verdicts"]}
