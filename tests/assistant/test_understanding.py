"""What a question asks, in the sloppy ways people write it."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.errors import InvalidQuestion
from assistant.model import Message
from assistant.understanding.followup import says_too_little
from assistant.understanding.named_documents import Names
from assistant.understanding.question import ArticleRef, Kind, Understood, understand
from knowledge.metadata.register import Register
from knowledge.metadata.validity import series_key
from knowledge.model import Document, IdentityCard, Status, Validity
from knowledge.retrieval.lexicon import Lexicon

TITLES = {
    "星河市图书借阅管理条例": ("2018", "2023"),
    "中国共产党星河市委读书会工作规则（试行）": ("2021",),
    "中华人民共和国公务员法": ("2018",),
    "关于厉行节约反对食品浪费的意见": (None,),
    "": (None,),  # a collection of passages has no title
}


@pytest.fixture(scope="module")
def names() -> Names:
    documents = [
        Document(
            id=number,
            version_id=number,
            card=IdentityCard(title, edition=edition),
            status=Status.PUBLISHED,
            validity=Validity.IN_FORCE,
            series=series_key(title),
            articles=20,
            passages=20,
            sha256="",
            file_name="",
            added_at=datetime(2026, 1, 1),
        )
        for number, (title, edition) in enumerate((t, e) for t, editions in TITLES.items() for e in editions)
    ]
    parts = [("星河市课后服务办法", documents[0], "《星河市课后服务办法》")]
    return Names(documents, Register.load(), parts=parts)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def ask(names: Names, lexicon: Lexicon, question: str, *earlier: str) -> Understood:
    return understand(question, [Message("user", text) for text in earlier], names, lexicon.correct)


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("《公务员法》第五十九条", ArticleRef(59)),
        ("公务员法59条", ArticleRef(59)),
        ("公务员法第59条", ArticleRef(59)),
        ("公务员法第５９条讲了什么", ArticleRef(59)),
        ("公务员法 第 五十九 条", ArticleRef(59)),
        ("公务员法一百零七条第一款", ArticleRef(107, 1)),
        ("公务员法第五十九条第（九）项", ArticleRef(59, None, 9)),
        ("借阅管理条例十二条二款", ArticleRef(12, 2)),
        ("读书会工作规则第三条", ArticleRef(3)),
    ],
)
def test_an_article_is_recognised_however_it_is_written(
    names: Names, lexicon: Lexicon, question: str, article: ArticleRef
) -> None:
    understood = ask(names, lexicon, question)
    assert understood.kind is Kind.ARTICLE
    assert understood.articles == (article,)
    assert understood.named[0].documents


def test_a_range_of_articles_is_all_its_articles(names: Names, lexicon: Lexicon) -> None:
    understood = ask(names, lexicon, "公务员法第五条到第七条")
    assert understood.articles == (ArticleRef(5), ArticleRef(6), ArticleRef(7))


@pytest.mark.parametrize("question", ["这个清单有80条吗", "会议开了三条意见", "条例规定了哪些条件"])
def test_a_number_of_tiao_alone_is_no_article(names: Names, lexicon: Lexicon, question: str) -> None:
    assert ask(names, lexicon, question).articles == ()


@pytest.mark.parametrize(
    ("question", "years", "older"),
    [
        ("2018年版借阅管理条例怎么规定", ("2018",), False),
        ("借阅管理条例（2018）的期限", ("2018",), False),
        ("按2018年的借阅管理条例，期限多长", ("2018",), False),
        ("修订前的借阅管理条例期限多长", (), True),
        ("老的借阅管理条例怎么罚", (), True),
        ("借阅管理条例的期限", (), False),
    ],
)
def test_the_edition_asked_for_is_recognised(
    names: Names, lexicon: Lexicon, question: str, years: tuple[str, ...], older: bool
) -> None:
    understood = ask(names, lexicon, question)
    assert (understood.years, understood.older) == (years, older)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("新旧借阅管理条例有什么变化", Kind.CHANGE),
        ("借阅管理条例2018版和2023版对期限的规定差在哪", Kind.CHANGE),
        ("公开借阅和内部借阅有什么区别", Kind.COMPARISON),
        ("借书证的办理条件有哪些", Kind.LIST),
        ("续借手续分几步", Kind.LIST),
        ("什么是馆际互借", Kind.DEFINITION),
        ("一次最多借几本书", Kind.NUMBER),
        ("遗失图书多少天内要报告", Kind.NUMBER),
        ("遗失图书由谁处理", Kind.WHO),
    ],
)
def test_the_kind_of_question_is_recognised(names: Names, lexicon: Lexicon, question: str, kind: Kind) -> None:
    assert ask(names, lexicon, question).kind is kind


@pytest.mark.parametrize(
    ("earlier", "question", "standalone"),
    [
        ("公务员法第五十九条", "第六十条呢", "《中华人民共和国公务员法》第六十条"),
        ("借阅管理条例怎么罚", "那2018年版呢？", "2018年版，借阅管理条例怎么罚"),
        ("普通借书证的期限多长？", "教师借书证呢", "教师借书证的期限多长"),
    ],
)
def test_a_follow_up_takes_over_what_it_leaves_out(
    names: Names, lexicon: Lexicon, earlier: str, question: str, standalone: str
) -> None:
    assert ask(names, lexicon, question, earlier).standalone == standalone


def test_a_question_with_a_topic_of_its_own_stands_alone(names: Names, lexicon: Lexicon) -> None:
    changed = "2018年版和2023年版借阅管理条例有什么变化"
    alone = "提任县处级领导职务需要多少年工龄？"
    assert ask(names, lexicon, alone, changed).standalone == alone
    assert ask(names, lexicon, "党员可以买彩票吗？", "公务员法第五条").standalone == "党员可以买彩票吗？"
    assert "第五条" in ask(names, lexicon, "第二款呢？", "公务员法第五条").standalone


def test_a_question_that_names_its_document_stands_alone(names: Names, lexicon: Lexicon) -> None:
    question = "公务员法对公务员的考核等次是怎么规定的"
    assert ask(names, lexicon, question, "普通借书证的期限多长？").standalone == question


@pytest.mark.parametrize(
    "question", ["我收了两千块红包，会被开除吗", "我够不够得上提拔", "我上个月旷工十天，会给什么处分"]
)
def test_a_ruling_on_ones_own_case_is_recognised(names: Names, lexicon: Lexicon, question: str) -> None:
    assert ask(names, lexicon, question).personal


@pytest.mark.parametrize("question", ["同事收了购物卡怎么处理", "我们单位能不能收取押金", "处分决定作出以后几天内宣布"])
def test_a_general_question_is_neither_personal_nor_a_prediction(names: Names, lexicon: Lexicon, question: str) -> None:
    understood = ask(names, lexicon, question)
    assert not understood.personal
    assert not understood.prediction


@pytest.mark.parametrize("question", ["明年公务员工资会涨多少", "以后车补会取消吗", "下一届书记会是谁"])
def test_a_prediction_is_recognised(names: Names, lexicon: Lexicon, question: str) -> None:
    assert ask(names, lexicon, question).prediction


@pytest.mark.parametrize(("question", "too_little"), [("可以延长吗", True), ("第三款呢", True), ("留置多久", False)])
def test_words_that_could_be_about_anything_say_too_little(names: Names, question: str, too_little: bool) -> None:
    assert says_too_little(question, names) is too_little


@pytest.mark.parametrize("question", ["", "  \n　", "问" * 2001])
def test_a_question_that_cannot_be_taken_in_says_why(names: Names, lexicon: Lexicon, question: str) -> None:
    with pytest.raises(InvalidQuestion, match="问题"):
        ask(names, lexicon, question)


def test_a_document_that_is_known_but_missing_is_named(names: Names, lexicon: Lexicon) -> None:
    named = ask(names, lexicon, "干部教育培训工作条例对脱产培训怎么规定").named
    assert [one.title for one in named] == ["干部教育培训工作条例"]
    assert not named[0].documents


def test_a_document_without_a_title_is_named_by_nothing(names: Names) -> None:
    assert names.find("坐船要多少钱") == ()


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("养犬管理条例第二条", "养犬管理条例"),
        ("请问养犬管理条例第二条怎么说", "养犬管理条例"),
        ("云岭市图书借阅管理条例第二条", "云岭市图书借阅管理条例"),
        ("云岭市图书借阅管理条例对逾期怎么规定", "云岭市图书借阅管理条例"),
    ],
)
def test_a_text_of_a_like_name_is_not_taken_for_the_held_one(names: Names, question: str, missing: str) -> None:
    [named] = names.find(question)
    assert (named.title, named.documents) == (missing, ())


@pytest.mark.parametrize(
    "question",
    ["图书借阅管理条例第二条", "星河市图书借阅管理条例第二条", "按我市图书借阅管理条例第二条", "借阅管理条例第二条"],
)
def test_a_shortened_name_still_finds_the_held_text(names: Names, question: str) -> None:
    [named] = names.find(question)
    assert named.documents[0].card.title == "星河市图书借阅管理条例"
    assert named.part == ""


@pytest.mark.parametrize("question", ["星河市课后服务办法第二条", "《星河市课后服务办法》第二条"])
def test_each_of_several_texts_in_one_document_is_named(names: Names, question: str) -> None:
    [named] = names.find(question)
    assert named.part == "《星河市课后服务办法》"
    assert named.documents[0].card.title == "星河市图书借阅管理条例"
