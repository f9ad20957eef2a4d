"""What titles, labels and addresses alone tell, on labelled rows from real portals and republishers.

Prints how well reports are recognised by their titles, ours beside two regular expressions (the one of a collector in
public use, and a careful one), how often the title gives organ and year, how well columns of reports are told from
others by label and address, and every miss. Titles that the page did not show are left out. The second table of
titles is invented: every form of a title, and every kind of what only resembles one, of bodies that do not exist.

    python -m tests.benchmarks.real_urls [FILE]
"""

import csv
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.reports.division import Place
from archive.reports.organ import organ_of
from archive.reports.title import Named, read_title
from crawler.discovery.vocabulary import column_evidence

GOLDEN = Path(__file__).parents[1] / "golden"
REAL = GOLDEN / "real-urls.tsv"
INVENTED = GOLDEN / "title-variants.tsv"
NOWHERE = Place(divisions=(), rest="")
COLLECTORS = re.compile(r"政府信息公开.*年度报告|信息公开.*年报|年度报告|年报")
COLLECTORS_YEAR = re.compile(r"20\d\d")
CAREFUL = re.compile(r"(政府|政务)?信息公开(工作)?(年度)?(工作)?(报告|年报)")
NOT_SHOWN = re.compile(r"not shown|^\([^()]*\)$")

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    taken: int
    right: int
    wanted: int
    misses: Sequence[str]

    @property
    def precision(self) -> float:
        return self.right / self.taken

    @property
    def recall(self) -> float:
        return self.right / self.wanted

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.taken + self.wanted)


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def details(path: Path = REAL) -> list[Row]:
    return [row for row in rows(path) if row["page-kind"] == "detail" and not NOT_SHOWN.search(row["title"])]


def lists(path: Path = REAL) -> list[Row]:
    return [row for row in rows(path) if row["page-kind"] == "list"]


def score(judged: Iterable[Row], takes: Callable[[Row], bool]) -> Score:
    verdicts = [(row, takes(row), row["label"] == "report") for row in judged]
    return Score(
        taken=sum(taken for _, taken, _ in verdicts),
        right=sum(taken and wanted for _, taken, wanted in verdicts),
        wanted=sum(wanted for _, _, wanted in verdicts),
        misses=[
            f"{row['label']}  {row['title']}  {row.get('url', '')}"
            for row, taken, wanted in verdicts
            if taken != wanted
        ],
    )


def ours(row: Row) -> bool:
    return isinstance(read_title(row["title"]), Named)


def collectors(row: Row) -> bool:
    return bool(COLLECTORS.search(row["title"]) and COLLECTORS_YEAR.search(row["title"]))


def careful(row: Row) -> bool:
    return bool(CAREFUL.search(row["title"]))


def by_label_and_address(row: Row) -> bool:
    return column_evidence(row["title"], row["url"]).verdict == "reports"


def by_address(row: Row) -> bool:
    return column_evidence("", row["url"]).verdict == "reports"


def told(reports: Iterable[Row], fact: str) -> Score:
    """How often the title of a report gives this fact of it, among those rows that have the fact."""
    stated = [(row, _fact(row, fact)) for row in reports if row["label"] == "report" and row[fact]]
    wanted = [(row, said, _canonical(row[fact]) if fact == "organ" else row[fact]) for row, said in stated]
    return Score(
        taken=sum(bool(said) for _, said, _ in wanted),
        right=sum(said == true for _, said, true in wanted),
        wanted=len(wanted),
        misses=[f"{row['title']}  {said or 'nothing'}, not {true}" for row, said, true in wanted if said != true],
    )


def _fact(row: Row, fact: str) -> str:
    named = read_title(row["title"])
    if not isinstance(named, Named):
        return ""
    return _canonical(named.organ or "") if fact == "organ" else str(named.year or "")


def _canonical(organ: str) -> str:
    return organ_of(organ, NOWHERE).name if organ else ""


def table(path: Path) -> list[tuple[str, Score]]:
    real, invented, columns = details(path), rows(INVENTED), lists(path)
    return [
        ("reports by title", score(real, ours)),
        ("  a collector's regex", score(real, collectors)),
        ("  a careful regex", score(real, careful)),
        ("  organ of the title", told(real, "organ")),
        ("  year of the title", told(real, "year")),
        ("invented titles", score(invented, ours)),
        ("  a collector's regex", score(invented, collectors)),
        ("  a careful regex", score(invented, careful)),
        ("  organ of the title", told(invented, "organ")),
        ("  year of the title", told(invented, "year")),
        ("columns by label and address", score(columns, by_label_and_address)),
        ("  by address alone", score(columns, by_address)),
    ]


def main(path: Path = REAL) -> None:
    scores = table(path)
    print(f"{'':30}{'precision':>10}{'recall':>8}{'F1':>8}{'rows':>6}")  # noqa: T201
    for name, one in scores:
        print(f"{name:30}{one.precision:10.3f}{one.recall:8.3f}{one.f1:8.4f}{one.wanted:6}")  # noqa: T201
    for name, one in scores:
        for miss in one.misses if "regex" not in name else ():
            print(f"missed, {name.strip()}: {miss}")  # noqa: T201


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
