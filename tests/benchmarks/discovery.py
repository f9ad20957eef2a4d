"""What discovery finds and what it costs: sample portals of all content systems, known by their home pages alone.

Prints for each portal and in all: reports that there are, found and false, recall and precision, organs and years
right, fetches, the least that is possible, and their ratio; the same of a breadth-first peer; what a second run asks
for and keeps when nothing has changed; then every report missed, every false one, every trespass and problem.

    python -m tests.benchmarks.discovery [--portals ID,ID] [--no-peer] [--json]
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from crawler.demo.world import ALL
from tests.benchmarks.portals.measure import Measured, measure
from tests.benchmarks.portals.tally import Tally, total

HEADS = ("portal", "reports", "found", "false", "recall", "precision", "organ", "year", "fetches", "least", "ratio")


def main(words: Sequence[str]) -> None:
    options = argparse.ArgumentParser(prog="tests.benchmarks.discovery")
    options.add_argument("--portals", default=",".join(ALL), metavar="ID,ID")
    options.add_argument("--peer", action=argparse.BooleanOptionalAction, default=True)
    options.add_argument("--json", action="store_true")
    told = options.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder), told.portals.split(","), peer=told.peer)
    lines = [json.dumps(asdict(measured), ensure_ascii=False)] if told.json else _lines(measured)
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _lines(measured: Measured) -> Iterator[str]:
    yield f"a crawl of {len(measured.tallies)} portals, {measured.seconds:.1f} s"
    yield from _table(measured.tallies)
    if measured.peer:
        yield "\nbreadth-first, with a title expression"
        yield from _table(measured.peer, without=("organ", "year"))
    again = measured.again
    yield f"\nthe crawl again, nothing changed: {again.fetches} fetches, {again.beyond} beyond the lists' pages"
    yield f"({measured.beyond:.1%} of the first run's), {again.stored} payload bytes kept anew, {again.new} new reports"
    yield from (f"anew      {url}" for url in again.anew)
    yield from (f"trespass  {what}" for what in measured.trespasses)
    yield from (f"missed    {url}" for url in measured.missed)
    yield from (f"false     {url}" for url in measured.false)
    yield from (f"problem   {row['kind']} {row['portal']} {row['url']} {row['detail']}" for row in measured.problems)


def _table(tallies: Iterable[Tally], without: Container[str] = ()) -> Iterator[str]:
    each = list(tallies)
    heads = [head for head in HEADS if head not in without]
    yield _row(heads)
    for one in (*each, total(each)):
        cells = _cells(one)
        yield _row([cells[head] for head in heads])


def _row(cells: Sequence[str]) -> str:
    return f"{cells[0]:10}" + "".join(f"{cell:>10}" for cell in cells[1:])


def _cells(one: Tally) -> dict[str, str]:
    counted = (str(number) for number in (one.expected, one.found, one.false))
    shares = (f"{share:.3f}" for share in (one.recall, one.precision, one.organ, one.year))
    cells = (one.portal, *counted, *shares, str(one.fetches), str(one.least), f"{one.ratio:.2f}")
    return dict(zip(HEADS, cells, strict=True))


if __name__ == "__main__":
    main(sys.argv[1:])
