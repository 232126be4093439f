"""What items can be made of: sentences that stand by themselves, enumerations with their lead-in, all with their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.sentences import Unit, units
from assistant.study.excerpt import Excerpt, address_of
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document
from knowledge.parsing.outline import Outline
from knowledge.parsing.provisions import provisions
from knowledge.text import searchable
from knowledge.text.quantities import ARABIC, ITEM, NUMERAL

SHORTEST, LONGEST = 16, 120  # characters of a sentence
SHORTEST_LEAD, LONGEST_LEAD = 13, 70
LONGEST_MEMBER = 60
MEMBERS = range(3, 13)  # how many an enumeration may have
#: Texts that lay down rules, with or without articles.
RULES = frozenset({"法", "条例", "规定", "办法", "规则", "细则", "准则", "章程", "标准"})
_COMPILED = re.compile(r"汇总|汇编|清单|解答|问答|解读|依据表")

#: What points outside of the sentence: without what stands before it nobody can answer.
_POINTS_AWAY = re.compile(
    r"前条|前[两二三四]?[款项]|本条(?!例)|本款|本项|本章(?!程)|本节|上款|"
    rf"上述|前述|前列|该|此[类种项外]|下列|以下[规条情人行]|如下|附件|附表|第[{NUMERAL}]+[条款项]|另行|同上|上列"
)
#: How a sentence begins that goes on with the one before.
_GOES_ON = re.compile(
    r"其|该|此|这|但|并|或|以及|同时|因此|对此|否则|也|还|均|都|又|再|仍|应当?|可以|不得|必须|需要|需|经审|经批|经核|期满|"
    r"属于|具体|相关|有关规定|有前|逾期|届满|特殊情况|情况特殊|情节|确有|确因|确需|如果?|若|已经|符合|不符合|违反|按照规定|由(?!.{2,24}(?:批准|决定|制定|负责|任命|召集|产生))"
)
#: A later sentence of a paragraph stands by itself where it begins with who must or may.
_SUBJECT = re.compile(
    r"[^，。；：]{0,16}(?:(?:行政|复议|监察|义务|检察|政务处分)机关|部门|委员会|党委|党组|纪委|监委|法院|政府|人员|党员|干部|支部|公务员|申请人|当事人|巡视组)"
    r"[^，。；：]{0,8}(?:应当|可以|不得|必须|自|在|对)"
)
#: 接到报告后: of what, the sentence before says.
_UNSAID = re.compile(r"^[^，。；]{0,14}(?:接到|收到)(?:报告|申请|通知|材料|建议|意见|答复|请求)(?:后|之日)")
#: Without articles the heading above carries the matter of a short sentence: 总经理不超过五十五周岁。
SHORTEST_ALONE = 24  # characters
_CLOSING = re.compile(r"附则|法律责任与附则")
_FORMAL = re.compile(r"起?施行|同时废止|解释权|负责解释|参照.{0,12}执行|制定本|实施细则由|备案$|适用于")
_LABEL = re.compile(rf"^[\s　]*(?:[（(][{ITEM}百{ARABIC}]+[）)]|[{ARABIC}]+[.．、]|[①-⑳])[\s　]*")
_CATCH_ALL = re.compile(r"^.{0,14}其[他它]|其[他它][^，、]{0,20}$|^(?:党章|法律|有关)")
#: 有下列行为之一，情节较重的，给予…处分: many articles of a text begin like this, and none says whose acts.
_NOBODYS = re.compile(r"^有(?:下列|以下)[^，]{2,6}[，,]?情节")
_LEADS = re.compile(r"下列|以下|如下|包括|主要(?:是|有)|分别是|职责是|任务是")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a rule at its place. `plain` is as long as `text`, in half width."""

    document: Document
    label: str
    text: str
    plain: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spot:
    """What is asked for, as it is written at `start:end` of a sentence."""

    said: Said
    written: str
    start: int
    end: int

    @property
    def before(self) -> str:
        return self.said.text[: self.start]

    @property
    def after(self) -> str:
        return self.said.text[self.end :]


