"""Looks for the words of the library that an item rests on: found, contradicts the library, or not found.

Exact and without a model: an answer counts as found where a passage has the words before and after the blank around it, or all
right options and the words of the question; a passage that has another option in the very place contradicts the key. A trainer
confirms what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.sentences import units
from assistant.study.excerpt import Excerpt, address_of
from assistant.study.question_bank.content import BLANK, BLANKS, TRUE, VARIANTS, Content, Finding, Kind, plain
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Passage, Validity
from knowledge.text import tokenize

LOOKED_AT = 24  # passages
REACH = 14  # characters of the stem compared on each side of a blank
ENOUGH = 8  # characters around a blank that must be the same, unless the stem has fewer
LEAST = 5  # characters: with less around the blank nothing can be said
_NAMED = re.compile(r"《([^《》]{3,60})》")
_ALL_OF_THEM = re.compile(r"以上|上述|都对|都是|均是|都不")
_GOES_ON = re.compile(r"[和或及与]|以及|并")
_ASKING = re.compile(
    r"下列|以下|说法|表述|选项|正确|错误|不属于|属于|包括|不包括|哪些|哪项|什么|多少|根据|依据|按照|规定|的是|有关|要求|简述|论述"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the search says of an item; `reason` is for the trainer, "" when there is nothing to add."""

    finding: Finding
    source: Excerpt | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A passage as it is compared."""

    document: Document
    passage: Passage
    words: str


MISSING = Found(Finding.MISSING)


def find_source(kb: KnowledgeBase, content: Content) -> Found:
    """Where the library says what `content` says."""
    seen = list(_candidates(kb, content))
    current = [one for one in seen if one.document.validity is Validity.IN_FORCE]
    for group in (current, [one for one in seen if one not in current]):
        verdicts = [(one, verdict) for one in group if (verdict := _verdict(content, one.words)) is not None]
        agreeing = [one for one, holds in verdicts if holds]
        against = [one for one, holds in verdicts if not holds]
        if agreeing and group is current:
            return Found(Finding.FOUND, _quoted(kb, agreeing[0], content))
        if agreeing:
            card = agreeing[0].document
            return Found(
                Finding.OUTDATED, _quoted(kb, agreeing[0], content), f"依据的《{card.card.title}》{card.validity}"
            )
        if against and group is current:
            where = against[0]
            place = f"《{where.document.card.title}》{where.passage.address.replace('/', '')}"
            return Found(Finding.CONTRADICTS, _quoted(kb, where, content), f"{place}的说法与答案不同")
    return MISSING


def statement(content: Content) -> str:
    """What an item says with its right answer: the stem with its blanks filled, or stem and answer."""
    answers = list(content.right_options) or [one.split(VARIANTS)[0] for one in content.answer]
    stem = BLANKS.sub(BLANK, content.stem)
    if content.kind is Kind.JUDGE:
        return stem
    blanks = stem.count(BLANK)
    if blanks == 1:
        return stem.replace(BLANK, "、".join(answers))
    for one in answers[:blanks] if blanks == len(answers) else ():
        stem = stem.replace(BLANK, one, 1)
    return stem if blanks == len(answers) else f"{stem} {'；'.join(answers)}"


def _candidates(kb: KnowledgeBase, content: Content) -> Iterator[_Seen]:
    """Passages that share words with the statement, the best first; of the documents that the stem names, if it does."""
    said = statement(content)
    named = _NAMED.findall(content.stem)
    documents = {one.id: one for one in kb.published()}
    within: set[int] | None = None
    if named:
        titles = [plain(one) for one in named]
        within = {
            one.id for one in documents.values() if any(_same_title(plain(one.card.title), title) for title in titles)
        }
        if not within:
            return
    tokens = tokenize(_NAMED.sub("", said)) or tokenize(said)
    ranked = kb.lexical.search(tokens, LOOKED_AT, document_ids=within)
    for passage, document in kb.get_passages([one for one, _ in ranked]).values():
        yield _Seen(document, passage, _plain(passage.text))


def _same_title(held: str, named: str) -> bool:
    short = held.removeprefix("中华人民共和国").removeprefix("中国共产党")
    other = named.removeprefix("中华人民共和国").removeprefix("中国共产党")
    return short == other or short.removesuffix("试行") == other.removesuffix("试行")


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return plain(text)


def _verdict(content: Content, words: str) -> bool | None:
    """Whether a passage bears an item out, contradicts it, or says nothing about it."""
    if content.kind is Kind.JUDGE:
        return _judged(content, words)
    if content.kind is Kind.SHORT:
        return True if _covered(content.answer[0], words) >= 0.85 and len(plain(content.answer[0])) >= 12 else None
    stem = BLANKS.sub(BLANK, content.stem)
    if content.kind is Kind.FILL:
        return _filled(content, stem, words)
    if stem.count(BLANK) == 1:
        before, after = (_around(one) for one in stem.split(BLANK))
        if len(content.answer) == 1:
            return _blank_chosen(content, before[-REACH:], after[:REACH], words)
        return _blank_listed(content, stem, before[-REACH:], after[:REACH], words)
    return _listed(content, stem, words)


def _around(piece: str) -> str:
    return plain(_NAMED.sub("", piece))


def _blank_chosen(content: Content, before: str, after: str, words: str) -> bool | None:
    if len(before) + len(after) < LEAST:
        return None
    enough = min(ENOUGH, len(before) + len(after))
    scores = [max(_fits_at(plain(one), before, after, words), default=-1) for one in content.options]
    right = scores[content.options.index(content.right_options[0])]
    wrong = max(score for one, score in zip(content.options, scores, strict=True) if one != content.right_options[0])
    if right >= enough and right > wrong and _close(statement(content), words):
        return True
    both = min(len(before), REACH) + min(len(after), REACH)
    if _ALL_OF_THEM.search(content.right_options[0]):
        return None
    if wrong >= enough and wrong > right + 4 and wrong >= both * 0.8 and _close(_NAMED.sub("", content.stem), words):
        return False
    return None


def _fits_at(option: str, before: str, after: str, words: str) -> Iterator[int]:
    """For each place of an option: how many characters of the stem stand directly before and after it."""
    if not option:
        return
    at = words.find(option)
    while at >= 0:
        end = at + len(option)
        behind = _same_start(words[end:], after)
        if behind or not after or not _GOES_ON.match(words, end):  # 公安机关 is not all of 公安机关和其他机关
            yield _same_end(words[:at], before) + behind
        at = words.find(option, at + 1)


def _same_end(one: str, other: str) -> int:
    return _same_start(one[::-1], other[::-1])


def _same_start(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _blank_listed(content: Content, stem: str, before: str, after: str, words: str) -> bool | None:
    """Several right options in one blank: they stand together, behind the words before it or before those after it."""
    right = [plain(one) for one in content.right_options]
    wrong = [plain(one) for one in content.options if one not in content.right_options]
    places = [words.find(one) for one in right]
    if min(places) < 0 or _covered(_NAMED.sub("", stem.replace(BLANK, "")), words) < 0.75:
        return None
    begin = min(places)
    end = max(place + len(one) for place, one in zip(places, right, strict=True))
    near = _same_end(words[:begin], before) + _same_start(words[end:], after)
    if near < min(4, len(before) + len(after)) or end - begin > 3 * sum(map(len, right)) + 20:
        return None
    inside = [one for one in wrong if one and one in words[begin:end] and not any(one in other for other in right)]
    return None if inside else True


def _listed(content: Content, stem: str, words: str) -> bool | None:
    """A question without a blank: the passage has its words and all right options, and none of the others."""
    asked = _ASKING.sub("", _NAMED.sub("", stem))
    if len(plain(asked)) < 4 or _covered(asked, words) < 0.8 or re.search(r"不属于|不包括|错误|不正确|不是", stem):
        return None
    right = [plain(one) for one in content.right_options]
    wrong = [plain(one) for one in content.options if one not in content.right_options]
    if min(map(len, right)) < 2 or not all(one in words for one in right):
        return None
    return None if any(one in words and not any(one in other for other in right) for one in wrong) else True


def _filled(content: Content, stem: str, words: str) -> bool | None:
    """All blanks of a stem: each answer stands between the words around its blank."""
    pieces = [_around(one) for one in stem.split(BLANK)]
    for place, expected in enumerate(content.answer):
        before, after = pieces[place][-REACH:], pieces[place + 1][:REACH]
        if len(before) + len(after) < LEAST:
            if plain(expected.split(VARIANTS)[0]) not in words:
                return None
            continue
        enough = min(ENOUGH, len(before) + len(after))
        variants = [plain(one) for one in expected.split(VARIANTS)]
        if max((score for one in variants for score in _fits_at(one, before, after, words)), default=-1) < enough:
            return None
    return True if _close(statement(content), words) else None


def _judged(content: Content, words: str) -> bool | None:
    said = plain(_NAMED.sub("", content.stem))
    verbatim = said in words and len(said) >= 12
    if content.answer == (TRUE,):
        return True if verbatim or (len(said) >= 16 and _covered(content.stem, words) >= 0.98) else None
    return False if verbatim else None


def _close(said: str, words: str) -> bool:
    return _covered(_ASKING.sub("", _NAMED.sub("", said)), words) >= 0.7


def _covered(said: str, words: str) -> float:
    """The share of the pairs of characters of `said` that a passage has, 0..1."""
    text = plain(said.replace(BLANK, ""))
    pairs = [text[at : at + 2] for at in range(len(text) - 1)] or [text]
    return sum(one in words for one in pairs) / len(pairs)


def _quoted(kb: KnowledgeBase, seen: _Seen, content: Content) -> Excerpt:
    """The sentence of the passage that has most of the statement, the whole passage where no sentence has the answer."""
    passage, document = seen.passage, seen.document
    wanted = [plain(one) for one in content.right_options or [one.split(VARIANTS)[0] for one in content.answer]]
    said = statement(content)
    start, end = passage.start, passage.end
    sentences = [one for one in units(passage.text, passage.start) if not one.heading]
    holding = [
        one for one in sentences if content.kind is Kind.JUDGE or all(word in plain(one.text) for word in wanted)
    ]
    if holding:
        best = max(holding, key=lambda one: _covered(said, plain(one.text)))
        start, end = best.start, best.end
    quote = kb.text(document.version_id)[start:end]
    address = address_of(kb.outline(document.version_id), start, end) or passage.address
    return Excerpt(document.id, document.version_id, document.card.title, address, quote, start, end)
