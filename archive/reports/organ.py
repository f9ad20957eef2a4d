"""The body a report is of, under one name however it is written.

    上海市松江区财政局, 松江区财政局, 区财政局 (松江's portal)    -> 松江区财政局
    松江区, 松江区政府, 上海市松江区人民政府                     -> 松江区人民政府
    静安区人民政府南京西路街道, 静安区南京西路街道办事处         -> 静安区南京西路街道办事处
    上海市财政局; 市财政局 (on 上海's or 松江's portal)          -> 上海市财政局

The canonical name begins with the lowest division the organ belongs to and leaves out those above, for half of the
titles do. Districts of the same name in different cities (南京's and 福州's 鼓楼区) therefore share canonical names:
`within` keeps what stands above the division wherever title or portal say so. Abbreviations of the organ proper
(科技局, 科学技术委员会) are left as written: two organs are never made one by guessing.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from archive.reports.division import Place, place_of
from archive.reports.script import plain

_NOWHERE = Place(divisions=(), rest="")
# 市府东路街道, 市中街道: a street of that name
_LEVEL = re.compile(r"(?:本|我)?(自治区|自治州|自治县|省|市|区|县|旗|州|盟)(?!府(?!办)|[东南西北中城]街道)")
_NATIONAL = ("国家", "中国", "中华", "中共", "全国", "国务院", "海关总署")
_STREET = re.compile(r"^(?:人民政府)?(.{1,8}街道)(?:办事处|办)?$")
_OFFICE = re.compile(r"^(?:府办|(?:人民)?政府办)(?:公室)?$")
_GOVERNMENT = re.compile(r"(?<!人民)政府(?=$|办公|办$|外事|驻|.{1,8}街道)")
_TOWN = re.compile(r"([镇乡])$")
_ZONE = re.compile(r"(?:开发区|高新区|经开区|保税区|园区|度假区|示范区|风景区|工业园|产业园)$")
_KIND = (
    "政府 公署 行署 局 委员会 委 办公室 府办 厅 署 管委会 街道 办事处 管理处 镇 乡 中心 总队 支队 大队 调查队 集团 公司"
    " 联社 联合社 联合会 红十字会 档案馆 研究院"
)
_ENDS_AS_ORGAN = re.compile(rf"(?:{'|'.join(_KIND.split())})$")
_NO_ORGAN = re.compile(
    r"^(?:各|历年|年度|首页|我局|本局|本单位|本部门|政府信息|信息|网站|政策|机构|市直|区直|县直|省直|区级|市级|县级|其他)"
    r"|(?:部门|单位|机构|乡镇|镇街|区县|县区)$|^(?:区|市|县|街道|镇|乡|镇乡|乡镇街道|街道镇|街道乡镇|人民政府|政府|委|局|委办局)$"
)
_LONGEST = 120
_LISTED = re.compile(r"[、/;,&]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Facts of the portal a page was captured on, e.g. `name` 上海市松江区人民政府."""

    portal: str
    name: str
    aggregator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    """`within`: the province or city above the name's division as far as known, e.g. 上海市; may be empty."""

    name: str
    within: str
    written: str


def home_of(site: Site | None) -> Place:
    """Where organs named without a place are at home. An aggregator is nobody's home."""
    return _NOWHERE if site is None or site.aggregator else place_of(tidy(site.name))


def tidy(name: str) -> str:
    return re.sub(r"\((办公室)\)$", r"\1", "".join(plain(name).split()).strip("-_:,.;·、"))


def looks_like_organ(text: str) -> bool:
    return len(text) <= _LONGEST and _looks_like_organ(text)


@lru_cache(maxsize=4096)  # a portal has few organs, and each of its pages names some
def _looks_like_organ(text: str) -> bool:
    name = tidy(text)
    return 3 <= len(name) <= 40 and bool(_ENDS_AS_ORGAN.search(name)) and not _NO_ORGAN.search(name)


def organ_of_site(site: Site) -> Organ | None:
    """Whose portal it is; None for an aggregator, and for a portal that is not named after a body."""
    if site.aggregator or not (home_of(site).divisions or looks_like_organ(site.name)):
        return None
    return organ_of(site.name, _NOWHERE)


@lru_cache(maxsize=4096)
def organ_of(written: str, home: Place) -> Organ:
    names = _LISTED.split(tidy(written))
    if len(names) == 1 or not all(_ENDS_AS_ORGAN.search(name) for name in names):
        return _single(written, home)
    first = _single(names[0], home)
    # later names of a joint report belong where the first one does
    place = place_of(first.name) if place_of(first.name).divisions else home
    others = [_single(name, place).name for name in names[1:]]
    return Organ(name="、".join([first.name, *others]), within=first.within, written=written)


def _single(written: str, home: Place) -> Organ:
    name = tidy(written)
    place = place_of(name)
    if not place.divisions:
        place = _at_home(name, home)
    elif _is_home(place, home):
        place = Place(divisions=home.divisions, rest=place.rest)
    return Organ(name=place.lowest + _in_full(place.rest, place.lowest), within=place.above, written=written)


def _is_home(place: Place, home: Place) -> bool:
    """The name begins at the home's own division, perhaps at the last part of it (城区 of 晋城市城区)."""
    return len(place.divisions) == 1 and home.lowest.endswith(place.lowest)


def _at_home(name: str, home: Place) -> Place:
    level = _LEVEL.match(name)
    if level is not None:
        divisions = home.at_level(level[1])
        return Place(divisions=divisions, rest=name[level.end() :] if divisions else name)
    if name.startswith(_NATIONAL) or home.named_in(name):
        return Place(divisions=(), rest=name)
    return Place(divisions=home.divisions, rest=name)


def _in_full(rest: str, division: str) -> str:
    if not rest and division:
        return "行政公署" if division.endswith(("盟", "地区")) else "人民政府"
    if _OFFICE.search(rest):
        return "人民政府办公室"
    rest = _GOVERNMENT.sub("人民政府", rest).replace("管委会", "管理委员会")
    rest = _STREET.sub(r"\1办事处", rest)
    return _TOWN.sub(r"\1人民政府", _ZONE.sub(r"\g<0>管理委员会", rest))
