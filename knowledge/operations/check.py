"""Compares everything derived with what it is derived from, and repairs what can be made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from knowledge.index.chroma import FOLDER as CHROMA
from knowledge.knowledge_base import KnowledgeBase
from knowledge.storage import fulltext, validity_refresh, vectors
from knowledge.storage.originals import original, sha256_of
from knowledge.storage.schema import document, passage, version
from knowledge.storage.visibility import misplaced

_SHOWN: Final = 5
_SPANS: Final = sa.select(passage.c.id, passage.c.text, passage.c.start, passage.c.end)


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing that was looked at. `wrong` counts what was found amiss, `detail` says it in Chinese;
    `repaired` tells whether it is right now."""

    what: str
    wrong: int
    detail: str = ""
    repaired: bool = False

    @property
    def well(self) -> bool:
        return self.wrong == 0 or self.repaired


def check(
    library: KnowledgeBase, *, repair: bool = False, on_step: Callable[[int, int, str], None] | None = None
) -> list[Finding]:
    """Look at database, texts, originals, visibility, lexical index, vectors and the Chroma index, in this order.

    With `repair` all but damaged originals and texts is put right from what is stored; texts without a vector of
    the current model are embedded. Raises EncoderError when that needs an encoder that cannot be made.
    """
    looks: tuple[tuple[str, _Look], ...] = (
        ("数据库文件", _database),
        ("条文片段与原文", _texts),
        ("原件", _originals),
        ("时效与可见范围", _visibility),
        ("全文索引", _lexical),
        ("向量", _vectors),
        ("向量索引", _chroma),
    )
    findings = []
    for done, (what, look) in enumerate(looks):
        if on_step:
            on_step(done, len(looks), what)
        findings.append(replace(look(library, repair), what=what))
    return findings


_Look = Callable[[KnowledgeBase, bool], Finding]


def _database(library: KnowledgeBase, repair: bool) -> Finding:
    if not library.database.is_file:
        return Finding("", 0, "由 PostgreSQL 自己保证")
    with library.database.read() as connection:
        said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    problems = [line for line in said if line != "ok"]
    if not problems and not loose:
        return Finding("", 0)
    return Finding("", len(problems) + len(loose), f"数据库文件受损（{'；'.join(problems[:_SHOWN])}），请用备份恢复")


def _texts(library: KnowledgeBase, repair: bool) -> Finding:
    wrong: list[str] = []
    with library.database.read() as connection:
        ids = connection.execute(sa.select(version.c.id).order_by(version.c.id)).scalars().all()
        for version_id in ids:
            text = connection.execute(sa.select(version.c.text).where(version.c.id == version_id)).scalar_one()
            rows = connection.execute(_SPANS.where(passage.c.version_id == version_id))
            wrong += [str(row[0]) for row in rows if row[1] != text[row[2] : row[3]]]
    return Finding("", len(wrong), f"这些片段与原文位置不符：{_some(wrong)}，请重新添加原件" if wrong else "")


def _originals(library: KnowledgeBase, repair: bool) -> Finding:
    with library.database.read() as connection:
        digests = connection.execute(sa.select(version.c.sha256).distinct()).scalars().all()
    wrong = [digest for digest in digests if not _is_whole(original(library.data, digest), digest)]
    return Finding("", len(wrong), f"这些原件缺失或受损：{_some(wrong)}，请重新添加" if wrong else "")


def _is_whole(path: Path, digest: str) -> bool:
    try:
        return sha256_of(path) == digest
    except OSError:
        return False


def _visibility(library: KnowledgeBase, repair: bool) -> Finding:
    with library.database.read() as connection:
        stale = validity_refresh.stale(connection, library.register, library.today())
        wrong = len(stale) + misplaced(connection)
    if not wrong or not repair:
        return Finding("", wrong, f"{wrong} 处时效或可见范围不对" if wrong else "")
    with library.change() as changing:
        validity_refresh.refresh(changing.connection, library.register, library.today(), None)
        changing.documents |= set(changing.connection.execute(sa.select(document.c.id)).scalars())
    return Finding("", wrong, f"改正了 {wrong} 处时效或可见范围", repaired=True)


def _lexical(library: KnowledgeBase, repair: bool) -> Finding:
    with library.database.read() as connection:
        expected = fulltext.expected_texts(connection).keys()
        wrong = len(expected ^ fulltext.indexed_ids(connection)) if fulltext.is_here(connection) else 0
        outdated = fulltext.is_outdated(connection)
    wrong = max(wrong, len(expected) if outdated else 0)
    if not wrong or not repair:
        return Finding("", wrong, f"{wrong} 个片段的全文索引不对" if wrong else "")
    with library.change() as changing:
        fulltext.rebuild(changing.connection)
    return Finding("", wrong, f"重建了全文索引（{wrong} 个片段不对）", repaired=True)


def _vectors(library: KnowledgeBase, repair: bool) -> Finding:
    with library.database.read() as connection:
        missing = len(vectors.missing(connection, library.encoder.name))
    if not missing or not repair:
        return Finding("", missing, f"{missing} 段文字还没有当前模型的向量" if missing else "")
    library.indexes.embed_missing()
    return Finding("", missing, f"补算了 {missing} 段文字的向量", repaired=True)


def _chroma(library: KnowledgeBase, repair: bool) -> Finding:
    if not library.database.is_file:
        return Finding("", 0, "由 PostgreSQL 直接检索，没有另外的索引")
    if not (library.data / CHROMA).exists() and not repair:
        return Finding("", 0, "还没有建立，启动服务时会自动建立")
    index = library.indexes.open_chroma()
    if index is None:
        return Finding("", 0, "正由运行中的服务维护，这次没有检查")
    index.close()
    return Finding("", index.mended, f"修正了 {index.mended} 条" if index.mended else "", repaired=True)


def _some(items: list[str]) -> str:
    more = f" 等 {len(items)} 个" if len(items) > _SHOWN else ""
    return "、".join(items[:_SHOWN]) + more