@dataclass(frozen=True, slots=True)
class Listing:
    """An enumeration: what leads to it and its members, without labels and marks. `open_ended` when there are others that
    cannot be asked: `其他…`, or what points to another place."""

    document: Document
    label: str
    lead: str
    members: tuple[str, ...]
    open_ended: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Material:
    """What one document offers, in reading order; `everything` is its text without spaces and in half width."""

    document: Document
    outline: Outline
    text: str
    everything: str
    sentences: tuple[Said, ...]
    listings: tuple[Listing, ...]

    def excerpt(self, start: int, end: int) -> Excerpt:
        """The words at `start:end` as a source."""
        card, version = self.document.card, self.document.version_id
        address = address_of(self.outline, start, end)
        return Excerpt(self.document.id, version, card.title, address, self.text[start:end], start, end)


def material_of(kb: KnowledgeBase, document: Document) -> Material:
    """Sentences and enumerations of the articles of a document; nothing for one that lays down no rule."""
    text, outline = kb.text(document.version_id), kb.outline(document.version_id)
    sentences: list[Said] = []
    listings: list[Listing] = []
    if document.card.kind in RULES and not _COMPILED.search(document.card.title):
        for provision in provisions(text, outline):
            if (outline.articles and not provision.label) or _CLOSING.search(provision.chapter):
                continue
            label = provision.label or address_of(outline, provision.start, provision.end).replace("/", "")
            found = units(provision.text, provision.start)
            sentences += _sentences(document, label, found)
            listings += _listings(document, label, found)
    leads = Counter(one.lead for one in listings)  # the same words before two enumerations ask for neither
    listings = [one for one in listings if leads[one.lead] == 1 and len(one.lead) >= SHORTEST_LEAD]
    return Material(document, outline, text, searchable(text), tuple(sentences), tuple(listings))


def _sentences(document: Document, label: str, found: list[Unit]) -> Iterator[Said]:
    lines: set[int] = set()
    before = ""
    for one in found:
        led, before = before.endswith(("：", ":")), one.text.rstrip()
        first = one.line not in lines  # a later sentence of a paragraph leans on those before it
        lines.add(one.line)
        text = one.text
        if led or not (first or _SUBJECT.match(text)) or one.item or one.heading or not text.endswith("。"):
            continue
        if not SHORTEST <= len(text) <= LONGEST or "|" in text or "\n" in text:
            continue
        if _POINTS_AWAY.search(text) or _GOES_ON.match(text) or _FORMAL.search(text) or _UNSAID.match(text):
            continue
        if not label.startswith("第") and len(text) < SHORTEST_ALONE:
            continue
        plain = searchable(text)
        if len(plain) == len(text):
            yield Said(document, label, text, plain, one.start, one.end)


def _listings(document: Document, label: str, found: list[Unit]) -> Iterator[Listing]:
    for place, lead in enumerate(found):
        items = [one for one in found if one.item and one.lead == place]
        if len(items) not in MEMBERS or not lead.text.rstrip().endswith(("：", ":")):
            continue
        words = lead.text.rstrip("：: ")
        if len(words) > LONGEST_LEAD or "；" in words or not _LEADS.search(words) or _GOES_ON.match(words):
            continue
        if _NOBODYS.match(words) or _POINTS_AWAY.search(re.sub("下列|以下|如下", "", words)):
            continue
        members = [_LABEL.sub("", one.text).strip().rstrip("；;。，") for one in items]
        if len({one.line for one in items}) != len(items):  # an item of several sentences
            continue
        named = tuple(one for one in members if not _CATCH_ALL.search(one) and not _POINTS_AWAY.search(one))
        if len(named) >= 3:
            yield Listing(document, label, words, named, len(named) < len(members), lead.start, items[-1].end)
