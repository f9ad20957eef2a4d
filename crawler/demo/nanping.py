"""What 东海市南坪区 publishes: reports in forms and places that ask for care; one is withdrawn on the second day."""

from datetime import date

from crawler.demo.report import District
from crawler.demo.site import Publication, Row

DISTRICT = District(city="东海市", name="南坪区", website="http://www.nanping.example")
FOLDER = "/xxgk/nb/"
MISPRINTED = FOLDER + "2022/0125_871.htm"
FLAKY = FOLDER + "2023/0120_956.htm"
ORGAN_IN_CRUMBS = FOLDER + "2017/0316_402.htm"
RARE = FOLDER + "2024/0124_1031.htm"
WITHDRAWN = FOLDER + "2024/0126_1034.htm"
REPORTS: tuple[Publication, ...] = (
    Publication(
        report=DISTRICT.report("区人民政府", 2023, 10),
        path=FOLDER + "2024/0326_1077.htm",
        published=date(2024, 3, 26),
        organ_as_written="东海市南坪区人民政府",
    ),
    Publication(
        report=DISTRICT.report("竹溪镇人民政府", 2023, 1),
        path=WITHDRAWN,
        published=date(2024, 1, 26),
        organ_as_written="竹溪镇人民政府",
    ),
    Publication(
        report=DISTRICT.report("石埗镇人民政府", 2023),
        path=RARE,
        published=date(2024, 1, 24),
        organ_as_written="石埗镇人民政府",
    ),
    Publication(
        report=DISTRICT.report("区财政局", 2023, 3),
        path=FOLDER + "2024/0118_1023.htm",
        published=date(2024, 1, 18),
        form="{organ}政府信息公开工作年度报告({year}年)",
    ),
    Publication(
        report=DISTRICT.report("区人民政府办公室", 2022, 5),
        path=FLAKY,
        published=date(2023, 1, 20),
    ),
    Publication(
        report=DISTRICT.report("松坪街道办事处", 2021, 2),
        path=MISPRINTED,
        published=date(2022, 1, 25),
        organ_as_written="松坪街道办事处",
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2020, 6),
        path=FOLDER + "2021/0324_733.htm",
        published=date(2021, 3, 24),
    ),
    Publication(
        report=DISTRICT.report("区司法局", 2016, 4),
        path=ORGAN_IN_CRUMBS,
        published=date(2017, 3, 16),
        organ_as_written="区司法局",
        form="{year}年政府信息公开工作年度报告",
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2013, 5),
        path=FOLDER + "2014/0331_118.htm",
        published=date(2014, 3, 31),
        form="关于印发《{year}年{organ}政府信息公开工作年度报告》的通知",
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2012, 3),
        path=FOLDER + "2013/0328_87.htm",
        published=date(2013, 3, 28),
    ),
)
OTHERS: tuple[Row, ...] = (
    (FOLDER + "2024/0105_1009.htm", "南坪区2023年政府信息公开工作年度报告编制培训会召开", "2024-01-05"),
    (FOLDER + "2023/0410_977.htm", "南坪区2023年政务公开工作要点", "2023-04-10"),
    (FOLDER + "2023/0131_960.htm", "南坪区财政局2022年度部门决算公开说明", "2023-01-31"),
)


def reports(day: int) -> tuple[Publication, ...]:
    return tuple(report for report in REPORTS if day == 1 or report.path != WITHDRAWN)
