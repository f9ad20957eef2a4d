"""The numbers of an annual report: the statutory tables of 2021 and 2019, filled so that they reconcile.

For every column of the applications table, as its caption demands:

    received + carried over = handled in all + carried forward        handled in all = the sum of its outcomes

and in every row, as in the table of reviews and lawsuits, the last number is the sum of those before it. The numbers
are a function of `seed` alone; seed 0 gives a body to whom nothing happened, as most small ones report.

Sources: 国办公开办函〔2021〕30号 (25 rows of 7), 国办公开办函〔2019〕60号 (23 rows of 7), with their annexed forms.
"""

from itertools import starmap

Numbers = tuple[tuple[int, ...], ...]

APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
RECEIVED, CARRIED_OVER = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
HANDLED, CARRIED_FORWARD = "三、本年度办理结果", "四、结转下年度继续办理"

REFUSED = (
    "1.属于国家秘密",
    "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”",
    "4.保护第三方合法权益",
    "5.属于三类内部事务信息",
    "6.属于四类过程性信息",
    "7.属于行政执法案卷",
    "8.属于行政查询事项",
)
UNAVAILABLE = ("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确")
NOT_PROCESSED = (
    "1.信访举报投诉类申请",
    "2.重复申请",
    "3.要求提供公开出版物",
    "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息",
)
OTHERWISE = (
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "3.其他",
)

Outcomes = tuple[tuple[str, tuple[str, ...]], ...]
"""Group of outcomes and the rows under it; a group without rows is a row itself."""

OUTCOMES_2021: Outcomes = (
    ("(一)予以公开", ()),
    ("(二)部分公开(区分处理的,只计这一情形,不计其他情形)", ()),
    ("(三)不予公开", REFUSED),
    ("(四)无法提供", UNAVAILABLE),
    ("(五)不予处理", NOT_PROCESSED),
    ("(六)其他处理", OTHERWISE),
)
OUTCOMES_2019: Outcomes = (*OUTCOMES_2021[:5], ("(六)其他处理", ()))


def outcome_rows(outcomes: Outcomes) -> int:
    return sum(max(1, len(rows)) for _, rows in outcomes)


def applications(outcomes: Outcomes, seed: int) -> Numbers:
    """Rows as printed: received, carried over, the outcomes, handled in all, carried forward; 7 columns each."""
    columns = [_applicant(outcome_rows(outcomes), seed, column) for column in range(len(APPLICANTS))]
    return tuple((*row, sum(row)) for row in zip(*columns, strict=True))


def _applicant(rows: int, seed: int, column: int) -> tuple[int, ...]:
    outcomes = [_sparse(seed, column, row) for row in range(rows)]
    handled, forward = sum(outcomes), seed % 3 if column == 0 else 0
    over = min(handled, seed % 2)
    return (handled + forward - over, over, *outcomes, handled, forward)


def _sparse(seed: int, column: int, row: int) -> int:
    """Mostly naught, like the real tables; natural persons apply most, and for most of them it ends well."""
    weight = seed * (row + 3) * (column + 5) % 23
    return weight // (1 + 6 * column + 2 * row) if seed else 0


def disputes(seed: int) -> tuple[int, ...]:
    """Reviews, lawsuits without and after a review: upheld, corrected, other, pending, and their total, three times."""
    return sum(starmap(_dispute, ((seed, kind) for kind in range(3))), ())


def _dispute(seed: int, kind: int) -> tuple[int, ...]:
    results = tuple(seed * (place + 2) % 7 // (3 + kind + place) for place in range(4))
    return (*results, sum(results))


def documents(seed: int) -> tuple[int, ...]:
    """Issued, annulled and in force: rules, then normative documents."""
    return (0, 0, 0, seed % 5, seed % 2, seed * 3 % 17)


def decisions(seed: int) -> tuple[int, ...]:
    """Licences, penalties, compulsory measures, fees (in 10 000 yuan)."""
    return (seed * 12, seed * 5 % 31, seed % 4, seed * 2 % 9)
