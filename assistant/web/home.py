"""What an empty conversation offers: three entrances, and questions that the library can answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Status
from knowledge.numerals import to_chinese


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and how the title of the document that answers it begins."""

    question: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """One of the three topics with questions to begin with; `held` counts the library's documents on it."""

    topic: str
    line: str
    questions: tuple[str, ...]
    held: int = 0


ENTRANCES: Sequence[tuple[str, str, tuple[Example, ...]]] = (
    (
        "不会",
        "本领不够，怎么补上",
        (
            Example("公务员交流的方式有哪些？", "公务员的交流与挂职"),
            Example("挂职期间改变人事关系吗？", "公务员的交流与挂职"),
            Example("晋升领导职务的公务员什么时候参加任职培训？", "补本领的制度安排"),
        ),
    ),
    (
        "不敢",
        "怕出错担责，边界在哪",
        (
            Example("上级的决定或者命令有错误怎么办？", "依法履职受什么保护"),
            Example("哪些情形不追究党纪责任？", "党纪处分怎样从轻、从重和免予"),
            Example("诬告陷害怎样认定？", "诬告陷害的认定与澄清正名"),
        ),
    ),
    (
        "不想",
        "干劲不足，激励从哪来",
        (
            Example("公务员工资包括哪些部分？", "公务员的工资、福利与保险"),
            Example("撤销奖励的情形有哪几种？", "公务员奖励的条件、种类与撤销"),
            Example("公务员辞退有哪几种情形？", "免职、降职、辞退与组织处理的界线"),
        ),
    ),
)


def entrances(knowledge_base: KnowledgeBase) -> list[Entrance]:
    """The three topics; a question is offered only while the library holds the document that answers it."""
    documents = knowledge_base.documents(status=Status.PUBLISHED)
    titles = [document.card.title for document in documents]
    return [
        Entrance(
            topic,
            line,
            tuple(one.question for one in examples if any(title.startswith(one.answered_by) for title in titles)),
            sum(document.card.topic == topic for document in documents),
        )
        for topic, line, examples in ENTRANCES
    ]


def look_ups(documents: Sequence[Document], count: int = 3) -> list[str]:
    """Questions for single articles: what can always be asked of a library of regulations. Longest texts first."""
    regulations = sorted(documents, key=lambda document: -(document.articles or 0))
    titles = dict.fromkeys(document.card.title for document in regulations if document.articles)
    return [f"《{title}》第{to_chinese(2)}条" for title in list(titles)[:count]]
