"""What could be asked next: what people ask of the provisions beside those cited, each checked by answering it.

Where nobody wrote down how people put them, questions are made from the structure of the cited documents: an article whose
lead-in says 下列义务 answers the question for 哪些义务, a definition answers 什么是, an article has neighbours, a text has
editions. A question is offered only when the answerer, asked for real and without a history, quotes the very place that the
question was made from, or for one of people's own a place that was not quoted yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.answering.editions import articles, current, year_of
from assistant.model import FAIRLY_SURE, Answer, Citation, Mode
from assistant.understanding.named_documents import in_order
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import GUIDE, Document, Section
from knowledge.retrieval.situation_index import SituationIndex
from knowledge.text.quantities import ARTICLE_LABEL, ITEM
from knowledge.text.similarity import jaccard, shape
from knowledge.text.word_lists import WordLists, Words

WANTED = 3
TRIED = 8  # wordings asked for real at most; one takes some tens of milliseconds
ENOUGH = 2  # everyday questions beside which none is made from the structure of a text
ALIKE = 0.5  # of two questions' bigrams, from which they ask the same
RELATED = 0.3  # share of the documents named in two study guides from which both are about the same
LONGEST = 40  # characters of an offered question

LISTS: Final = WordLists(Path(__file__).with_name("lists") / "further.yaml", ITEM=ITEM)
_LEAD = Words(
    lambda: (
        rf"^(?P<before>[^。；：:]{{2,26}}?)(?:下列|以下|如下)(?P<noun>[\u4e00-\u9fff]{{0,4}}?(?:{LISTS['nouns']}))[：:]$"
    )
)
_CASES = re.compile(r"^(?P<who>[^，。；：:]{0,14}?)有(?:下列|以下)情形之一的?，(?P<then>[^。；：:]{2,24})[：:]$")
_INCLUDES = re.compile(r"^(?P<what>[\u4e00-\u9fff“”]{2,20}?)(?:主要)?(?P<verb>包括|分为)[：:]$")
_DEFINES = re.compile(
    r"(?:^|。)[^。，]{0,8}所称(?:的)?“?(?P<term>[\u4e00-\u9fff]{2,12}?)”?[，,]?(?:是|主要)?(?:指|包括)"
)
_PREDICATE = re.compile(r"应当?|可以|不|免|予以|给予|必须|属于|视为|依法|由")
_POINTS_BACK = re.compile(r"本条|本款|前款|前条|上述|所称|该[^当]|^(?:主要)?(?:内容|范围)包括")
_ASKS = re.compile(r"怎样|怎么|如何|哪些|什么|多久|谁|能不能|该不该")
_DOES, _ABOUT_THE_READER, _NO_SUBJECT = (LISTS.words(name) for name in ("does", "about_the_reader", "no_subject"))
_NAMED = re.compile(r"《([^《》]{2,40})》")
_ENDS_IN_A_NOUN = Words(lambda: f"(?:{LISTS['nouns']})$")
_SPEAKS = Words(lambda: f"(?:{LISTS['nouns']}|期间|期限|时限|等级|报销|流程|后果|范围|归档|保管|公职|复核|申诉)$")
_ARTICLE = re.compile(ARTICLE_LABEL)
#: Label of the part of a study guide that asks its readers questions.
SELF_CHECK = "自问"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Wordings of one question, the best first, with the place in a document that must be quoted in its answer."""

    wordings: tuple[str, ...]
    document_id: int
    start: int
    end: int

    def is_met(self, answer: Answer) -> bool:
        """Whether `answer` may be promised: it quotes that place and is fairly sure of itself."""
        return (
            answer.mode is Mode.EXTRACT
            and answer.confidence >= FAIRLY_SURE
            and any(
                one.document.id == self.document_id and one.start < self.end and self.start < one.end
                for one in answer.citations
            )
        )


