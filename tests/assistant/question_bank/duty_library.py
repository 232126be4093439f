"""A made-up regulation, items on it, and a clock that a test sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from assistant.study.excerpt import Excerpt, excerpt
from assistant.study.question_bank import Content, Kind
from knowledge.knowledge_base import KnowledgeBase

DUTY = """云川市机关值班管理办法

（2024年3月1日云川市机关事务局印发　自2024年4月1日起施行）

第一章　总则

第一条　为了规范机关值班工作，制定本办法。

第二条　本办法适用于云川市各级机关。

第二章　值班安排

第三条　值班人员应当在接到报告之日起三日内作出书面答复。

第四条　节假日值班补助标准为每人每天不超过二百元。

第五条　值班安排由各单位办公室拟定，报分管领导批准后执行。

第六条　值班人员有下列情形之一的，应当回避：
（一）与报告事项有利害关系的；
（二）与报告人有近亲属关系的；
（三）可能影响公正处理的。

第三章　附则

第七条　本办法自2024年4月1日起施行。
"""


@dataclass
class Clock:
    """A moment that the test sets."""

    now: datetime = datetime(2026, 3, 2, 8, 0)

    def __call__(self) -> datetime:
        return self.now

    def today(self) -> date:
        return self.now.date()


def bring(kb: KnowledgeBase, folder: Path, text: str, name: str = "云川市机关值班管理办法.txt") -> None:
    """Bring a text in and publish it; under the same name it is a new version."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    kb.add([path], publish=True)


def words_of(kb: KnowledgeBase, words: str) -> Excerpt:
    """Where words stand in the one document."""
    document = kb.documents()[0]
    start = kb.text(document.version_id).index(words)
    return excerpt(kb, document.id, document.version_id, start, start + len(words))


def answer_within(kb: KnowledgeBase) -> Content:
    """A blank on the third article."""
    return Content(
        Kind.FILL,
        "根据《云川市机关值班管理办法》，值班人员应当在接到报告之日起____内作出书面答复。",
        (),
        ("三日",),
        topic="值班",
        source=words_of(kb, "值班人员应当在接到报告之日起三日内作出书面答复。"),
    )


def most_paid(kb: KnowledgeBase) -> Content:
    """A choice on the fourth article."""
    return Content(
        Kind.SINGLE,
        "根据《云川市机关值班管理办法》，节假日值班补助标准为每人每天不超过（ ）。",
        ("一百元", "二百元", "三百元", "五百元"),
        ("B",),
        topic="值班",
        source=words_of(kb, "节假日值班补助标准为每人每天不超过二百元。"),
    )
