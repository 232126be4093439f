"""Two texts side by side: two notions that a question compares, or two editions of one document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answering.draft import Draft
from assistant.answering.editions import edition_in_words, year_of
from assistant.answering.extract import best_units
from assistant.answering.sentences import Unit, units
from assistant.model import Table
from assistant.understanding.focus import Focus
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Hit, Passage
from knowledge.parsing.comparison import Change, Pair, revision
from knowledge.parsing.provisions import Provision

SIDE_LENGTH = 320  # characters quoted per side
CHANGED_ROWS = 6


def notions(
    sides: Sequence[tuple[str, Focus, Sequence[Hit]]], split: Callable[[Hit], Sequence[Unit]], draft: Draft
) -> Table:
    """Quote what the library says about each side; one column a side, one row. `split` takes a passage apart."""
    cells: list[tuple[int, ...]] = []
    for _, focus, hits in sides:
        cell: tuple[int, ...] = ()
        for hit in hits[:2]:
            room = SIDE_LENGTH - sum(len(draft.sentences[index].text) for index in cell)
            if room < 60 or (cell and hit.score < hits[0].score - 0.03):
                break
            cell += draft.quote(hit.passage, hit.document, best_units(focus, hit, split(hit), room))
        cells.append(cell)
    return Table(tuple(name for name, _, _ in sides), ("原文",), (tuple(cells),))


def editions(
    old: Document, new: Document, kb: KnowledgeBase, draft: Draft, about: Callable[[Document], Sequence[Hit]] | None
) -> Table:
    """Quote the articles on a topic from both editions, or, with no topic, articles that were added and changed.

    `about` searches one edition for the topic. Rows are articles; a cell is empty where an edition has no counterpart.
    """
    compared = revision(
        kb.text(old.version_id), kb.outline(old.version_id), kb.text(new.version_id), kb.outline(new.version_id)
    )
    pairs = [pair for pair in compared.pairs if _label(pair)]
    if about is None:
        _overview(old, new, pairs, draft)
        wanted = [pair for pair in pairs if pair.change is Change.ADDED] + sorted(
            (pair for pair in pairs if pair.change is Change.CHANGED and pair.kept < 0.8), key=lambda pair: pair.kept
        )
    else:
        wanted = _on_topic(pairs, about(new), about(old))
    rows, labels = [], []
    for pair in wanted[: 3 if about else CHANGED_ROWS]:
        rows.append((_cell(old, pair.old, kb, draft), _cell(new, pair.new, kb, draft)))
        labels.append(_label(pair))
    return Table((_heading(old), _heading(new)), tuple(labels), tuple(rows))


def _overview(old: Document, new: Document, pairs: Sequence[Pair], draft: Draft) -> None:
    added = [_label(pair) for pair in pairs if pair.change is Change.ADDED]
    dropped = sum(pair.change is Change.DELETED for pair in pairs)
    changed = sum(pair.change is Change.CHANGED for pair in pairs)
    draft.note(
        f"按条文逐条比对：{_called(old)}共{old.articles}条，{_called(new)}共{new.articles}条；"
        f"新增{len(added)}条，删去{dropped}条，文字有改动{changed}条。"
    )
    if added:
        draft.note(f"新增的条：{'、'.join(added[:20])}{'等' if len(added) > 20 else ''}。")


def _on_topic(pairs: Sequence[Pair], new_hits: Sequence[Hit], old_hits: Sequence[Hit]) -> list[Pair]:
    wanted: list[Pair] = []
    for hits, side in ((new_hits, "new"), (old_hits, "old")):
        for hit in hits[:2]:
            for pair in pairs:
                provision: Provision | None = getattr(pair, side)
                inside = provision is not None and _meets(hit.passage, provision)
                if inside and pair not in wanted and (not wanted or hit.score >= hits[0].score - 0.02):
                    wanted.append(pair)
    return wanted


def _cell(document: Document, provision: Provision | None, kb: KnowledgeBase, draft: Draft) -> tuple[int, ...]:
    if provision is None:
        return ()
    cell: tuple[int, ...] = ()
    for passage in kb.passages(document.version_id):
        if _meets(passage, provision):
            cell += draft.quote(passage, document, units(passage.text, passage.start))
    return cell


def _meets(passage: Passage, provision: Provision) -> bool:
    return passage.start < provision.end and passage.end > provision.start


def _label(pair: Pair) -> str:
    """The number of an article, in the newer edition if it is there; "" for a paragraph outside of articles."""
    return pair.new.label if pair.new else pair.old.label if pair.old else ""


def _called(document: Document) -> str:
    return edition_in_words(year_of(document))


def _heading(document: Document) -> str:
    return f"{_called(document)}（{document.validity}）"
