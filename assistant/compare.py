"""Two texts side by side: two notions that a question compares, or two editions of one document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.draft import Draft
from assistant.editions import Pair, align, passages_of, year_of
from assistant.extract import best_units
from assistant.focus import Focus
from assistant.model import Table
from assistant.units import units
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Hit, Section

SIDE_LENGTH = 320  # characters quoted per side
CHANGED_ROWS = 6


def notions(sides: Sequence[tuple[str, Focus, Sequence[Hit]]], draft: Draft) -> Table:
    """Quote what the library says about each side; one column a side, one row."""
    cells: list[tuple[int, ...]] = []
    for _, focus, hits in sides:
        cell: tuple[int, ...] = ()
        for hit in hits[:2]:
            room = SIDE_LENGTH - sum(len(draft.sentences[index].text) for index in cell)
            if room < 60 or (cell and hit.score < hits[0].score - 0.03):
                break
            cell += draft.quote(hit.passage, hit.document, best_units(focus, hit, room))
        cells.append(cell)
    return Table(tuple(name for name, _, _ in sides), ("原文",), (tuple(cells),))


def editions(
    old: Document, new: Document, kb: KnowledgeBase, draft: Draft, about: Callable[[Document], Sequence[Hit]] | None
) -> Table:
    """Quote the articles on a topic from both editions, or, with no topic, articles that were added and changed.

    `about` searches one edition for the topic. Rows are articles; a cell is empty where an edition has no counterpart.
    """
    pairs = align(
        kb.text(old.version_id), kb.outline(old.version_id), kb.text(new.version_id), kb.outline(new.version_id)
    )
    if about is None:
        _overview(old, new, pairs, draft)
        wanted = [pair for pair in pairs if pair.old is None] + sorted(
            (pair for pair in pairs if pair.old and pair.new and pair.likeness < 0.8), key=lambda pair: pair.likeness
        )
    else:
        wanted = _on_topic(pairs, about(new), about(old))
    rows, labels = [], []
    for pair in wanted[: 3 if about else CHANGED_ROWS]:
        rows.append((_cell(old, pair.old, kb, draft), _cell(new, pair.new, kb, draft)))
        labels.append(pair.new.label if pair.new else pair.old.label if pair.old else "")
    return Table((_heading(old), _heading(new)), tuple(labels), tuple(rows))


def _overview(old: Document, new: Document, pairs: Sequence[Pair], draft: Draft) -> None:
    added = [pair.new.label for pair in pairs if pair.new and pair.old is None]
    dropped = [pair.old.label for pair in pairs if pair.old and pair.new is None]
    changed = sum(1 for pair in pairs if pair.old and pair.new and pair.likeness < 0.98)
    draft.note(
        f"按条文逐条比对：{year_of(old)}年版共{old.articles}条，{year_of(new)}年版共{new.articles}条；"
        f"新增{len(added)}条，删去{len(dropped)}条，文字有改动{changed}条。"
    )
    if added:
        draft.note(f"新增的条：{'、'.join(added[:20])}{'等' if len(added) > 20 else ''}。")


def _on_topic(pairs: Sequence[Pair], new_hits: Sequence[Hit], old_hits: Sequence[Hit]) -> list[Pair]:
    wanted: list[Pair] = []
    for hits, side in ((new_hits, "new"), (old_hits, "old")):
        for hit in hits[:2]:
            for pair in pairs:
                section: Section | None = getattr(pair, side)
                inside = section is not None and section.start <= hit.passage.start < section.end
                if inside and pair not in wanted and (not wanted or hit.score >= hits[0].score - 0.02):
                    wanted.append(pair)
    return wanted


def _cell(document: Document, section: Section | None, kb: KnowledgeBase, draft: Draft) -> tuple[int, ...]:
    if section is None:
        return ()
    cell: tuple[int, ...] = ()
    for passage in passages_of(section, kb.passages(document.version_id)):
        cell += draft.quote(passage, document, units(passage.text, passage.start))
    return cell


def _heading(document: Document) -> str:
    return f"{year_of(document)}年版（{document.validity}）"
