"""The statutory tables as printed: sections two, three and four of a report, in the forms of 2021 and of 2019."""

from collections.abc import Iterator, Sequence

from crawler.demo.grid import Cell, Grid, row, wide
from crawler.demo.statistics import (
    APPLICANTS,
    CARRIED_FORWARD,
    CARRIED_OVER,
    HANDLED,
    RECEIVED,
    Outcomes,
    applications,
    decisions,
    disputes,
    documents,
    outcome_rows,
)

DECIDED = ("信息内容", "本年处理决定数量")
CHANGED = ("信息内容", "上一年项目数量", "本年增/减", "处理决定数量")
CAPTION = "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)"
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def proactive_2021(seed: int, correction: int = 0) -> Grid:
    """Ten numbers in four blocks; `correction` is added to the licences, as one edits a published page in silence."""
    papers, (licences, penalties, measures, fees) = documents(seed), decisions(seed)
    return (
        wide("第二十条第(一)项", 4),
        row("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
        row("规章", *papers[:3]),
        row("行政规范性文件", *papers[3:]),
        wide("第二十条第(五)项", 4),
        row(*DECIDED),
        row("行政许可", licences + correction),
        wide("第二十条第(六)项", 4),
        row(*DECIDED),
        row("行政处罚", penalties),
        row("行政强制", measures),
        wide("第二十条第(八)项", 4),
        row("信息内容", "本年收费金额(单位:万元)"),
        row("行政事业性收费", fees),
    )


def proactive_2019(seed: int) -> Grid:
    papers, (licences, penalties, measures, fees) = documents(seed), decisions(seed)
    return (
        wide("第二十条第(一)项", 4),
        row("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"),
        row("规章", *papers[:3]),
        row("规范性文件", *papers[3:]),
        wide("第二十条第(五)项", 4),
        row(*CHANGED),
        row("行政许可", 8, 0, licences),
        row("其他对外管理服务事项", 3, 1, seed),
        wide("第二十条第(六)项", 4),
        row(*CHANGED),
        row("行政处罚", 12, -1, penalties),
        row("行政强制", 2, 0, measures),
        wide("第二十条第(八)项", 4),
        row("信息内容", "上一年项目数量", "本年增/减"),
        row("行政事业性收费", fees, 0),
        wide("第二十条第(九)项", 4),
        row("信息内容", "采购项目数量", "采购总金额"),
        row("政府集中采购", seed, seed * 7),
    )


def application_table(outcomes: Outcomes, seed: int) -> Grid:
    received, carried_over, *handled, forward = applications(outcomes, seed)
    return (
        (Cell(text=CAPTION, rows=3, columns=3), Cell(text="申请人情况", columns=7)),
        (Cell(text="自然人", rows=2), Cell(text="法人或其他组织", columns=5), Cell(text="总计", rows=2)),
        row(*APPLICANTS[1:]),
        (Cell(text=RECEIVED, columns=3), *row(*received)),
        (Cell(text=CARRIED_OVER, columns=3), *row(*carried_over)),
        *_handled(outcomes, handled),
        (Cell(text=CARRIED_FORWARD, columns=3), *row(*forward)),
    )


def _handled(outcomes: Outcomes, numbers: Sequence[tuple[int, ...]]) -> Iterator[tuple[Cell, ...]]:
    """The first row carries the cell that spans them all: 22 rows in the form of 2021, 20 in that of 2019."""
    margin: tuple[Cell, ...] = (Cell(text=HANDLED, rows=outcome_rows(outcomes) + 1),)
    labels = (*_labels(outcomes), (Cell(text="(七)总计", columns=2),))
    for label, values in zip(labels, numbers, strict=True):
        yield (*margin, *label, *row(*values))
        margin = ()


def _labels(outcomes: Outcomes) -> Iterator[tuple[Cell, ...]]:
    for group, rows in outcomes:
        if not rows:
            yield (Cell(text=group, columns=2),)
        for place, label in enumerate(rows):
            yield (*((Cell(text=group, rows=len(rows)),) if place == 0 else ()), Cell(text=label))


def dispute_table(seed: int) -> Grid:
    return (
        (Cell(text="行政复议", columns=5), Cell(text="行政诉讼", columns=10)),
        (
            *(Cell(text=result, rows=2) for result in RESULTS),
            Cell(text="未经复议直接起诉", columns=5),
            Cell(text="复议后起诉", columns=5),
        ),
        row(*RESULTS * 2),
        row(*disputes(seed)),
    )
