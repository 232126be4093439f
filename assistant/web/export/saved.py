"""Saved passages and outlines as sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from assistant.study.excerpt import Excerpt, cited
from assistant.study.notes import Note
from assistant.study.outlines import StudyOutline
from assistant.web.export.sheet import CHECK, Footnotes, Kind, Line, Sheet, line, numbered, paragraphs
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Validity
from knowledge.text.quantities import to_chinese

Places = Callable[[int, str], str]  # words an address of a version's text


def of_notes(knowledge_base: KnowledgeBase, notes: Sequence[Note], day: date, places: Places) -> Sheet:
    """Notes by document, in the order in which their documents first come."""
    footnotes = Footnotes(places)
    by_title: dict[str, list[Note]] = {}
    for note in notes:
        by_title.setdefault(note.excerpt.title, []).append(note)
    parts: list[Line] = []
    for number, (title, members) in enumerate(by_title.items(), start=1):
        parts.append(numbered(number, f"《{title}》"))
        for note in members:
            parts += _quoted(knowledge_base, note.excerpt, footnotes)
            parts += _own("批注", note.remark)
    parts.append(line(Kind.REMARK, f"说明：{CHECK}“批注”是本人所写。"))
    return Sheet("学习笔记", "学思笔记", day, tuple(parts), tuple(footnotes.texts))


def of_outline(knowledge_base: KnowledgeBase, outline: StudyOutline, day: date, places: Places) -> Sheet:
    """An outline with its headings, its quotes and the reader's thoughts."""
    footnotes = Footnotes(places)
    parts: list[Line] = []
    for number, heading in enumerate(outline.headings, start=1):
        parts.append(numbered(number, heading.words or "要点"))
        for place, point in enumerate(heading.points, start=1):
            first, *others = _quoted(knowledge_base, point.excerpt, footnotes, f"（{to_chinese(place)}）")
            parts += [first, *others]
            parts += _own("思考", point.thought)
    parts.append(line(Kind.REMARK, f"说明：{CHECK}标题和“思考”是本人所写或按文件的章名拟定。"))
    return Sheet(outline.topic, "研讨提纲", day, tuple(parts), tuple(footnotes.texts))


def _quoted(knowledge_base: KnowledgeBase, chosen: Excerpt, footnotes: Footnotes, number: str = "") -> list[Line]:
    document, held = cited(knowledge_base, chosen)
    note = footnotes.number(document, chosen.version_id, chosen.address, chosen.start, chosen.end)
    made = paragraphs(Kind.QUOTE, f"{number}{chosen.quote}", [note])
    if not held:
        made.append(line(Kind.WARNING, "【注意】这份文件已从库中撤下。"))
    elif document.validity is not Validity.IN_FORCE:
        made.append(line(Kind.WARNING, f"【注意】这段引自{document.validity}的文本，请核对现行文本。"))
    return made


def _own(name: str, words: str) -> list[Line]:
    return paragraphs(Kind.OWN, f"{name}：{words}") if words else []
