"""What 东海市云川区 publishes: its reports, one of them at two addresses, and the pages that stand beside them.

The addresses of the early reports bear the date of a move, years after they were published. One report is a scan with
a page around it; one is gone, though the list still names it.
"""

from dataclasses import replace
from datetime import date

from crawler.demo.report import District
from crawler.demo.site import Publication, Row

DISTRICT = District(city="东海市", name="云川区", website="http://www.yunchuan.example")
COLUMN = "/zwgk/zfxxgk/zfxxgknb/"
TOWNS, EARLY, BUREAU = COLUMN + "jz/", COLUMN + "lnnb/", "/jyj/zfxxgknb/"

SCAN = TOWNS + "202401/P020240126401128833915.pdf"
ANNEX = COLUMN + "202401/P020240119377205164480.docx"
TWICE = COLUMN + "202201/t20220120_10921.html"
EDITED = COLUMN + "202401/t20240118_12345.html"
REPORTS: tuple[Publication, ...] = (
    Publication(
        report=DISTRICT.report("区人民政府", 2023, 11),
        path=COLUMN + "202403/t20240328_12410.html",
        published=date(2024, 3, 28),
        organ_as_written="东海市云川区人民政府",
    ),
    Publication(
        report=DISTRICT.report("区人民政府办公室", 2023, 4),
        path=COLUMN + "202401/t20240130_12391.html",
        published=date(2024, 1, 30),
    ),
    Publication(
        report=DISTRICT.report("区发展和改革委员会", 2023, 3),
        path=COLUMN + "202401/t20240124_12388.html",
        published=date(2024, 1, 24),
        form="{year}年{organ}政府信息公开工作年度报告",
    ),
    Publication(
        report=DISTRICT.report("区教育局", 2023, 6),
        path=COLUMN + "202401/t20240119_12352.html",
        published=date(2024, 1, 19),
        attachments=(ANNEX,),
    ),
    Publication(report=DISTRICT.report("区财政局", 2023, 5), path=EDITED, published=date(2024, 1, 18)),
    Publication(
        report=DISTRICT.report("区人民政府", 2022, 9),
        path=COLUMN + "202303/t20230330_11687.html",
        published=date(2023, 3, 30),
    ),
    Publication(
        report=DISTRICT.report("区财政局", 2022, 2),
        path=COLUMN + "202301/t20230117_11540.html",
        published=date(2023, 1, 17),
        organ_as_written="区财政局",
        form="{organ}{year}年度政府信息公开工作年度报告",
    ),
    Publication(report=DISTRICT.report("区教育局", 2021, 1), path=TWICE, published=date(2022, 1, 20)),
    Publication(
        report=DISTRICT.report("区发展和改革委员会", 2020, 3),
        path=COLUMN + "202101/t20210126_10804.html",
        published=date(2021, 1, 26),
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2019, 8),
        path=COLUMN + "202003/t20200327_10655.html",
        published=date(2020, 3, 27),
    ),
    Publication(
        report=DISTRICT.report("望江街道办事处", 2023),
        path=TOWNS + "202401/t20240126_12390.html",
        published=date(2024, 1, 26),
        organ_as_written="望江街道办事处",
        attachments=(SCAN,),
    ),
    Publication(
        report=DISTRICT.report("白石镇人民政府", 2023),
        path=TOWNS + "202401/t20240125_12389.html",
        published=date(2024, 1, 25),
        organ_as_written="白石镇人民政府",
    ),
    Publication(
        report=DISTRICT.report("松桥镇人民政府", 2023),
        path=TOWNS + "202401/t20240125_12392.html",
        published=date(2024, 1, 25),
        organ_as_written="松桥镇人民政府",
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2016, 7),
        path=EARLY + "201908/t20190806_9871.html",
        published=date(2017, 3, 24),
    ),
    Publication(
        report=DISTRICT.report("区财政局", 2012, 2),
        path=EARLY + "201908/t20190806_9802.html",
        published=date(2013, 3, 15),
        form="{organ}{year}年政府信息公开年度报告",
    ),
)
GONE = (COLUMN + "201903/t20190321_10377.html", "云川区统计局2018年政府信息公开工作年度报告", "2019-03-21")
OTHERS: tuple[Row, ...] = (
    (
        COLUMN + "202312/t20231215_12201.html",
        "关于做好2023年政府信息公开工作年度报告编制和发布工作的通知",
        "2023-12-15",
    ),
    (COLUMN + "202401/t20240122_12381.html", "云川区人民政府2023年政府网站工作年度报表", "2024-01-22"),
    (COLUMN + "202403/t20240312_12399.html", "云川区2023年法治政府建设年度报告", "2024-03-12"),
    (COLUMN + "202306/t20230601_12007.html", "云川区人民政府政府信息公开指南", "2023-06-01"),
)


def reports(day: int) -> tuple[Publication, ...]:
    """On the second day a number of one report is another, and nothing says so."""
    return tuple(_corrected(report) if day > 1 and report.path == EDITED else report for report in REPORTS)


def _corrected(publication: Publication) -> Publication:
    return replace(publication, report=replace(publication.report, correction=1))


def republished(base: str) -> Publication:
    [first] = (publication for publication in REPORTS if publication.path == TWICE)
    return replace(first, path=BUREAU + "202201/t20220125_3316.html", published=date(2022, 1, 25), copy_of=base + TWICE)
