"""Small talk, recipes and computers are no questions to a library of rules, and no follow-ups of one."""

from __future__ import annotations

import pytest
from small_library import write

from assistant.answerer import Answerer
from assistant.answering.refusals import OUTSIDE_FIELD
from assistant.model import Message, Mode
from assistant.understanding.outside_field import OutsideField
from eval.training.outside_field import texts
from knowledge.embeddings import Encoder, open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

# None of these is learnt from.
OUTSIDE = (
    "给我讲个冷笑话吧",
    "红烧排骨放不放八角",
    "周末去哪里爬山好",
    "我的打印机一直卡纸",
    "有什么好看的科幻片推荐",
    "帮我写个冒泡排序的代码",
    "我家狗半夜老是叫",
    "明天会不会下雪",
    "这首歌是谁唱的",
    "头发掉得厉害吃什么好",
)
INSIDE = (
    "孩子升学摆酒能收同事的礼金吗",
    "出差住亲戚家能领补助吗",
    "要是他一直不签字呢",
    "超过这个数怎么办",
    "公车能不能开回家过夜",
    "退休的也算吗",
    "谁来批",
    "村里的账多久公布一回",
    "受了警告还能评优不",
    "会上喝点酒要紧吗",
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder()


def test_most_of_what_lies_outside_is_told_and_nothing_inside_is_taken_for_it(encoder: Encoder) -> None:
    outside = OutsideField(encoder.embed_query, lambda: encoder.name)
    assert sum(map(outside, OUTSIDE)) >= 6
    assert not [text for text in INSIDE if outside(text)]


def test_what_is_tested_was_not_learnt() -> None:
    learnt = {text for several in texts().values() for text in several}
    assert learnt.isdisjoint(OUTSIDE + INSIDE)


def test_with_another_encoder_nothing_lies_outside(encoder: Encoder) -> None:
    outside = OutsideField(encoder.embed_query, lambda: "another")
    assert not any(map(outside, OUTSIDE))


RULES = """# 河湾机关食堂管理规定

第一条　食堂工作日供应午餐，每人每餐交纳十元。

第二条　来客就餐的，应当由接待部门提前一天报备，并由分管领导签字。

第三条　食堂采购应当实行两人以上询价，每季度公布账目。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("canteen")
    kb = KnowledgeBase.open(folder / "data", open_encoder, register=Register.load())
    kb.add([write(folder, "a.md", RULES)], publish=True)
    return Answerer(kb, Register.load(), Lexicon.load())


def test_small_talk_is_told_to_be_beside_the_library_without_cards(answerer: Answerer) -> None:
    answer = answerer.answer("给我讲个冷笑话吧")
    assert answer.mode is Mode.REFUSE
    assert answer.refusal is not None
    assert answer.refusal.code == OUTSIDE_FIELD
    assert not answer.refusal.nearest


def test_small_talk_in_the_middle_is_no_follow_up_and_the_next_one_goes_on_from_the_matter(answerer: Answerer) -> None:
    matter = Message("user", "来客在食堂吃饭要提前多久报备")
    joke = answerer.answer("给我讲个冷笑话吧", (matter,))
    assert joke.standalone == "给我讲个冷笑话吧"
    assert joke.mode is Mode.REFUSE
    after = answerer.answer("那谁签字", (matter, Message("user", "给我讲个冷笑话吧")))
    assert "来客在食堂吃饭" in after.standalone
    assert "分管领导" in after.text


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("对了，食堂采购要几个人询价", "食堂采购要几个人询价"),
        ("换个话题，食堂账目多久公布一回", "食堂账目多久公布一回"),
        ("问一下 午餐一顿交多少钱", "午餐一顿交多少钱"),
    ],
)
def test_a_turn_to_another_matter_leaves_the_one_before(answerer: Answerer, question: str, alone: str) -> None:
    assert answerer.answer(question, (Message("user", "来客在食堂吃饭要提前多久报备"),)).standalone == alone