def further(
    answer: Answer,
    kb: KnowledgeBase,
    ask: Callable[[str], Answer],
    asked: Iterable[str] = (),
    situations: SituationIndex | None = None,
) -> list[str]:
    """Up to three questions that `ask` answers, nearest to what `answer` cites first; none that is much like one of those
    already `asked`, or like another. What people would ask comes first, and is enough where there are two of it."""
    taken = [*asked, answer.question, answer.standalone]
    found: list[str] = []
    tried = 0
    for question in everyday(answer, kb, situations) if situations else ():
        if len(found) == WANTED or tried == TRIED:
            return found
        if _again(question, taken):
            continue
        tried += 1
        if leads_on(ask(question), answer):
            taken.append(question)
            found.append(question)
    for candidate in candidates(answer, kb) if len(found) < ENOUGH else ():
        if _again(candidate.wordings[0], taken):  # two editions make the same question
            continue
        for question in candidate.wordings:
            if len(found) == WANTED or tried == TRIED:
                return found
            if len(question) > LONGEST:
                continue
            tried += 1
            if candidate.is_met(ask(question)):
                taken.append(question)
                found.append(question)
                break
    return found


def everyday(answer: Answer, kb: KnowledgeBase, situations: SituationIndex) -> list[str]:
    """How people put what the provisions beside those cited say, the nearest first."""
    cited = answer.citations or (answer.refusal.nearest if answer.refusal else ())
    passages = {one.id: one for version in {one.version_id for one in cited} for one in kb.passages(version)}
    shown = [passages[one.passage_id] for one in cited if one.passage_id in passages]
    said = situations.to_ask_next(shown, TRIED)
    return [one if one.endswith("？") else f"{one}？" for one in said if len(one) < LONGEST]


def leads_on(answer: Answer, before: Answer) -> bool:
    """Whether `answer` is fairly sure of itself, and quotes a place that `before` does not."""
    quoted = {one.passage_id for one in before.citations}
    return (
        answer.mode is Mode.EXTRACT
        and answer.confidence >= FAIRLY_SURE
        and any(one.passage_id not in quoted for one in answer.citations[:1])
    )


def candidates(answer: Answer, kb: KnowledgeBase) -> Iterator[Candidate]:
    """Questions that the documents behind `answer` should answer, the most telling first."""
    cited = answer.citations or (answer.refusal.nearest if answer.refusal else ())
    first_of: dict[int, Citation] = {}
    for citation in cited:
        first_of.setdefault(citation.document.id, citation)
    newest = kb.published()[::-1]  # of a series the newest edition comes first
    published = {document.id: document for document in newest}
    places = [
        (current([one for one in newest if one.series == published[document_id].series]), citation)
        for document_id, citation in first_of.items()
        if document_id in published
    ]
    sources = [iter(_of_text(document, citation, cited, kb)) for document, citation in places[:2]]
    while sources:  # in turns, so that two cited documents both get a say
        for source in list(sources):
            candidate = next(source, None)
            if candidate is None:
                sources.remove(source)
            else:
                yield candidate


def questions_of(text: str) -> list[str]:
    """The questions that the sentences of one article answer by their very form.

    >>> questions_of("第十四条 公务员应当履行下列义务：")
    ['公务员应当履行哪些义务？']
    """
    found: list[str] = []
    for line in text.splitlines():
        line = re.sub(rf"^{ARTICLE_LABEL}[ 　]*", "", line.strip())
        for sentence in re.split(r"(?<=。)", line):
            if match := _CASES.match(sentence):
                who, then = match["who"].removesuffix("具"), match["then"]
                plain = f"哪些情形{'' if _PREDICATE.match(then) else '下'}{then}？"
                found.append(f"{who}有哪些情形的，{then}？" if who else plain)
            elif match := _LEAD.match(sentence):
                found.append(f"{match['before'].strip('，、 ')}哪些{match['noun']}？")
            elif match := _INCLUDES.match(sentence):
                found.append(f"{match['what']}{match['verb']}哪些？")
        if match := _DEFINES.search(line):
            found.append(f"什么是{match['term']}？")
    return [question for question in found if not _POINTS_BACK.search(question)]


