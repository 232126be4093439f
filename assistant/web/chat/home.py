"""What an empty conversation offers: three entrances, and questions that the library can answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from assistant.conversations.feedback import Report
from assistant.conversations.popular import popular
from assistant.study.policies import Group
from assistant.web.site import Site
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document
from knowledge.text.quantities import to_chinese

QUESTIONS = 3  # beneath one entrance
POLICIES = 2  # beneath one entrance
NEWS = 4  # documents in one list of what is new


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and how the title of the document that answers it begins."""

    question: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """One of the three topics with questions to begin with; `held` counts the library's documents on it; `policies` are
    the office's own of that topic that one may apply for today."""

    topic: str
    line: str
    questions: tuple[str, ...]
    held: int = 0
    policies: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """A document that came in or changed on a day."""

    document: Document
    day: date


ENTRANCES: Sequence[tuple[str, str, tuple[Example, ...]]] = (
    (
        "不会",
        "本领不够，怎么补上",
        (
            Example("公务员交流的方式有哪些？", "公务员的交流与挂职"),
            Example("挂职期间改变人事关系吗？", "公务员的交流与挂职"),
            Example("晋升领导职务的公务员什么时候参加任职培训？", "补本领的制度安排"),
            Example("公务员交流的方式有哪些？", "中华人民共和国公务员法"),
            Example("党员教育的主要任务有哪些？", "中国共产党党员教育管理工作条例"),
            Example("挂职期间改变人事关系吗？", "中华人民共和国公务员法"),
        ),
    ),
    (
        "不敢",
        "怕出错担责，边界在哪",
        (
            Example("上级的决定或者命令有错误怎么办？", "依法履职受什么保护"),
            Example("哪些情形不追究党纪责任？", "党纪处分怎样从轻、从重和免予"),
            Example("诬告陷害怎样认定？", "诬告陷害的认定与澄清正名"),
            Example("公务员认为上级的决定有错误怎么办？", "中华人民共和国公务员法"),
            Example("哪些情形可以从轻或者减轻处分？", "中国共产党纪律处分条例"),
            Example("对受到诬告的党员怎么澄清？", "纪检监察机关处理检举控告工作规则"),
        ),
    ),
    (
        "不想",
        "干劲不足，激励从哪来",
        (
            Example("公务员工资包括哪些部分？", "公务员的工资、福利与保险"),
            Example("撤销奖励的情形有哪几种？", "公务员奖励的条件、种类与撤销"),
            Example("公务员辞退有哪几种情形？", "免职、降职、辞退与组织处理的界线"),
            Example("公务员有哪些情形的，给予奖励？", "中华人民共和国公务员法"),
            Example("怎样激励干部担当作为？", "关于进一步激励广大干部新时代新担当新作为的意见"),
            Example("公务员考核的结果分为哪几个等次？", "中华人民共和国公务员法"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Welcome:
    """Everything on the first page. `supplied` are the reader's own reports that were met, with their conversations;
    `notice` is the name of his class with what it is told."""

    held: int
    topics: tuple[Entrance, ...]
    popular: tuple[str, ...]
    look_ups: tuple[str, ...]
    newest: tuple[News, ...]
    renewed: tuple[News, ...]
    supplied: tuple[tuple[Report, str], ...]
    notice: tuple[str, str] | None = None


def welcome(site: Site, user: str) -> Welcome:
    """What the first page offers to a reader now."""
    documents = site.knowledge_base.published()
    every = of_trainers(site) or entrances(site.knowledge_base)
    open_now = open_policies(site, [one.topic for one in every])
    every = [replace(one, policies=open_now.get(one.topic, ())[:POLICIES]) for one in every]
    topics = [one for one in every if one.questions or one.held]
    school = site.class_of(user)
    asked = popular(site.conversations, site.feedback, frozenset(document.id for document in documents))
    offered = asked or any(topic.questions for topic in topics)
    return Welcome(
        held=len(documents),
        topics=tuple(topics),
        popular=tuple(asked),
        look_ups=() if offered else tuple(look_ups(documents)),
        newest=tuple(newest(documents)),
        renewed=tuple(renewed(site.knowledge_base, documents)),
        supplied=tuple(site.feedback.supplied(user)),
        notice=(school.name, school.notice) if school and school.notice else None,
    )


def of_trainers(site: Site) -> list[Entrance]:
    """The cards that trainers set."""
    topics = Counter(document.card.topic for document in site.knowledge_base.published())
    cards = site.cards.now() if site.cards else []
    return [Entrance(card.title, card.line, card.questions, topics[card.title]) for card in cards]


def entrances(knowledge_base: KnowledgeBase) -> list[Entrance]:
    """The three topics, each with questions whose answering document the library holds."""
    documents = knowledge_base.published()
    titles = [document.card.title for document in documents]
    made = []
    for topic, line, examples in ENTRANCES:
        answered = [one.question for one in examples if any(title.startswith(one.answered_by) for title in titles)]
        held = sum(document.card.topic == topic for document in documents)
        made.append(Entrance(topic, line, tuple(dict.fromkeys(answered))[:QUESTIONS], held))
    return made


def open_policies(site: Site, topics: Sequence[str]) -> dict[str, tuple[Document, ...]]:
    """Policies of each topic that one may apply for today, those that close first before the others."""
    today = site.today()
    held = site.policies.listing(site.knowledge_base, topics)
    open_now = [one for one in held if one.groups(today) & {Group.OPEN, Group.SOON}]
    found: dict[str, tuple[Document, ...]] = {}
    for one in sorted(open_now, key=lambda one: one.last_day(today) or date.max):
        found[one.document.card.topic or ""] = (*found.get(one.document.card.topic or "", ()), one.document)
    return found


def newest(documents: Sequence[Document], count: int = NEWS) -> list[News]:
    """The documents that came in last, the latest first."""
    latest = sorted(documents, key=lambda document: (document.added_at, document.id), reverse=True)
    return [News(document, _day(document.added_at)) for document in latest[:count]]


def renewed(knowledge_base: KnowledgeBase, documents: Sequence[Document], count: int = NEWS) -> list[News]:
    """The documents whose text was replaced by a new version last, the latest first."""
    days = knowledge_base.renewals()
    changed = sorted((one for one in documents if one.id in days), key=lambda one: days[one.id], reverse=True)
    return [News(document, _day(days[document.id])) for document in changed[:count]]


def _day(moment: datetime) -> date:
    return moment.replace(tzinfo=UTC).astimezone().date()


def look_ups(documents: Sequence[Document], count: int = 3) -> list[str]:
    """Questions for single articles: what can always be asked of a library of regulations. Longest texts first."""
    regulations = sorted(documents, key=lambda document: -(document.articles or 0))
    titles = dict.fromkeys(document.card.title for document in regulations if document.articles)
    return [f"《{title}》第{to_chinese(2)}条" for title in list(titles)[:count]]
