"""A made-up library about borrowing books, a suite of questions about it, and results made by hand, for tests of eval."""

from __future__ import annotations

from assistant.model import Answer, Citation, CitedDocument, Message, Mode, Refusal, Sentence
from eval.scoring.result import Result
from eval.scoring.scores import Score
from eval.suite import Case, Evidence, Suite
from knowledge.model import Validity

HEAD = "第一章　总则\n\n第一条　为了规范图书借阅，制定本条例。\n\n第二条　本条例适用于星河市各级图书馆。\n\n第二章　借阅\n\n"
OLD = (
    "星河市图书借阅管理条例\n\n（2018年3月1日星河市文化局发布）\n\n"
    + HEAD
    + "第三条　读者一次最多借阅图书五册，借期三十日。\n\n第四条　逾期不还的，每日收取逾期费一角。\n\n"
    "第五条　本条例自2018年4月1日起施行。\n"
)
NEW = (
    "星河市图书借阅管理条例\n\n（2018年3月1日星河市文化局发布　2023年5月6日修订）\n\n"
    + HEAD
    + "第三条　读者一次最多借阅图书十册，借期六十日。\n\n第四条　有下列情形之一的，暂停借阅资格：\n（一）逾期九十日以上不还的；\n"
    "（二）在图书上涂画的；\n（三）转借他人牟利的。\n\n前款第一项情形，归还后满三十日恢复资格。\n\n"
    "第五条　遗失图书的，由图书馆馆长办公室核定赔偿金额。\n\n第六条　本条例所称逾期，是指超过借期且未办理续借。\n\n"
    "第七条　本条例自2023年7月1日起施行。\n"
)
FILES = {"星河市图书借阅管理条例(2018).txt": OLD, "星河市图书借阅管理条例(2023).txt": NEW}
SETTINGS = {"split": None, "mode": "auto"}
RULES = "星河市图书借阅管理条例"


def place(address: str | None, edition: str = "2023", quote: str | None = None) -> Evidence:
    return Evidence(RULES, edition, address, quote)


SUITE = Suite(
    "borrowing",
    (
        Case("n-1", "number", "一次最多能借几册书", evidence=(place("第三条"),), key_points=(("十册",),), forbidden=("五册",)),
        Case("n-2", "number", "借期是多少天", evidence=(place("第三条"),), key_points=(("六十日", "60日"),)),
        Case("a-1", "article", "图书借阅管理条例第三条", evidence=(place("第三条"),), key_points=(("十册",),)),
        Case("l-1", "list", "哪些情形暂停借阅资格", evidence=(place("第四条"),), key_points=(("涂画",), ("牟利",))),
        Case("w-1", "who", "遗失图书由谁核定赔偿金额", evidence=(place("第五条"),), key_points=(("馆长办公室",),)),
        Case(
            "m-1",
            "multi_turn",
            "那借期呢",
            (Message("user", "图书借阅管理条例规定一次能借几册"), Message("assistant", "十册。")),
            evidence=(place("第三条"),),
            key_points=(("六十日",),),
        ),
        Case("u-1", "other_field", "糖醋排骨怎么做", answerable=False),
        Case("u-2", "missing_article", "图书借阅管理条例第九十九条", answerable=False),
    ),
    "0" * 64,
)  # fmt: skip


def answered(text: str = "读者一次最多借阅图书十册。", confidence: float = 0.8) -> Answer:
    """An extract of one sentence with one citation, judged."""
    document = CitedDocument(1, RULES, None, "星河市文化局", "2023", Validity.IN_FORCE)
    citation = Citation(1, document, 1, 1, "第二章/第三条", text, 0, len(text))
    sentence = Sentence(text, (1,))
    return Answer("问", "问", Mode.EXTRACT, (sentence,), (citation,), confidence, timings_ms={"judge": 1.0})


def refused(reason: str = "库中没有答案。", confidence: float = 0.1) -> Answer:
    refusal = Refusal("no_answer", reason)
    return Answer("问", "问", Mode.REFUSE, (), (), confidence, refusal, timings_ms={"judge": 1.0})


def result(number: int, *, document: str = RULES, answer: Answer | None = None, **values: float) -> Result:
    """Case `c-<number>` about `document`, with the scores in `values`."""
    case = Case(f"c-{number}", "number", f"第 {number} 个问题", evidence=(Evidence(document),), key_points=(("十册",),))
    scores = tuple(Score(metric, value, f"{metric} 得 {value:g}") for metric, value in values.items())
    return Result(case, answer or answered(), scores)
