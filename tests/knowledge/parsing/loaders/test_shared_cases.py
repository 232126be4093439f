"""The shared cases: what each file that once failed must give, and that files which passed give what they gave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge.errors import ReadingError
from knowledge.metadata.identity_card import identify
from knowledge.parsing.loaders import read
from knowledge.parsing.outline import outline

CASES = Path(__file__).resolve().parents[4].parent / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")


@dataclass(frozen=True)
class Wanted:
    """Words of the text, in this order; words that are not in it; words of the report; how many articles; the title."""

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    articles: int | None = None
    title: str | None = None


_ROAD = "养护员每月上路巡查不少于十二次，发现坍塌、积水等情况应当在两小时内报告所在镇交通办。"
WANTED = {
    "D01": Wanted(("第三条　议事会每季度至少召开一次",), articles=5),
    "D03": Wanted(("第四条　遗失图书", "第五条　本规定由"), articles=4),
    "D05": Wanted(("等次 | 金额\n优秀 | 三千元\n良好 | 二千元\n以上标准",)),
    "D08": Wanted(("青禾县人民政府办公室文件", "青政办发〔2021〕17号")),
    "D09": Wanted(("停放区由区城管部门会同街道划定。",), ("旧城区",), ("旧城区五百辆",), 3),
    "D10": Wanted((), ("领导口头意见", "待删备注", "整段隐藏"), ("领导口头意见",), 3),
    "D11": Wanted(("摊位费每月一百二十元。",), articles=3),
    "D13": Wanted(("严格开放格式也应能读。",)),
    "D14": Wanted(("图片引用失效不影响正文。",)),
    "D16": Wanted(("主文档叫别的名字也应能读。",)),
    "D17": Wanted(("第二条 嵌入片段里的条文，补助三百元。",), articles=3),
    "D18": Wanted(("启用宏的文档。",)),
    "D22": Wanted(("实际天数", "k=0.85"), articles=2),
    "D23": Wanted(("青禾县水务局文件",)),
    "D28": Wanted(("收费每月不超过一百五十元。",)),
    "D29": Wanted(("期满需重新申请。", "禁采期为每年五月一日至八月三十一日。"), ("— 2 —", "－ 1 －"), articles=5),
    "D33": Wanted(("1 | 电线老化 | 七日\n2 | 消防栓缺水",)),
    "E04": Wanted(articles=3),
    "F01": Wanted(("今天是学习班", "欢迎各位学员", "位置偏远", "上一条要求由", "资料来源：")),
    "F05": Wanted(("第一条之一 乙类车辆每年检验一次。",), articles=4),
    "G02": Wanted(("唯一的底层文字",)),
    "G03": Wanted(title="青禾县人民政府关于进一步加强基层公共文化服务的实施意见"),
    "G05": Wanted(("夏令时自六月一日起", "上午办公时间"), articles=2),
    "G12": Wanted(told=("略去嵌入的文件 1 个",)),
    "H03": Wanted(("犬只每年免疫一次。",)),
    "H04": Wanted(("年票价格八十元。",), ("一百元", "九十元", "旧条文")),
    "H08": Wanted(title="云栖市装修管理办法", articles=3),
    "M01": Wanted(("耕地 | 水田 | 每亩八十元\n耕地 | 旱地 | 每亩五十元",)),
    "O18": Wanted((), ("<p>", "<html"), articles=3),
    "P02": Wanted((_ROAD,), ("严禁外传",), ("水印",), 5),
    "P03": Wanted((_ROAD,), articles=5),
    "P08b": Wanted(told=("第 1 页没有文字层",)),
    "P09": Wanted(("职级 | 补贴 | 备注\n一级 | 三百元 | 按月发放",)),
    "P12": Wanted(told=("乱码",)),
    "P16": Wanted((_ROAD,), told=("略去脚注 1 条",), articles=5),
    "P18": Wanted(("新条文一百元。",), ("旧条文",), ("隐藏图层",)),
    "T05": Wanted(told=("1 个无法识别的字符",), articles=5),
    "T19": Wanted(("六十五周岁以上老年人免费乘车。",), ("⼆", "⽼"), articles=3),
}
# Beginning of the hash of what a file of files_ok gives, its text or the sentence that refuses it.
# fmt: off
PASSED: dict[str, str] = {
    "D02": "2ecd6a44", "D04": "6bb02fc1", "D07": "3eb06376", "D19": "2b94baa8", "D19b": "2b94baa8",
    "D19c": "0de6e5df", "D19d": "eeef4313", "D20": "bb248eda", "D21": "95a47d5f", "D25": "92c203ba",
    "D30": "a07ede28", "D32": "bc61341b", "D34": "8b9edeb7", "D36": "b3e9bdbe", "D37": "ebbba517", "D38": "fd8895dd",
    "E01": "cd3255b1", "E02": "a821dc3c", "E08": "d15a6adc", "E09": "3ab0c3b4", "E10": "53147fcb", "F04": "39ad68b4",
    "G06": "58564c2f", "G08": "d27902cc", "G09": "5ab6f7e1", "G11": "28fd4320", "G13": "ea72d37f", "G15": "c62e8479",
    "G16": "0d8958ae", "H01": "0dc26b90", "H02": "0dc26b90", "H07": "018aa14d", "H10": "0b91005c", "H11": "8414f33e",
    "H12": "870069ca", "M02": "1636057c", "O01": "fdb36ef1", "O04": "07f892ed", "O06": "03932123", "O08": "8c1e0e3e",
    "O14": "c0986f00", "O15": "43e8b8d5", "O19": "36068f6f", "O20": "0a8d1061", "O25": "03932123", "P01": "fafe934f",
    "P03b": "f0a1d379", "P04": "e7561341", "P05b": "bc75cc01", "P06": "bff82d17", "P06b": "4a7756e3",
    "P07": "2384fe91", "P07b": "f0a1d379", "P08": "f0a1d379", "P11": "52a1a646", "P13": "00b2b92b", "P15": "81608596",
    "P19": "9de753a7", "P19b": "69db399e", "P21": "1c5bc74b", "P24": "adfcb314", "T01": "db389f7a", "T03": "db389f7a",
    "T04": "9bd423ad", "T06": "06077b94", "T07": "bd6c5002", "T08": "3e0ecab6", "T10": "6814077c", "T16": "6be16b54",
    "T17": "db389f7a", "T18": "e757eda2",
}
# fmt: on


def given(path: Path) -> tuple[str, str]:
    """The text of a file, and what is told about it."""
    try:
        source = read(path)
    except ReadingError as error:
        return "", str(error)
    return source.text, " ".join(source.notes)


@pytest.mark.parametrize("name", WANTED)
def test_a_file_that_once_failed_gives_what_it_should(name: str) -> None:
    [path] = CASES.glob(f"files/{name}_*")
    wanted, (text, told) = WANTED[name], given(path)
    at = 0
    for words in wanted.words:
        assert words in text[at:], words
        at = text.index(words, at) + len(words)
    assert not [words for words in wanted.without if words in text]
    assert not [words for words in wanted.told if words not in told]
    if wanted.articles or wanted.title:
        source = read(path)
        structure = outline(source)
        assert wanted.articles in (None, structure.articles)
        assert wanted.title in (None, identify(source, path.name, structure).title)


def test_every_file_that_once_failed_is_looked_at() -> None:
    assert {path.name.split("_")[0] for path in CASES.glob("files/*_*")} == set(WANTED)


def test_files_that_passed_give_what_they_gave() -> None:
    now = {path.name.split("_")[0]: _hash(path) for path in CASES.glob("files_ok/*")}
    assert {name: now[name] for name in now if PASSED.get(name) != now[name]} == {}
    assert set(now) == set(PASSED)


def _hash(path: Path) -> str:
    text, told = given(path)
    return hashlib.sha256((text or told).encode()).hexdigest()[:8]
