"""Golden rows: tables of what is known to be so."""

import csv

from tests.archive.reports.pages import GOLDEN


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))
