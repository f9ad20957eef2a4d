"""`python -m crawler.demo`: serves the sample portals until Ctrl-C and prints their registry."""

import contextlib
import signal
import sys

from crawler.demo.world import start_world

if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt), start_world() as world:
        sys.stdout.write(world.portals_toml)
        sys.stdout.flush()
        signal.pause()
