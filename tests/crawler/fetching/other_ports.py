"""`tests.conformance.asking` in a world where 127.0.0.1's ports 80 and 443 are others, as `PORTS` has it: "80=…,443=…".

A scheme has another only on the port that it stands for, and a test may not count on having that one.
"""

import copy
import json
import os
import sys
from typing import Any

from crawler.fetching.wire import _WireAgent
from tests.conformance.asking import main

PORTS = {int(port): int(other) for port, other in (pair.split("=") for pair in os.environ["PORTS"].split(","))}
endpoint = _WireAgent._getEndpoint


def elsewhere(self: Any, uri: Any) -> Any:
    moved = copy.copy(uri)
    moved.port = PORTS.get(uri.port, uri.port)
    return endpoint(self, moved)


_WireAgent._getEndpoint = elsewhere

if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
