"""Follow-up questions made standalone by rules: what an elliptical question takes over from the one before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from assistant.model import Message
from assistant.understanding import alternatives
from assistant.understanding.named_documents import Named, Names
from knowledge.text.normalise import searchable
from knowledge.text.quantities import ARABIC, ITEM, ZERO
from knowledge.text.word_lists import WordLists, Words

_NUMBER = f"[{ARABIC}{ZERO}{ITEM}百]+"  # without 两: 两项 are two things
LISTS: Final = WordLists(Path(__file__).with_name("lists") / "followup.yaml", NUMBER=_NUMBER)
_OPENING = Words(lambda: rf"^(?:{LISTS['opening']})[，,]?")
_POINTING = LISTS.words("pointing")
_CLOSING = re.compile(r"(?:又?(?:是)?(?:怎么样|怎样|如何|怎么说|怎么规定))?呢?[？?。！!]*$")
_ARTICLE_ONLY = re.compile(rf"^第?{_NUMBER}[条款项]")
_EDITION_ONLY = re.compile(r"^(?:(?:19|20)\d{2}年?版?的?|旧版|修订前|老版|新版|现行的?|上一版|以前)(?:的?规定)?$")
_ARTICLE_IN = re.compile(rf"第?{_NUMBER}条(?:第?{_NUMBER}款)?")
_LONG_ENOUGH = 18
# Where nothing is searched, so many characters that say what it is about make a short question one of its own. Fewer do
# after a question whose shape would take it over: a look-up, a comparison.
_OWN_TOPIC = 11
_OWN_TOPIC_AFTER_A_SHAPE = 5
_SHAPED = re.compile(rf"第?{_NUMBER}条|变化|改动|修[订改]了|区别|不同|不一样|对比|比较|新旧")
# What turns to another matter, or back to one before the last, and says so much of it stands alone.
_TURNING = Words(lambda: rf"^(?:{LISTS['turning']})[，,:：\s]*")
_TURNED = 4
# What says less (谁批, 多久) could be about anything; what is longer tells its field by its words.
_TELLING, _LONGEST_CHATTER = 3, 40
_CLAUSE = re.compile(r"如果|要是|没有|不|就|已经|以后|之后|的时候")
_GENERIC = LISTS.words("generic")


class Request(StrEnum):
    """What may be wanted of the answer before: nothing new is asked."""

    SUMMARY = "summary"
    EXAMPLE = "example"
    REASON = "reason"
    SOURCE = "source"


def request_of(question: str) -> Request | None:
    """What `question` wants of the answer before it; None when it asks something itself."""
    core = _CLOSING.sub("", re.sub(r"[吗呢吧啊呀]?[?？。！!\s]*$", "", _OPENING.sub("", searchable(question))))
    found = (entry.value for entry in LISTS.lists["requests"].entries if re.fullmatch(entry.words, core))
    return next(map(Request, found), None)


#: Whether a short question goes on from the one before it, told by both and by what they are when joined.
GoesOn = Callable[[str, str, str], bool]


def says_little(question: str, before: str, _joined: str) -> bool:
    """Whether `question` goes on from the one `before` it, told by how much it says alone."""
    enough = _OWN_TOPIC_AFTER_A_SHAPE if is_shaped(before) else _OWN_TOPIC
    return len(said(question)) < enough


def said(question: str) -> str:
    """What is left of `question` without the words that could be about anything."""
    return _GENERIC.sub("", searchable(question))


def is_shaped(question: str) -> bool:
    """Whether `question` has a shape that another topic can be put into: a look-up, a comparison."""
    return bool(_SHAPED.search(searchable(question)))


def nowhere(_text: str) -> bool:
    """Nothing lies outside of the field."""
    return False


def condense(
    question: str,
    asked: Sequence[Message],
    names: Names,
    correct: Callable[[str], str],
    goes_on: GoesOn = says_little,
    outside: Callable[[str], bool] = nowhere,
) -> str:
    """`question` as it would be asked with no history; unchanged when it already stands alone.

    `asked` are the user's earlier messages, oldest first; each is condensed in turn, so a chain of
    follow-ups keeps its topic. `goes_on` decides where no word of the question does. What lies `outside` of the field goes on from
    nothing, and nothing goes on from it.
    """
    standing = ""
    for text in (correct(" ".join(message.content.split())) for message in asked):
        if not (standing and request_of(text)) and not _chatter(text, names, outside):
            standing = _standing(text, standing, names, goes_on)
    if standing and request_of(question):
        return standing
    return question if _chatter(question, names, outside) else _standing(question, standing, names, goes_on)


def _standing(text: str, before: str, names: Names, goes_on: GoesOn) -> str:
    """`text` as it would be asked alone after `before`, which may be empty."""
    if not before:
        return text
    turned = _TURNING.sub("", text)
    if turned != text and len(said(turned)) >= _TURNED:
        return turned
    return joined(before, text, names) if _leans(text, before, names, goes_on) else text


def _chatter(text: str, names: Names, outside: Callable[[str], bool]) -> bool:
    """Whether `text` says enough to be told and lies `outside` of the field."""
    return (
        len(searchable(text)) <= _LONGEST_CHATTER
        and len(said(text)) >= _TELLING
        and outside(text)
        and not names.find(text)
    )


def says_too_little(question: str, names: Names) -> bool:
    """Whether `question` consists of words that could be about anything (`可以延长吗`, `第三款呢`)."""
    return not names.find(question) and not said(question).strip()


def is_open(question: str, names: Names) -> bool:
    """Whether no word of `question` tells if it goes on from another: it is short, points to nothing and names no document."""
    short = len(searchable(question)) <= _LONG_ENOUGH
    return short and not _points_back(question) and not names.find(question)


def _leans(question: str, before: str, names: Names, goes_on: GoesOn) -> bool:
    """Whether `question` needs the one `before` it. A question with a topic of its own stands alone (`提任县处级领导职务需要多少年
    工龄`): people ask one thing after another."""
    if is_open(question, names):
        return goes_on(question, before, joined(before, question, names))
    long_by_itself = len(searchable(question)) > _LONG_ENOUGH and bool(names.find(question))
    return _points_back(question) and not long_by_itself


def _points_back(question: str) -> bool:
    plain = searchable(question)
    return bool(_OPENING.search(plain) or _POINTING.search(plain)) or plain.rstrip("?？。").endswith("呢")


def joined(before: str, question: str, names: Names) -> str:
    """`question`, which goes on from `before`, as it would be asked alone."""
    plain = searchable(question)
    core = _CLOSING.sub("", _OPENING.sub("", plain)).strip("，, ")
    named_before = names.find(before)
    title = f"《{named_before[0].title}》" if named_before else ""
    if _EDITION_ONLY.match(core):
        return f"{core}{'' if core.endswith('的') else '，'}{before}"
    if _ARTICLE_ONLY.match(core):
        if "条" not in core:
            article = _ARTICLE_IN.search(searchable(before))
            return f"{title}{article.group() if article else ''}{core}"
        return f"{title}{core}"
    named_now = names.find(core)
    if named_now and named_before and len(core) <= len(named_now[0].title) + 4:
        return _swap(before, named_before[0], f"《{named_now[0].title}》")
    topic = _CLOSING.sub("", re.sub(r"[吗呢么][?？。]*$", "", searchable(before)))
    named_thing = core.removesuffix("的")
    if swapped := alternatives.swap(named_thing, topic):
        return swapped
    if plain.rstrip("?？。").endswith("呢") and len(named_thing) <= 8 and not _CLAUSE.search(named_thing):
        shared = _longest_shared(named_thing, topic)
        if len(shared) >= 2 and not re.search("[0-9]", shared):
            at = topic.index(shared)
            # `普通借书证…` with `教师借书证呢`: what stood before the shared word at the very start goes too.
            return (topic[:at] if at > 4 else "") + named_thing + topic[at + len(shared) :]
    return f"{topic}，{core}"


def _swap(before: str, named: Named, title: str) -> str:
    plain = searchable(before)
    return plain[: named.start].rstrip("《") + title + plain[named.end :].lstrip("》")


def _longest_shared(one: str, other: str) -> str:
    best = ""
    for start in range(len(one)):
        for end in range(len(one), start + len(best), -1):
            if one[start:end] in other:
                best = one[start:end]
                break
    return best
