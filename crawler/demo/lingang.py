"""What 东海市临港区 publishes: its reports, and the pages that its list shows beside them."""

from datetime import date

from crawler.demo.report import District
from crawler.demo.site import Publication, Row

DISTRICT = District(city="东海市", name="临港区", website="http://www.lingang.example")
REPORTS: tuple[Publication, ...] = (
    Publication(
        report=DISTRICT.report("区人民政府", 2023, 10),
        path="/zwgk/nb/art/2024/art_9d1f6c3a7be245c08f1e52a7d0c4b6e1.html",
        published=date(2024, 3, 29),
    ),
    Publication(
        report=DISTRICT.report("区财政局", 2023, 7),
        path="/zwgk/nb/art/2024/art_51a8c0d2e6f94b7c8a3d1f0e9b2c4d60.html",
        published=date(2024, 1, 23),
    ),
    Publication(
        report=DISTRICT.report("区教育局", 2023, 1),
        path="/zwgk/nb/art/2024/art_c7e2b4a6918d4f0ea5b3c2d1e0f98a76.html",
        published=date(2024, 1, 19),
        form="{year}年{organ}政府信息公开工作年度报告",
    ),
    Publication(
        report=DISTRICT.report("区人民政府", 2022, 4),
        path="/zwgk/nb/art/2023/art_0b9a8c7d6e5f4a3b2c1d0e9f8a7b6c5d.html",
        published=date(2023, 3, 30),
    ),
)
OTHERS: tuple[Row, ...] = (
    ("/zwgk/nb/art/2024/art_77f0e1d2c3b4a5968778695a4b3c2d1e.html", "临港区2023年法治政府建设年度报告", "2024-03-15"),
)
