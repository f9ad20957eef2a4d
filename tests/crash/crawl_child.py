"""The `nianbao` command, with a witness: whatever reaches a spider is noted before anything else happens with it.

A line a response, in the file that WITNESS names. One write to a file opened for appending: the line is the kernel's
before the spider goes on, and outlives this process.
"""

import hashlib
import json
import os
from typing import Any

from scrapy.http import Response

from crawler import settings
from scheduler.cli import main


class Witness:
    def __init__(self) -> None:
        self._file = os.open(os.environ["WITNESS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def process_spider_input(self, response: Response) -> None:
        seen: dict[str, Any] = {"url": response.url, "status": response.status}
        line = json.dumps({**seen, "sha256": hashlib.sha256(response.body).hexdigest()})
        os.write(self._file, f"{line}\n".encode())


if __name__ == "__main__":
    settings.SPIDER_MIDDLEWARES = {Witness: 1}  # type: ignore[attr-defined]
    main()
