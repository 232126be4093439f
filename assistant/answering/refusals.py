"""Reasons for not answering, and the one Chinese sentence for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.draft import cite
from assistant.answering.editions import edition_in_words
from assistant.model import Refusal
from knowledge.model import Document, Hit

NEAREST = 3

NO_ANSWER = "no_answer"
NOT_IN_LIBRARY = "not_in_library"
MISSING_ARTICLE = "missing_article"
MISSING_EDITION = "missing_edition"
PREDICTION = "prediction"
PERSONAL = "personal"
UNDER_SPECIFIED = "under_specified"
OUTSIDE_FIELD = "outside_field"
COURTESY = "courtesy"
NO_EXAMPLE = "no_example"
OUTSIDE_SCOPE = "outside_scope"


def no_answer(hits: Sequence[Hit]) -> Refusal:
    """The library has nothing on this."""
    nearest = "下面是最接近的原文，但它们没有直接回答这个问题。" if hits else "可以换一种问法，或请教员补充文件。"
    return _refusal(NO_ANSWER, f"库中没有找到能回答这个问题的原文。{nearest}", hits)


def not_in_library(title: str, hits: Sequence[Hit], *, named: bool) -> Refusal:
    """The question belongs to a document that the library lacks. `named` tells whether the question names it."""
    if named:
        reason = f"库中没有《{title}》，无法据其原文作答；请教员补充该文件后再问。"
    else:
        reason = f"这个问题应由《{title}》回答，而库中没有该文件；请教员补充后再问。"
    return _refusal(NOT_IN_LIBRARY, reason, hits, missing=title)


def place_not_in_library(place: str, hits: Sequence[Hit]) -> Refusal:
    """The question asks for the rules of a place of which the library holds nothing; `hits` are those of another."""
    reason = f"库中没有{place}的文件，不能用别处的规定作答；请教员补充{place}的文件后再问。"
    return _refusal(NOT_IN_LIBRARY, reason, hits)


def missing_article(document: Document, label: str, last: int) -> Refusal:
    """The named edition has no such article."""
    edition = f"（{edition_in_words(document.card.edition)}）" if document.card.edition else ""
    return _refusal(MISSING_ARTICLE, f"《{document.card.title}》{edition}共{last}条，没有{label}；请核对条号。", ())


def no_articles(document: Document) -> Refusal:
    """The named document is not made of articles."""
    return _refusal(MISSING_ARTICLE, f"《{document.card.title}》不分条，不能按条号查找；请改用内容提问。", ())


def missing_edition(title: str, wanted: str, held: Sequence[str]) -> Refusal:
    """The library lacks the edition asked for."""
    have = "、".join(edition_in_words(year) for year in held if year)
    return _refusal(MISSING_EDITION, f"库中没有《{title}》{wanted}" + (f"，现有{have}。" if have else "。"), ())


def prediction(hits: Sequence[Hit]) -> Refusal:
    """The question asks for what has not happened."""
    return _refusal(PREDICTION, "这个问题问的是尚未发生或尚未公布的事，库中文件不能作答，本系统不作预测。", hits)


def personal(hits: Sequence[Hit]) -> Refusal:
    """The question asks for a ruling on a person's own case."""
    reason = "具体个人、具体事情怎样认定和处理，由有管理权限的机关调查后依规依纪依法决定，本系统不作判断。"
    return _refusal(PERSONAL, reason + ("下面是可能适用的规定，供学习参考。" if hits else ""), hits)


def outside_field() -> Refusal:
    """The question has nothing to do with what such a library is for."""
    return _refusal(
        OUTSIDE_FIELD, "这个问题和库中的文件不相干，这里只据文件回答；可以问某件事规定怎么办、某一条怎么写。", ()
    )


def under_specified(what: str) -> Refusal:
    """The question does not say what it is about."""
    return _refusal(UNDER_SPECIFIED, what, ())


def courtesy(words: str) -> Refusal:
    """There was no question: a greeting, thanks, what can be asked."""
    return _refusal(COURTESY, words, ())


def no_example(hits: Sequence[Hit]) -> Refusal:
    """An example was asked for."""
    reason = "本系统只引用文件原文，不编例子；库中文件也没有为此举例。"
    return _refusal(NO_EXAMPLE, reason + ("下面是有关的规定。" if hits else ""), hits)


def outside_scope(title: str) -> Refusal:
    """The question names a document that its reader left out of the scope."""
    return _refusal(OUTSIDE_SCOPE, f"《{title}》不在选定的范围内；请改范围，或去掉范围再问。", ())


def inside_scope(refusal: Refusal) -> Refusal:
    """`refusal` of a question that names no document, as it reads when only a part of the library was searched."""
    if refusal.code not in (NO_ANSWER, NOT_IN_LIBRARY):
        return refusal
    reason = "选定的范围内没有找到能回答这个问题的原文；可以去掉范围再问。"
    return replace(
        refusal, code=NO_ANSWER, missing=None, reason=reason + ("下面是范围内最接近的原文。" if refusal.nearest else "")
    )


def _refusal(code: str, reason: str, hits: Sequence[Hit], missing: str | None = None) -> Refusal:
    nearest = tuple(cite(hit.passage, hit.document, i) for i, hit in enumerate(hits[:NEAREST], start=1))
    return Refusal(code, reason, nearest, missing)
