"""An answer begins with the sentence that says it, and a row of a table comes with its header."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answerer import Answerer
from assistant.answering.extract import beside, row_asked_for
from assistant.answering.sentences import units
from assistant.model import Mode, Role
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

RULES = """# 云栖市渡船接待管理办法

第一条　为了规范渡船接待，制定本办法。

第二条　渡船接待单位应当执行接待清单制度，如实填写接待对象、渡船班次、接待人员等情况。渡船接待应当控制总额，不得超过年度预算。\
渡船接待一般不安排用餐，船上用餐不上酒。渡船接待清单作为报销凭证，由接待单位财务人员保存备查。

第三条　接待清单由船长保存。船长每航次填写清单，由调度室核对后归档。清单的保存期限为七年。遗失清单的，应当立即报告调度室并补填。

第四条　船员住宿费标准如下：

单位：元/人天

| 类别 | 岗位 | 旺季 | 淡季 |
| --- | --- | --- | --- |
| 甲类船 | 船长 | 500 | 350 |
| 甲类船 | 大副 | 420 | 300 |
| 乙类船 | 船长 | 380 | 260 |
| 乙类船 | 水手 | 240 | 160 |
| 丙类船 | 船长 | 320 | 220 |
| 丙类船 | 水手 | 200 | 140 |

超出标准的部分由个人负担。住宿费凭发票报销，没有发票的不予报销。旺季是指每年六月至九月，其余月份为淡季。船员在家住宿的不领取住宿费，在船上住宿的按淡季标准的一半领取。

第五条　本办法自2022年3月1日起施行。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder: Path = tmp_path_factory.mktemp("files")
    (folder / "渡船接待.md").write_text(RULES, encoding="utf-8")
    encoder = open_encoder("builtin")
    kb = KnowledgeBase.open(tmp_path_factory.mktemp("data"), lambda: encoder, register=Register.load())
    kb.add([folder], publish=True)
    yield Answerer(kb, Register.load(), Lexicon.load())
    kb.close()


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("渡船接待能喝酒吗", "不上酒"),
        ("清单的保存期限多长", "七年"),
        ("清单丢了怎么办", "遗失清单"),
        ("每航次填的清单由谁核对归档", "调度室"),
    ],
)
def test_the_sentence_that_says_it_comes_first(answerer: Answerer, question: str, says: str) -> None:
    answer = answerer.answer(question)
    first = next(one for one in answer.sentences if one.citations)
    assert answer.mode is Mode.EXTRACT
    assert says in first.text
    assert first.role is Role.DIRECT


def test_a_row_of_a_table_comes_with_its_header_and_unit(answerer: Answerer) -> None:
    answer = answerer.answer("乙类船的水手旺季住宿费标准是多少")
    said = [one.text for one in answer.sentences]
    assert "乙类船 | 水手 | 240 | 160" in said
    assert (
        said.index("单位：元/人天") < said.index("类别 | 岗位 | 旺季 | 淡季") < said.index("乙类船 | 水手 | 240 | 160")
    )
    assert [one.text for one in answer.sentences if one.role is Role.DIRECT] == ["乙类船 | 水手 | 240 | 160"]


def test_of_a_long_table_only_the_rows_of_the_group_asked_for_are_shown() -> None:
    rows = "\n".join(f"{'东西南北'[n]}段 | 船长 | {50 + n}\n大副 | {40 + n}\n水手 | {30 + n}" for n in range(4))
    every = units(f"住宿费标准如下：\n航段 | 岗位 | 标准\n{rows}\n超出自理。")
    deputy = row_asked_for("西段的大副住宿费是多少", every, every)
    assert deputy is not None
    assert [unit.text for unit in beside(deputy, every, every)] == [
        "住宿费标准如下：", "航段 | 岗位 | 标准", "西段 | 船长 | 51", "大副 | 41", "水手 | 31", "超出自理。"
    ]  # fmt: skip
    assert row_asked_for("大副住宿费是多少", every, every) is None
