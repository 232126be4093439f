"""The exact look-up: `公务员法第五十九条` gives that article, the edition meant, or the plain truth that there is none."""

from __future__ import annotations

from assistant.answering import notices, refusals
from assistant.answering.draft import Draft
from assistant.answering.editions import articles, asked_for, edition_in_words, passages_of, year_of
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from assistant.answering.sentences import units
from assistant.model import Notice, Refusal
from assistant.understanding.named_documents import Named
from assistant.understanding.question import Understood
from knowledge.model import Document, Section
from knowledge.parsing.outline import Outline
from knowledge.text.quantities import ArticleRef, to_chinese, to_int


def look_up(question: Question, named: Named) -> Composed:
    """The articles asked for in the document `named`."""
    understood, kb, draft = question.understood, question.kb, Draft()
    document = asked_for(named, understood)
    if document is None:
        return Composed(draft, 0.0, missing_edition(named, understood))
    outline, passages = kb.outline(document.version_id), kb.passages(document.version_id)
    numbered = articles(outline, named.part)
    if not numbered:
        return Composed(draft, 0.0, refusals.no_articles(document))
    told: list[Notice] = []
    for wanted in understood.articles:
        section = numbered.get((wanted.number, wanted.sub or 0))
        if section is None:
            told.append(notices.no_article(document, str(wanted)))
            continue
        part, remark = _part(section, wanted, outline, document)
        told += [remark] if remark else []
        for passage in passages_of(part, passages):
            chosen = [
                unit for unit in units(passage.text, passage.start) if part.start <= unit.start and unit.end <= part.end
            ]
            draft.quote(passage, document, chosen)
    if not draft.sentences:
        nearest = refusals.missing_article(document, str(understood.articles[0]), max(numbered)[0])
        return Composed(draft, 0.0, nearest)
    return Composed(draft, 0.99, notices=tuple(told))


def missing_edition(named: Named, understood: Understood) -> Refusal:
    """The refusal for an edition that the library lacks."""
    wanted = edition_in_words(understood.years[0]) if understood.years else "更早的版本"
    return refusals.missing_edition(named.title, wanted, [year_of(document) for document in named.documents])


def _part(article: Section, wanted: ArticleRef, outline: Outline, document: Document) -> tuple[Section, Notice | None]:
    """The 款 or 项 asked for inside `article`; the whole article, with a remark, when it has no such part."""
    inside = [section for section in outline.sections if article.start <= section.start and section.end <= article.end]
    part = article
    if wanted.paragraph:
        paragraphs = [section for section in inside if section.level == "款"]
        if wanted.paragraph > max(len(paragraphs), 1):
            count = to_chinese(len(paragraphs)) if paragraphs else ""
            return article, notices.no_paragraph(document, f"第{to_chinese(wanted.paragraph)}款", count)
        part = paragraphs[wanted.paragraph - 1] if paragraphs else article
    if wanted.item:
        items = [section for section in inside if section.level == "项" and part.start <= section.start < part.end]
        match = next((item for item in items if _number(item) == wanted.item), None)
        if match is None:
            return part, notices.no_item(document, f"第（{to_chinese(wanted.item)}）项")
        part = match
    return part, None


def _number(section: Section) -> int | None:
    return to_int(section.label.strip("（）()第项"))
