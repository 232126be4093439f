"""Changes how a document is cut, on a trainer's word: passages off and on, split and merged.

A boundary that moves makes a new version of the same text, so that citations of the old passages still open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from knowledge.chunking.chunker import cut
from knowledge.chunking.edits import Edit, EditKind, boundary, fit
from knowledge.errors import InvalidCut, NotInLibrary
from knowledge.ingestion.versions import edits_of, fitted
from knowledge.metadata.repeals import repeals
from knowledge.model import Passage
from knowledge.parsing.outline import Outline
from knowledge.storage.catalog import card_from, document_by_id, outline_of, passages_of, text_of
from knowledge.storage.changes import add_edits, add_vectors, change, enable_passage, store
from knowledge.storage.data_folder import DataFolder
from knowledge.storage.new_version import NewVersion
from knowledge.storage.schema import cut_edit, document, passage, version
from knowledge.storage.vectors import embed, embedded

_OPPOSITE = {EditKind.SPLIT: EditKind.MERGE, EditKind.MERGE: EditKind.SPLIT}


@dataclass(frozen=True, slots=True)
class Changed:
    """What trainers changed of the cut of a document; `unplaced` are those that find no place in the newest version."""

    edits: tuple[Edit, ...]
    unplaced: tuple[Edit, ...]


class Cutting:
    """The cut of the documents of one data folder. What is changed holds here and in all later versions."""

    def __init__(self, data_folder: DataFolder, check_tokens: Callable[[], None]) -> None:
        """`check_tokens` brings the lexical index in line before anything is written to it."""
        self._data_folder = data_folder
        self._check_tokens = check_tokens

    def changes(self, document_id: int) -> Changed:
        """What trainers changed of the cut of a document. Raises NotInLibrary."""
        with self._data_folder.database.read() as connection:
            return _changed(connection, document_id)

    def switch(self, passage_id: int, enabled: bool) -> None:
        """Let a passage be found, or not, in this and all later versions. Raises NotInLibrary."""
        with change(self._data_folder.database, self._data_folder.register, self._data_folder.today()) as changing:
            connection = changing.connection
            one = _passage(connection, passage_id)
            off = [e for e in edits_of(connection, one.document_id) if e.kind is EditKind.OFF]
            stale = [e.id for e in off if e.before == one.text and (e.address == one.address or enabled)]
            stale += [e.id for e in off if e.address == one.address and e.id not in stale]
            connection.execute(cut_edit.delete().where(cut_edit.c.id.in_(stale)))
            if not enabled:
                add_edits(connection, one.document_id, [Edit(0, EditKind.OFF, one.address, one.text)])
            enable_passage(changing, passage_id, enabled)

    def split(self, passage_id: int, at: int) -> None:
        """Make two passages of one; the second begins `at` characters into its text. Raises NotInLibrary, InvalidCut."""
        with self._data_folder.database.read() as connection:
            one = _passage(connection, passage_id)
            text = text_of(connection, one.version_id)
        if not (one.text[: max(at, 0)].strip() and one.text[at:].strip()):
            raise InvalidCut(f"“{one.address}”不能在第 {at} 个字处分开，请在中间选一处。")
        position = one.start + at + len(one.text[at:]) - len(one.text[at:].lstrip())
        self._change(one, boundary(EditKind.SPLIT, one.address, text, position))

    def merge(self, passage_id: int) -> None:
        """Make one passage of this and the next. Raises NotInLibrary, InvalidCut when there is none."""
        with self._data_folder.database.read() as connection:
            one = _passage(connection, passage_id)
            text = text_of(connection, one.version_id)
            rest = [p for p in passages_of(connection, one.version_id) if p.ordinal > one.ordinal]
        if not rest:
            raise InvalidCut(f"“{one.address}”后面没有条文片段可以合并。")
        self._change(one, boundary(EditKind.MERGE, one.address, text, rest[0].start))

    def forget(self, document_id: int, edit_id: int) -> None:
        """Take back one change of the cut. Raises NotInLibrary."""
        with self._data_folder.database.read() as connection:
            held = document_by_id(connection, document_id)
            known = [e for e in edits_of(connection, document_id) if e.id == edit_id]
            first = passages_of(connection, held.version_id)[0]
        if not known:
            raise NotInLibrary("没有这处切分改动，可能已被撤销；请刷新页面。")
        self._recut(first, (), (edit_id,))

    def replace_all(self, document_id: int, edits: Sequence[Edit]) -> None:
        """Put `edits` in the place of all changes of the cut. Raises NotInLibrary."""
        with self._data_folder.database.read() as connection:
            held = document_by_id(connection, document_id)
            dropped = [e.id for e in edits_of(connection, document_id)]
            first = passages_of(connection, held.version_id)[0]
        self._recut(first, edits, dropped)

    def _change(self, one: Passage, edit: Edit) -> None:
        """Keep `edit`; one that undoes an earlier change takes that back instead."""
        with self._data_folder.database.read() as connection:
            before = edits_of(connection, one.document_id)
        undone = [
            e.id for e in before if e.kind is _OPPOSITE[edit.kind] and (e.before, e.after) == (edit.before, edit.after)
        ]
        self._recut(one, () if undone else (edit,), tuple(undone))

    def _recut(self, one: Passage, added: Sequence[Edit], dropped: Sequence[int]) -> None:
        """Store the newest version cut anew, if `one` is of it."""
        self._check_tokens()
        while True:
            with self._data_folder.database.read() as connection:
                new, edits = stored(connection, one.document_id), edits_of(connection, one.document_id)
                kept = [e for e in edits if e.id not in dropped]
                new = fitted(connection, new, one.document_id, [*kept, *added])
                held = document_by_id(connection, one.document_id)
                texts = {p.text_hash: p.indexed for p in new.passages}
                encoder = self._data_folder.encoder()
                present = embedded(connection, encoder.name, texts)
            if one.version_id != held.version_id:
                raise InvalidCut("这份文件刚刚有了新的版本，请刷新页面后再改。")
            vectors = embed(encoder, {key: text for key, text in texts.items() if key not in present})
            with change(self._data_folder.database, self._data_folder.register, self._data_folder.today()) as changing:
                connection = changing.connection
                now = document_by_id(connection, one.document_id)
                if (now.version_id, now.card.title) != (held.version_id, held.card.title) or edits_of(
                    connection, one.document_id
                ) != edits:
                    continue  # somebody was faster
                connection.execute(cut_edit.delete().where(cut_edit.c.id.in_(dropped)))
                add_edits(connection, one.document_id, added)
                store(changing, new, one.document_id, None)
                add_vectors(connection, encoder.name, vectors)
            return


def _changed(connection: sa.Connection, document_id: int) -> Changed:
    held = document_by_id(connection, document_id)
    edits = edits_of(connection, document_id)
    text, structure = text_of(connection, held.version_id), outline_of(connection, held.version_id)
    return Changed(tuple(edits), fit(text, structure.sections, cut(text, structure), edits).unplaced)


def stored(connection: sa.Connection, document_id: int) -> NewVersion:
    """The newest version of a document as it came from its file, cut as the program cuts it today."""
    row = connection.execute(
        sa.select(version, document.c.parsed, document.c.sureness, document.c.evidence)
        .join(document, document.c.version_id == version.c.id)
        .where(document.c.id == document_id)
    ).one()
    structure: Outline = outline_of(connection, row.id)
    return NewVersion(
        source=row.source,
        file_name=row.file_name,
        sha256=row.sha256,
        text=row.text,
        outline=structure,
        card=card_from(row.parsed, row.sureness, row.evidence),
        repeals=repeals(row.text, structure),
        notes=tuple(row.notes),
        passages=(),
        spans=cut(row.text, structure),
    )


def _passage(connection: sa.Connection, passage_id: int) -> Passage:
    """A passage of the newest version of a document. Raises NotInLibrary."""
    row = connection.execute(
        sa.select(passage.c.version_id)
        .join(document, document.c.version_id == passage.c.version_id)
        .where(passage.c.id == passage_id, document.c.removed_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotInLibrary(f"库中没有编号为 {passage_id} 的条文片段，或它属于旧版本；请刷新页面。")
    return next(p for p in passages_of(connection, row.version_id) if p.id == passage_id)
