"""Commands that listen, as processes: their addresses read from stderr, their end by a signal."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.e2e.installation import Finished, Installation, finish


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    process: subprocess.Popen[bytes]
    addresses: dict[str, str]

    def stop(self, number: int = signal.SIGTERM) -> Finished:
        self.process.send_signal(number)
        return finish(self.process)


@contextmanager
def listening(at: Installation, *words: object, names: tuple[str, ...]) -> Iterator[Listening]:
    """Once it has said an address for each of the names, in their order."""
    process = at.start(*words, "--port", 0, bufsize=0)
    try:
        lines = [process.stderr.readline().decode() for _ in names]
        said = dict(line.rstrip().partition(": ")[::2] for line in lines)
        assert tuple(said) == names, lines
        yield Listening(process=process, addresses=said)
    finally:
        if process.poll() is None:
            process.terminate()
            finish(process)
