import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reports.division import Place, place_of
from archive.reports.organ import Site, home_of, organ_of
from tests.archive.reports.pages import AGGREGATOR, SONGJIANG

NOWHERE = Place(divisions=(), rest="")
FORMS = {
    "松江区财政局": ["上海市松江区财政局", "松江区财政局", "区财政局", "财政局"],
    "松江区人民政府": ["松江区", "松江区政府", "上海市松江区人民政府", "区人民政府", "本区"],
    "松江区人民政府办公室": ["区府办", "区政府办公室", "松江区人民政府(办公室)", "松江区政府办"],
    "松江区永丰街道办事处": ["永丰街道", "松江区永丰街道办事处", "松江区人民政府永丰街道办事处", "永丰街道办"],
    "松江区泖港镇人民政府": ["泖港镇", "泖港镇政府", "上海市松江区泖港镇人民政府"],
    "松江区泖港镇人民政府办公室": ["泖港镇政府办公室"],
    "松江区财政局国库科": ["区财政局国库科"],
    "松江区市府东路街道办事处": ["市府东路街道", "松江区市府东路街道"],
    "松江区市中街道办事处": ["市中街道"],
    "上海市财政局": ["市财政局", "上海市财政局"],
    "松江公安分局": ["松江公安分局"],
    "国家税务总局上海市松江区税务局": ["国家税务总局上海市松江区税务局"],
    "松江区建设和管理委员会、松江区交通委员会": [
        "上海市松江区建设和管理委员会、上海市松江区交通委员会",
        "区建设和管理委员会/交通委员会",
    ],
}


@pytest.mark.parametrize(("name", "written"), [(name, form) for name, forms in FORMS.items() for form in forms])
def test_every_form_of_a_name_gives_one_name(name: str, written: str) -> None:
    assert organ_of(written, home_of(SONGJIANG)).name == name


@pytest.mark.parametrize(
    ("written", "name", "within"),
    [
        ("重庆市綦江区永城镇人民政府", "綦江区永城镇人民政府", "重庆市"),
        ("江苏省南京市鼓楼区财政局", "鼓楼区财政局", "江苏省南京市"),
        ("晋城市城区人民政府办公室", "晋城市城区人民政府办公室", ""),
        ("济宁市邹城市财政局", "邹城市财政局", "济宁市"),
        ("宣城市宣州区科技局", "宣州区科技局", "宣城市"),
        ("青海省海东市民和回族土族自治县", "民和回族土族自治县人民政府", "青海省海东市"),
        ("上海市浦东新区", "浦东新区人民政府", "上海市"),
        ("南宁经济技术开发区管委会", "南宁经济技术开发区管理委员会", ""),
        ("天津高新区", "天津高新区管理委员会", ""),
        ("上海市城市管理行政执法局", "上海市城市管理行政执法局", ""),
        ("杭州市住房城市建设局", "杭州市住房城市建设局", ""),
        ("淮安市市场监管局", "淮安市市场监管局", ""),
        ("上海市绿化和市容管理局", "上海市绿化和市容管理局", ""),
        ("上海市静安区地区工作办公室", "静安区地区工作办公室", "上海市"),
        ("西藏自治区", "西藏自治区人民政府", ""),
        ("上海市靜安區財政局", "静安区财政局", "上海市"),
        ("东海市赣林区财政局", "赣林区财政局", "东海市"),
        ("河南省新乡市红旗区财政局", "红旗区财政局", "河南省新乡市"),
        ("辽宁省营口市站前区财政局", "站前区财政局", "辽宁省营口市"),
        ("乌鲁木齐市新市区财政局", "新市区财政局", "乌鲁木齐市"),
        ("广东省梅州市梅县区财政局", "梅县区财政局", "广东省梅州市"),
        ("积石山保安族东乡族撒拉族自治县", "积石山保安族东乡族撒拉族自治县人民政府", ""),
    ],
)
def test_divisions_are_told_from_words_that_end_like_them(written: str, name: str, within: str) -> None:
    organ = organ_of(written, NOWHERE)
    assert (organ.name, organ.within) == (name, within)


def test_portal_tells_what_a_name_leaves_out() -> None:
    assert organ_of("区财政局", home_of(SONGJIANG)).within == "上海市"
    shan_xi = Site(portal="jccq", name="晋城市城区人民政府", aggregator=False)
    assert organ_of("城区财政局", home_of(shan_xi)).name == "晋城市城区财政局"


def test_aggregator_is_nobodys_home() -> None:
    assert organ_of("区财政局", home_of(AGGREGATOR)).name == "区财政局"
    republisher = Site(portal="x", name="上海市松江区人民政府", aggregator=True)
    assert organ_of("财政局", home_of(republisher)).name == "财政局"


@pytest.mark.parametrize("name", FORMS)
def test_canonical_name_is_its_own_canonical_name(name: str) -> None:
    assert organ_of(name, NOWHERE).name == organ_of(name, home_of(SONGJIANG)).name == name


@given(name=st.text(alphabet="上海市松江区县政府人民办公室局、/(略) *省州", max_size=40))
def test_no_letter_of_a_name_is_lost_to_divisions(name: str) -> None:
    place = place_of(name)
    assert "".join((*place.divisions, place.rest)) == name
