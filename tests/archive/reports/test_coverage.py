"""Coverage: who published when, by the days that the law names."""

from datetime import date
from typing import Any

import pytest

from archive.reports.coverage import coverage, deadline


def report(organ: str, year: int, published: str | None, *, version: int = 1) -> dict[str, Any]:
    return {"portal": "songjiang", "organ": organ, "year": year, "published": published, "version": version,
            "title": f"{organ}{year}年报", "url": f"http://songjiang.example/{organ}/{year}"}  # fmt: skip


def states(*reports: dict[str, Any], today: date = date(2024, 12, 1)) -> dict[tuple[str, int], str]:
    return {(row["organ"], row["year"]): row["state"] for row in coverage(reports, today)}


@pytest.mark.parametrize(
    ("organ", "year", "last"),
    [
        ("松江区财政局", 2023, date(2024, 1, 31)),
        ("松江区人民政府", 2023, date(2024, 3, 31)),
        ("松江区人民政府办公室", 2023, date(2024, 1, 31)),
        ("松江区泖港镇人民政府", 2023, date(2024, 1, 31)),
        ("松江区财政局", 2019, date(2020, 1, 31)),
        ("松江区财政局", 2018, date(2019, 3, 31)),
        ("松江区人民政府", 2008, date(2009, 3, 31)),
    ],
)
def test_departments_have_until_january_and_governments_until_march(organ: str, year: int, last: date) -> None:
    assert deadline(organ, year) == last


def test_the_last_day_is_in_time_and_the_day_after_is_late() -> None:
    rows = states(report("松江区财政局", 2022, "2023-01-31"), report("松江区财政局", 2023, "2024-02-01"))
    assert rows == {("松江区财政局", 2022): "published", ("松江区财政局", 2023): "late"}


def test_a_year_without_a_report_is_missing_up_to_the_newest_that_is_due() -> None:
    rows = states(report("松江区财政局", 2021, "2022-01-20"), report("松江区教育局", 2023, "2024-01-20"))
    assert rows == {
        ("松江区财政局", 2021): "published",
        ("松江区财政局", 2022): "missing",
        ("松江区财政局", 2023): "missing",
        ("松江区教育局", 2023): "published",
    }


@pytest.mark.parametrize(
    ("organ", "today", "missing"),
    [
        ("松江区财政局", date(2025, 1, 31), []),
        ("松江区财政局", date(2025, 2, 1), [2024]),
        ("松江区财政局", date(2026, 2, 1), [2024, 2025]),
        ("松江区人民政府", date(2025, 3, 31), []),
        ("松江区人民政府", date(2025, 4, 1), [2024]),
    ],
)
def test_a_report_is_missing_from_the_day_after_its_last_one(organ: str, today: date, missing: list[int]) -> None:
    rows = states(report(organ, 2023, "2024-01-20"), today=today)
    assert rows == {(organ, 2023): "published", **{(organ, year): "missing" for year in missing}}


def test_a_report_that_is_out_early_makes_no_other_organs_missing() -> None:
    early, other = report("松江区财政局", 2024, "2025-01-05"), report("松江区教育局", 2023, "2024-01-20")
    rows = states(early, other, today=date(2025, 1, 10))
    assert rows == {("松江区财政局", 2024): "published", ("松江区教育局", 2023): "published"}


def test_a_report_of_a_later_version_is_changed_and_one_without_a_date_is_not_called_late() -> None:
    changed = report("松江区财政局", 2023, "2024-06-01", version=2)
    assert states(changed, report("松江区教育局", 2023, None)) == {
        ("松江区财政局", 2023): "changed",
        ("松江区教育局", 2023): "published",
    }
