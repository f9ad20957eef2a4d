"""What 东海市澄湖区 publishes: its reports, a new one on the second day, and the pages that stand beside them."""

from datetime import date

from crawler.demo.report import District
from crawler.demo.site import Publication, Row

DISTRICT = District(city="东海市", name="澄湖区", website="http://www.chenghu.example")
ATTACHED = "/module/download/downfile.jsp?classid=0&filename=5d1f0c77a9e84b6a8b0b6b7f2f1f6c11.pdf"
NEW = Publication(
    report=DISTRICT.report("区民政局", 2024, 3),
    path="/art/2025/1/21/art_123_5102.html",
    published=date(2025, 1, 21),
)
REPORTS: tuple[Publication, ...] = (
    Publication(
        report=DISTRICT.report("区教育局", 2024, 8),
        path="/art/2025/1/17/art_123_5090.html",
        published=date(2025, 1, 17),
        form="{organ}{year}年政府信息公开年报",
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2023, 12),
        path="/art/2024/3/29/art_123_4620.html",
        published=date(2024, 3, 29),
        attachments=(ATTACHED,),
    ),
    Publication(
        report=DISTRICT.report("区人民政府办公室", 2023, 6),
        path="/art/2024/1/29/art_123_4588.html",
        published=date(2024, 1, 29),
    ),
    Publication(
        report=DISTRICT.report("区民政局", 2023, 2),
        path="/art/2024/1/26/art_123_4581.html",
        published=date(2024, 1, 26),
        organ_as_written="东海市澄湖区民政局",
    ),
    Publication(
        report=DISTRICT.report("湖滨街道办事处", 2023),
        path="/art/2024/1/23/art_123_4574.html",
        published=date(2024, 1, 23),
        organ_as_written="湖滨街道办事处",
    ),
    Publication(
        report=DISTRICT.report("区财政局", 2023, 4),
        path="/art/2024/1/18/art_123_4567.html",
        published=date(2024, 1, 18),
        form="{year}年{organ}政府信息公开工作年度报告",
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2022, 10),
        path="/art/2023/3/28/art_123_4102.html",
        published=date(2023, 3, 28),
    ),
    Publication(
        report=DISTRICT.report("柳浦镇人民政府", 2022, 1),
        path="/art/2023/1/19/art_123_4051.html",
        published=date(2023, 1, 19),
        organ_as_written="柳浦镇人民政府",
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2021, 9),
        path="/art/2022/3/30/art_123_3677.html",
        published=date(2022, 3, 30),
    ),
    Publication(
        report=DISTRICT.report("区发展和改革委员会", 2019, 5),
        path="/art/2020/1/21/art_123_2944.html",
        published=date(2020, 1, 21),
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2016, 8),
        path="/art/2017/3/27/art_123_1208.html",
        published=date(2017, 3, 27),
    ),
)
OTHERS: tuple[Row, ...] = (
    ("/art/2024/4/8/art_123_4633.html", "一图读懂澄湖区2023年政府信息公开工作年度报告", "2024-04-08"),
    ("/art/2024/1/24/art_123_4577.html", "澄湖区人民政府门户网站2023年政府网站工作年度报表", "2024-01-24"),
    ("/art/2023/12/20/art_123_4490.html", "关于报送2023年度政府信息公开工作年度报告的通知", "2023-12-20"),
    ("/art/2023/1/30/art_123_4066.html", "澄湖区2022年法治政府建设情况报告", "2023-01-30"),
)


def reports(day: int) -> tuple[Publication, ...]:
    return (NEW, *REPORTS) if day > 1 else REPORTS
