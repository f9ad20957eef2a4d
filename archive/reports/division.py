"""Administrative divisions as names begin with them: 江苏省 南京市 鼓楼区 | 财政局.

They are told by their endings, without a gazetteer. What ends alike and is no division is kept out by name: development
zones (经济技术开发区), and words in which 市, 区 or 县 mean the thing itself (城市管理, 市场监管, 社区).
"""

import re
from dataclasses import dataclass

_WORD = r"[^\W\d_a-zA-Z省市县区旗盟局委办厅室处站]"
_ZONES = (
    "开发 高新 经开 园 示范 保税 风景 景 自贸 度假 试验 实验 工业 产业 聚 片 社 小 地 校 功能 管理 保护 合作 商务 新城"
    " 核心 灾 辖 各 全 我 本 先行 先导 库 国有林 重点林 旅游"
)
_NO_ZONE = "".join(f"(?<!{zone})" for zone in _ZONES.split() if zone != "新城")
_PROVINCE = (
    r"(?P<municipality>(?:北京|天津|上海|重庆)市)"
    rf"|(?P<province>{_WORD}{{2,3}}省|(?:内蒙古|广西(?:壮族)?|西藏|宁夏(?:回族)?|新疆(?:维吾尔)?)自治区)"
)
_PREFECTURE = (
    rf"(?P<prefecture>{_WORD}{{1,9}}自治州|{_WORD}{{2,4}}州(?![市区县])|{_WORD}{{2,8}}?市(?!场监|容)"
    rf"|{_WORD}{{2,5}}(?:盟|地区))"
)
_DISTRICT = (
    rf"(?:市[中南北]|新市|站前|红旗|梅县)区|{_WORD}{{1,6}}{_NO_ZONE}区(?![划域级直])|{_WORD}{{1,14}}?自治县"
    rf"|{_WORD}{{1,9}}?(?:县(?![域级直])|旗)"
)
# 邹城市 is a city, the 城市 of 住房城市建设 is not
_CITY_BELOW = rf"{_WORD}{{2,4}}(?<!..城)(?<![超都和])市(?!场|容)"
_UPPER = re.compile(_PROVINCE)
_MIDDLE = re.compile(_PREFECTURE)
_LOWER = re.compile(rf"{_DISTRICT}|{_CITY_BELOW}")
_LOWEST_ALONE = re.compile(_DISTRICT)
_ENDING = re.compile(r"(?:自治区|自治州|自治县|地区|省|市|区|县|旗|盟|州)$")
_SHORT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`divisions` from the highest to the lowest; `rest` is what follows them in the name."""

    divisions: tuple[str, ...]
    rest: str

    @property
    def lowest(self) -> str:
        return self.divisions[-1] if self.divisions else ""

    @property
    def above(self) -> str:
        return "".join(self.divisions[:-1])

    def at_level(self, level: str) -> tuple[str, ...]:
        """The divisions down to the lowest one of this level (市, 区, …); empty if there is none."""
        ends = [n for n, division in enumerate(self.divisions, 1) if division.endswith(level)]
        return self.divisions[: ends[-1]] if ends else ()

    def named_in(self, text: str) -> bool:
        """Whether `text` names one of the divisions, be it without its ending (上海, 松江)."""
        return any(stem(division) in text for division in self.divisions)


def stem(division: str) -> str:
    bare = _ENDING.sub("", division)
    return bare if len(bare) >= _SHORT else division


def place_of(name: str) -> Place:
    found: list[str] = []
    rest = name
    for pattern in (_UPPER, _MIDDLE, _LOWER):
        if pattern is _MIDDLE and found and found[0].endswith("市"):
            continue  # a municipality has districts directly under it
        match = (pattern if found or pattern is not _LOWER else _LOWEST_ALONE).match(rest)
        if match is not None:
            found.append(match[0])
            rest = rest[match.end() :]
    return Place(divisions=_joined(found), rest=rest)


def _joined(found: list[str]) -> tuple[str, ...]:
    """城区, 郊区, 矿区 are no names without their city's."""
    if len(found) > 1 and len(found[-1]) <= _SHORT and found[-1].endswith("区"):
        return (*found[:-2], found[-2] + found[-1])
    return tuple(found)
