"""Exact article look-up: `公务员法第五十九条` gives that article, the edition meant, or the plain truth that there is none."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering import refusals
from assistant.answering.draft import Draft
from assistant.answering.editions import articles, asked_for, passages_of, year_of
from assistant.answering.sentences import units
from assistant.model import Refusal
from assistant.understanding.named_documents import Named
from assistant.understanding.question import ArticleRef, Understood
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Section
from knowledge.parsing.outline import Outline
from knowledge.text.quantities import to_chinese, to_int


@dataclass(frozen=True, slots=True)
class Found:
    """The document that was looked into and what could not be found in it; `refusal` when nothing could."""

    document: Document | None
    refusal: Refusal | None = None
    notices: tuple[str, ...] = ()


def look_up(understood: Understood, named: Named, kb: KnowledgeBase, draft: Draft) -> Found:
    """Quote the articles asked for into `draft`."""
    document = asked_for(named, understood)
    if document is None:
        return Found(None, missing_edition(named, understood))
    outline, passages = kb.outline(document.version_id), kb.passages(document.version_id)
    numbered = articles(outline)
    if not numbered:
        return Found(document, refusals.no_articles(document))
    notices: list[str] = []
    for wanted in understood.articles:
        section = numbered.get(wanted.number)
        if section is None:
            notices.append(f"《{document.card.title}》没有{label(wanted)}。")
            continue
        part, remark = _part(section, wanted, outline)
        notices += [remark] if remark else []
        for passage in passages_of(part, passages):
            chosen = [
                unit for unit in units(passage.text, passage.start) if part.start <= unit.start and unit.end <= part.end
            ]
            draft.quote(passage, document, chosen)
    if not draft.sentences:
        return Found(document, refusals.missing_article(document, label(understood.articles[0]), max(numbered)))
    return Found(document, None, tuple(notices))


def missing_edition(named: Named, understood: Understood) -> Refusal:
    """The refusal for an edition that the library lacks."""
    wanted = f"{understood.years[0]}年版" if understood.years else "更早的版本"
    return refusals.missing_edition(named.title, wanted, [year_of(document) for document in named.documents])


def label(wanted: ArticleRef) -> str:
    """`第五十九条第二款` as official documents write it."""
    text = f"第{to_chinese(wanted.number)}条"
    if wanted.paragraph:
        text += f"第{to_chinese(wanted.paragraph)}款"
    if wanted.item:
        text += f"第（{to_chinese(wanted.item)}）项"
    return text


def _part(article: Section, wanted: ArticleRef, outline: Outline) -> tuple[Section, str]:
    """The 款 or 项 asked for inside `article`; the whole article, with a remark, when it has no such part."""
    inside = [section for section in outline.sections if article.start <= section.start and section.end <= article.end]
    part = article
    if wanted.paragraph:
        paragraphs = [section for section in inside if section.level == "款"]
        if wanted.paragraph > max(len(paragraphs), 1):
            count = f"共{to_chinese(len(paragraphs))}款" if paragraphs else "不分款"
            return article, f"该条{count}，没有第{to_chinese(wanted.paragraph)}款；下面是全条。"
        part = paragraphs[wanted.paragraph - 1] if paragraphs else article
    if wanted.item:
        items = [section for section in inside if section.level == "项" and part.start <= section.start < part.end]
        match = next((item for item in items if _number(item) == wanted.item), None)
        if match is None:
            return part, f"没有找到第（{to_chinese(wanted.item)}）项；下面是所在条款的全文。"
        part = match
    return part, ""


def _number(section: Section) -> int | None:
    return to_int(section.label.strip("（）()第项"))
