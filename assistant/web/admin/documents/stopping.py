"""What stops when documents are no longer shown: curated answers that quote them, and what readers find instead."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.conversations.cited import questions_citing
from assistant.web.admin.documents.parts import Desk
from knowledge.ingestion.report import named
from knowledge.model import Document, Status

_MOST = 5  # questions of curated answers that are told


def stops(desk: Desk, going: Sequence[Document]) -> list[str]:
    """Sentences for a trainer who takes `going` away from readers; documents that they do not see stop nothing."""
    ids = {one.id for one in going}
    visible = [one for one in going if one.status is Status.PUBLISHED]
    said = []
    for document in visible:
        name = named(document.card.title, document.card.edition)
        left = [
            one
            for one in desk.knowledge_base.documents()
            if one.series == document.series and one.status is Status.PUBLISHED and one.id not in ids
        ]
        if left:
            newest = max(left, key=lambda one: str(one.card.issued_on or one.card.edition or ""))
            said.append(f"学员查不到{name}了，查到的会是{named(newest.card.title, newest.card.edition)}。")
        else:
            said.append(f"{name}在库里没有别的版本，学员问到它时只能得到“库中没有”的答复。")
        asked = len({one.question for one in questions_citing(desk.knowledge_base.database, document.id)})
        if asked:
            said.append(f"有 {asked} 个问题的回答引用过{name}，以后再问就不会再引它。")
    return [*said, *_curated(desk, {one.id for one in visible})]


def _curated(desk: Desk, ids: set[int]) -> list[str]:
    quoting = [
        one for one in (desk.curated.every() if desk.curated else ()) if ids & {q.document_id for q in one.quotes}
    ]
    if not quoting:
        return []
    told = "、".join(f"“{one.questions[0]}”" for one in quoting[:_MOST])
    return [f"{len(quoting)} 条审定答案停用，等您复核：{told}{'等' if len(quoting) > _MOST else ''}。"]
