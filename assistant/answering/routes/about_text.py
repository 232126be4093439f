"""What can be asked of every text: since when it is in force and how old it is, whom it concerns, what for, who interprets it,
what it put an end to, and whether it is still in force."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from assistant.answering import refusals
from assistant.answering.draft import Draft
from assistant.answering.editions import asked_for, edition_in_words
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from assistant.answering.routes.meant_text import KIND, meant_text
from assistant.answering.sentences import units
from assistant.understanding.named_documents import Named
from knowledge.model import Document, Passage, Validity
from knowledge.text.normalise import searchable
from knowledge.text.quantities import YEAR
from knowledge.text.word_lists import WordLists, Words

ENDS: Final = 8  # passages at the beginning and at the end of a text
REST: Final = 4  # characters of a question that may say something else
LISTS: Final = WordLists(Path(__file__).with_name("lists") / "about_text.yaml")
_SINCE, _REPLACED, _VALID, _BY_WHOM, _WHOM, _WHAT_FOR, _ISSUED = _ASPECTS = tuple(
    LISTS.words(name) for name in ("since", "replaced", "valid", "by_whom", "whom", "what_for", "issued")
)
_FILLING = LISTS.words("filling")
_CLAUSE = r"[^，,；;。？?！!]+"
#: The sentences that say it.
_IN_FORCE_SINCE = re.compile(r"自[^，。]{0,16}(?:[年月日]|之日)[^，。]{0,12}起[^，。]{0,6}(?:施行|实施|生效|执行)")
_SINCE_SOMEHOW = re.compile(r"(?:从|自|于)[^，。]{0,16}(?:[年月日]|之日)[^，。]{0,12}(?:施行|实施|生效|执行)|施行日期")
_THAT_DAY = re.compile(r"(?:发布|公布|印发)之日")
_DATED = re.compile(rf"{YEAR}年|〔{YEAR}〕")
_INTERPRETED = re.compile(r"解释")
_ENDED = re.compile(r"(?:同时|予以|即行|自行)(?:废止|失效)|停止执行|不一致的")
_CONCERNS = re.compile(r"(?<!不)适用(?:于|本)")
_MEANT = re.compile(r"本[^，。]{1,6}所称|依照本[^，。]{1,6}规定.{0,8}接受")
_SERVES = re.compile(r"为了?.{4,}(?:制定|特制定|根据)|目的|^为")


def about_text(question: Question) -> Composed | None:
    """The sentence of the text meant that says so; None when something else is asked, no text is meant or nothing says it."""
    asking = _asking(searchable(question.text))
    if asking is None:
        return None
    aspect, where, rest = asking
    held = [one for one in question.understood.held if one.start >= where]
    named: Named | None
    if len(held) == 1 and _is_all(held[0], searchable(question.text)[where:], where, rest):
        named = held[0]
    else:
        absent = [one for one in question.understood.named if not one.documents]
        if any(searchable(question.text)[one.start] == "《" for one in absent):
            return None
        # A short name that belongs to a text of the whole country may be what one's own is called.
        lacking = [] if absent else question.names.lacking()
        named = meant_text(_FILLING.sub("", rest), question.kb.published(), lacking, question.search)
    if named is None:
        return None
    if not named.documents:
        return Composed(Draft(), 0.05, refusals.not_in_library(named.title, question.search(), named=True))
    understood = question.understood
    if aspect in (_REPLACED, _VALID):  # what is old is the text it put an end to
        understood = replace(understood, older=False)
    document = asked_for(named, understood)
    draft = _told(question, document, aspect) if document else None
    return Composed(draft, 0.9) if draft else None


def _asking(plain: str) -> tuple[Words, int, str] | None:
    """What is asked of a text, where the clause begins that asks it (with the one before, if it holds nothing else), and what
    else stands there."""
    where = 0
    clauses = [*re.finditer(_CLAUSE, plain)]
    for n, clause in enumerate(clauses):
        for aspect in _ASPECTS:
            if aspect.search(clause[0]):
                where, rest = clause.start(), aspect.sub("", clause[0], 1)
                if n and not _FILLING.sub("", rest):
                    where, rest = clauses[n - 1].start(), clauses[n - 1][0]
                return aspect, where, rest
    return None


def _is_all(named: Named, clauses: str, where: int, rest: str) -> bool:
    """Whether `rest` names nothing else than the text named: 保密法下面的实施条例 does."""
    name = clauses[named.start - where : named.end - where]
    beside = _FILLING.sub("", rest.replace(name, "", 1))
    return len(beside) <= REST and not KIND.search(beside)


def _told(question: Question, document: Document, aspect: Words) -> Draft | None:
    """The sentences of `document` that tell the `aspect`."""
    passages = question.kb.passages(document.version_id)
    first, last = passages[:ENDS], passages[-ENDS:][::-1]
    if aspect is _WHOM:
        return _quoted(document, [*first, *last], _CONCERNS) or _quoted(document, first, _MEANT, count=2)
    if aspect is _WHAT_FOR:
        return purpose(document, passages)
    if aspect is _BY_WHOM:
        return _quoted(document, last, _INTERPRETED)
    if aspect is _REPLACED:
        return _quoted(document, last, _ENDED)
    ends = [*last, *passages[:1]]
    draft = _quoted(document, ends, _IN_FORCE_SINCE) or _quoted(document, ends, _SINCE_SOMEHOW) or Draft()
    if aspect is _ISSUED or not draft.citations or any(_THAT_DAY.search(one.text) for one in draft.sentences):
        for passage in passages[:1]:
            every = [one for one in units(passage.text, passage.start) if _DATED.search(one.text)]
            draft.quote(
                passage, document, [one for one in every if all(one.text != said.text for said in draft.sentences)]
            )
    return _with_card(draft, document, aspect) if draft.citations else None


def _with_card(draft: Draft, document: Document, aspect: Words) -> Draft:
    """`draft` with what the library's card of the text knows and no sentence says."""
    card = document.card
    named = f"《{card.title}》" + (f"（{edition_in_words(card.edition)}）" if card.edition else "")
    if aspect is _VALID and document.validity is Validity.IN_FORCE:
        draft.note(f"按库中的文件信息，{named}现行有效。")
    elif not any(_DATED.search(one.text) for one in draft.sentences):
        day = card.issued_on or card.effective_on
        known = f"{day.year}年{day.month}月{day.day}日" if day else "没有记载"
        draft.note(f"按库中的文件信息，{named}的发布日期：{known}。")
    return draft


def purpose(document: Document, passages: Sequence[Passage]) -> Draft | None:
    """The sentence that says what a text was made for; None when there is none."""
    return _quoted(document, passages[:ENDS], _SERVES)


def _quoted(document: Document, passages: Sequence[Passage], says: re.Pattern[str], count: int = 1) -> Draft | None:
    draft = Draft()
    for passage in passages:
        every = units(passage.text, passage.start)
        chosen = [unit for unit in every if says.search(unit.text)]
        if chosen:
            lead = [every[unit.lead] for unit in chosen[:1] if unit.lead is not None]
            draft.quote(passage, document, [*lead, chosen[0]])
        if len(draft.citations) == count:
            break
    return draft if draft.citations else None
