"""What a speech says about a matter is told by its points, found under what people call it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answerer import Answerer
from assistant.answering.extract import USUAL_LENGTH
from assistant.model import Mode, Role
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

SPEECH = """在青禾县基层干部座谈会上的发言材料

尊敬的各位同志：
这段时间跑了十几个村，看到不少年轻人愿意到村里来，也看到有的来了半年就走。问题出在留不住、用不好、学不到三个方面，下面分别来说。
一、让来的人“稳”下来，解决“留不住”的难题
为什么“留不住”？原因主要是住处太远、食堂不开晚饭、补贴发得太迟。因此要从生活上的小事办起，让人安心住下来。一是把宿舍修好。每个村部都要腾出两间朝南的屋子，装上热水器和网线，冬天的取暖费由乡里统一缴纳。二是把饭堂办好。三个以上年轻干部的村要开晚饭，菜价由村民代表会议商定，月底公布账目。三是把补贴发准。驻村补贴每月十日前发到本人卡上，迟一天由经办人写出说明。
二、让干的人“顺”起来，解决“用不好”的难题
用人不能只看谁嗓门大。一是按专长派活。学农的去果园，学会计的去合作社，不能让学畜牧的人整天填表。二是允许试错。新办法先在一个村民小组试一季，没有收成的不追究个人，但要防止把马虎当成试错、把护短当成关心。三是减少陪会。同一天下午不得通知同一个村参加两个会议。
三、让学的人“快”起来，解决“学不到”的难题
年轻干部最怕没人教。一是结对子。每名新来的干部由一名老支书带一年，采取“看一遍、做一遍、讲一遍”的方式。二是上讲台。每季度请他们给村民讲一堂课，讲得好的推荐到县里去讲。三是进场站。农忙时到农机站跟班一个月，学会开一种机器。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder: Path = tmp_path_factory.mktemp("files")
    (folder / "发言.txt").write_text(SPEECH, encoding="utf-8")
    encoder = open_encoder("builtin")
    kb = KnowledgeBase.open(tmp_path_factory.mktemp("data"), lambda: encoder, register=Register.load())
    kb.add([folder], publish=True)
    yield Answerer(kb, Register.load(), Lexicon.load())
    kb.close()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("发言里说驻村补贴几号前要发到卡上", "每月十日前发到本人卡上"),
        ("那份材料说老支书怎么带新人", "看一遍、做一遍、讲一遍"),
        ("稿子里提防着把什么当成试错", "把马虎当成试错"),
        ("那篇稿子讲晚饭的菜价谁来定", "村民代表会议商定"),
    ],
)
def test_a_point_of_the_speech_is_told_whole_and_first(answerer: Answerer, question: str, said: str) -> None:
    answer = answerer.answer(question)
    assert answer.mode is Mode.EXTRACT
    assert said in answer.text[:200]
    assert sum(len(one.text) for one in answer.sentences) <= USUAL_LENGTH


def test_the_opening_of_a_section_brings_the_first_words_of_its_points(answerer: Answerer) -> None:
    text = answerer.answer("发言里对“用不好”开了哪三个药方").text
    assert "按专长派活" in text
    assert "允许试错" in text
    assert "减少陪会" in text


def test_the_speakers_own_question_is_read_with_what_answers_it(answerer: Answerer) -> None:
    assert "补贴发得太迟" in answerer.answer("那份发言讲年轻人为什么留不住").text


def test_every_sentence_is_cited_from_the_speech(answerer: Answerer) -> None:
    answer = answerer.answer("发言里说驻村补贴几号前要发到卡上")
    assert all(sentence.citations for sentence in answer.sentences)
    assert all(citation.quote in SPEECH for citation in answer.citations)


def test_who_asks_for_several_points_gets_the_points_of_the_section(answerer: Answerer) -> None:
    text = answerer.answer("要把人留得住，讲话里提了哪三个办法").text
    assert all(point in text for point in ("宿舍修好", "饭堂办好", "补贴发准"))


def test_the_sentence_that_says_it_leads_its_point(answerer: Answerer) -> None:
    first = next(one for one in answerer.answer("发言里怎么讲上讲台给村民讲课").sentences if one.citations)
    assert "讲一堂课" in first.text or "上讲台" in first.text
    assert first.role is Role.DIRECT


def test_the_opening_of_another_section_is_not_told_beside_a_point(answerer: Answerer) -> None:
    for question in ("发言里说驻村补贴几号前要发到卡上", "那个发言怎么看试错", "稿子里说取暖费谁交"):
        assert not any("“快”起来" in one.text for one in answerer.answer(question).sentences)


@pytest.mark.parametrize("question", ["发言一共讲了几个问题", "那篇发言的标题都是什么", "讲话分了哪几部分"])
def test_what_a_speech_is_made_of_is_told_by_its_headings(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question)
    assert answer.mode is Mode.EXTRACT
    assert [one.text[:2] for one in answer.sentences] == ["一、", "二、", "三、"]


@pytest.mark.parametrize(
    "question", ["材料里给的留不住的原因是啥", "那个发言怎么看试错", "那篇东西主张怎么带新人", "材料中讲晚饭菜价谁定"]
)
def test_the_speech_is_meant_by_what_people_call_it(answerer: Answerer, question: str) -> None:
    assert answerer.asked(question).understood.held


@pytest.mark.parametrize(
    "question", ["我那个材料什么时候交", "申报材料里要写什么", "材料里要不要附照片", "材料里说不清怎么办"]
)
def test_papers_of_ones_own_are_no_speech(answerer: Answerer, question: str) -> None:
    assert not answerer.asked(question).understood.held