def _of_text(
    document: Document, citation: Citation, cited: Sequence[Citation], kb: KnowledgeBase
) -> Iterator[Candidate]:
    text = kb.text(document.version_id)
    outline = kb.outline(document.version_id)
    numbered = list(articles(outline).values())
    shown = [one for one in cited if one.document.id == document.id]
    if document.card.kind == GUIDE:
        yield from _of_guides(document, kb)
        return
    if not numbered:
        yield from _of_headings(document, outline.sections, shown)
        return

    def fresh(section: Section) -> bool:
        return all(one.end <= section.start or one.start >= section.end for one in shown)

    def distance(section: Section) -> tuple[bool, int]:
        same_chapter = section.path.split("/")[0] == citation.address.split("/")[0]
        return (not same_chapter, abs(section.start - citation.start))

    name = _name(document, kb.register)
    says = f"按{name}，" if name.endswith("规定") else f"{name}规定，"
    near = sorted(filter(fresh, numbered), key=distance)
    for section in near:
        for question in questions_of(text[section.start : section.end]):
            wordings = (question, f"{says}{question}")
            yield Candidate(wordings, document.id, section.start, section.end)
    others = [other for other in kb.published() if other.series == document.series and other.id != document.id]
    if others and all(one.document.id != others[0].id for one in cited):
        old, new = sorted((document, others[0]), key=year_of)
        changed = f"{name}{year_of(old)}年版和{year_of(new)}年版有什么变化？"
        yield Candidate((changed,), document.id, 0, len(text))
    for section in near[:2]:
        yield Candidate((f"{name}{section.label}是怎么规定的？",), document.id, section.start, section.end)


def _of_guides(document: Document, kb: KnowledgeBase) -> Iterator[Candidate]:
    """The questions that a study guide puts to its readers and its headings, then the questions of guides that explain
    the same documents."""
    yield from _self_check(document, kb)
    subject = re.split(r"[的与和、：（]|怎样|怎么", document.card.title, maxsplit=1)[0]
    sections = kb.outline(document.version_id).sections if not _NO_SUBJECT.search(subject) else ()
    for section in sections:
        heading = section.label
        if section.level != "标题" or not 2 <= len(heading) <= 8 or _NO_SUBJECT.search(heading):
            continue
        if _ASKS.search(heading) or _SPEAKS.search(heading):
            about = f"{subject}，{heading}？" if _ASKS.search(heading) else f"{subject}的{heading}有什么规定？"
            yield Candidate((about,), document.id, section.start, section.end)
    every = [other for other in kb.published() if other.card.kind == GUIDE]
    named = {guide.id: frozenset(_NAMED.findall(kb.text(guide.version_id))) for guide in every}
    here = named.get(document.id, frozenset())
    likeness = {guide_id: len(here & there) / (len(here | there) or 1) for guide_id, there in named.items()}
    for guide in sorted(every, key=lambda other: -likeness[other.id]):
        if guide.id != document.id and likeness[guide.id] >= RELATED:
            yield from _self_check(guide, kb)


def _self_check(guide: Document, kb: KnowledgeBase) -> Iterator[Candidate]:
    text = kb.text(guide.version_id)
    for section in kb.outline(guide.version_id).sections:
        if section.label != SELF_CHECK:
            continue
        for line in text[section.start : section.end].splitlines()[1:]:
            question = re.sub(r"^\W*\d*[.．、]?\s*", "", line)
            if question.endswith("？") and not _ABOUT_THE_READER.search(question):
                yield Candidate((question,), guide.id, 0, section.start)


def _of_headings(document: Document, sections: Sequence[Section], shown: Sequence[Citation]) -> Iterator[Candidate]:
    """Headings that say what to do or what there is."""
    for section in sections:
        title = section.title.strip("。：: ")
        covered = any(section.start <= one.start < section.end for one in shown)
        if covered or not 4 <= len(title) <= 20:
            continue
        if _ASKS.search(title):
            yield Candidate((f"{title.rstrip('？?')}？",), document.id, section.start, section.end)
        elif _DOES.match(title):
            yield Candidate((f"怎样{title}？",), document.id, section.start, section.end)
        elif _ENDS_IN_A_NOUN.search(title):
            yield Candidate((f"{title}有哪些？",), document.id, section.start, section.end)


def _name(document: Document, register: Register) -> str:
    """The shortest usual name that names only this text."""
    entry = register.by_title(document.card.title)
    shorts = [one for one in entry.short if len(one) >= 3 and in_order(one, document.card.title)] if entry else []
    short = shorts[0] if shorts else ""
    return short or f"《{document.card.title}》"


def _again(question: str, taken: Sequence[str]) -> bool:
    """Whether one of `taken` asks the same, in nearly the same words, of the same article."""
    article = _ARTICLE.findall(question)
    return any(_ARTICLE.findall(one) == article and jaccard(shape(question), shape(one)) >= ALIKE for one in taken)
