"""The season: the weeks around the days by which the law wants reports published, departments' by 31 January and
governments' by 31 March (条例 Art. 49). Then reports appear and are corrected; in the rest of the year few do."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DENSE = (((1, 1), (2, 10)), ((3, 20), (4, 5)))  # first and last day, both in it


def is_dense(day: date) -> bool:
    return any(first <= (day.month, day.day) <= last for first, last in DENSE)


def in_season(now: datetime) -> bool:
    """`now` is aware; the day is Shanghai's."""
    return is_dense(now.astimezone(SHANGHAI).date())
