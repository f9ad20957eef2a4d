"""The `nianbao` command in a hurry: a host that answers with a wall is left alone for some tenths of a second."""

from crawler import settings
from scheduler.cli import main

if __name__ == "__main__":
    settings.NIANBAO_COOL_SECONDS = 0.3
    main()
