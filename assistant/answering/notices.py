"""What readers are told beside an answer, each with its code; every wording stands here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from assistant.answering.editions import current, edition_in_words, published, year_of
from assistant.model import Citation, CitedDocument, Notice, NoticeCode
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Validity


def about_validity(citations: Iterable[Citation], kb: KnowledgeBase, as_of: date | None = None) -> tuple[Notice, ...]:
    """One notice for every cited document that is not in force, in the order they are cited: on the day `as_of` that was
    asked about, else as the library stands now."""
    cited = {citation.document.id: citation.document for citation in citations}
    if as_of is not None:
        return tuple(_then(one, as_of) for one in cited.values() if one.validity is not Validity.IN_FORCE)
    notices = []
    for document in cited.values():
        held = published(kb, document.id)
        if held is None:
            text = f"{named(document)}已从文件库撤下，引用前请核对最新文本。"
            notices.append(Notice(NoticeCode.WITHDRAWN, text, document.id))
        elif held.validity is not Validity.IN_FORCE:
            notices.append(_now(document, held, kb))
    return tuple(notices)


def not_written(why: str) -> Notice:
    """A language model gave no answer; `why` is a sentence."""
    return Notice(NoticeCode.NOT_WRITTEN, f"{why.rstrip('。')}，以下是原文摘录。")


def written_before() -> Notice:
    """A language model wrote the text from the same sources earlier."""
    text = "这个问题此前依据同样的来源生成过回答，这里沿用当时的文字，并已重新核对。"
    return Notice(NoticeCode.WRITTEN_BEFORE, text)


def reviewed_nearby(question: str) -> Notice:
    """A trainer made an answer to a question that may be the same."""
    return Notice(NoticeCode.REVIEWED_NEARBY, f"教员审定过相近的问题：“{question}”。", title=question)


def beside_refusal(told: Iterable[Notice]) -> tuple[Notice, ...]:
    """Those of `told` that help where there is no answer."""
    return tuple(notice for notice in told if notice.code is NoticeCode.REVIEWED_NEARBY)


def from_guides(title: str) -> Notice:
    """The library lacks the text called `title`; study guides report it."""
    return Notice(NoticeCode.FROM_GUIDES, f"库中没有《{title}》原文，以下出自学习导读，请以原文为准。")


def elsewhere(title: str) -> Notice:
    """A known document that the library lacks may answer as well."""
    text = f"这个问题也可能见于《{title}》，库中没有这份文件，请教员补充后再核对。"
    return Notice(NoticeCode.ELSEWHERE, text, title=title)


def newer_rule(first: Document, other: Document) -> Notice:
    """Two rules provide for one matter; the newer or higher one is quoted first."""
    said = [
        f"《{one.card.title}》" + (f"（{year_of(one)}年）" if year_of(one).isdigit() else "") for one in (first, other)
    ]
    text = (
        f"同一事项有两份规定：{said[0]}在先，{said[1]}在后；两者不一致时，一般以较新或层级较高的{said[0]}为准，请核对。"
    )
    return Notice(NoticeCode.NEWER_RULE, text, first.id)


def no_article(document: Document, label: str) -> Notice:
    """One of several articles asked for is not there."""
    return Notice(NoticeCode.NO_SUCH_PART, f"《{document.card.title}》没有{label}。", document.id)


def no_paragraph(document: Document, label: str, count: str) -> Notice:
    """An article has not so many paragraphs; `count` says how many it has."""
    text = f"该条{f'共{count}款' if count else '不分款'}，没有{label}；下面是全条。"
    return Notice(NoticeCode.NO_SUCH_PART, text, document.id)


def no_item(document: Document, label: str) -> Notice:
    """A paragraph has no such item."""
    return Notice(NoticeCode.NO_SUCH_PART, f"没有找到{label}；下面是所在条款的全文。", document.id)


def other_figure(stated: str, instead: Sequence[str]) -> Notice:
    """The question says `stated`; the quotes do not, but name the figures `instead`, if any, of the same unit."""
    if instead:
        text = f"问题里说的“{stated}”在所引原文中没有，原文写的是“{'”“'.join(instead)}”，请核对。"
    else:
        text = f"所引原文中没有出现“{stated}”，请核对问题的说法。"
    return Notice(NoticeCode.OTHER_FIGURE, text)


def named(document: CitedDocument) -> str:
    """`《星河市图书借阅管理条例》（2018年版）`."""
    return f"《{document.title}》" + (f"（{edition_in_words(document.edition)}）" if document.edition else "")


def _then(document: CitedDocument, as_of: date) -> Notice:
    text = f"{named(document)}在 {as_of} {document.validity}，库中没有那一天有效的版本。"
    return Notice(NoticeCode.NOT_IN_FORCE_THEN, text, document.id)


def _now(document: CitedDocument, held: Document, kb: KnowledgeBase) -> Notice:
    now = current([other for other in kb.published() if other.series == held.series])
    if now.validity is Validity.IN_FORCE:
        instead = f"现行的是{edition_in_words(now.card.edition or year_of(now)) or '另一版本'}。"
    else:
        instead = "库中没有它的现行版本，引用前请核对最新文本。"
    return Notice(NoticeCode.NOT_IN_FORCE, f"{named(document)}{held.validity}，{instead}", document.id)
