"""修订对照: two editions of a document side by side, article by article, with the changed words marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.web.reader.held import age, editions, names, open_published
from assistant.web.site import Site
from knowledge.errors import NotInLibrary
from knowledge.parsing.comparison import Change, Pair, Revision, revision
from knowledge.parsing.provisions import Provision
from knowledge.text.diff import Words

KEPT = 16  # comparisons kept in memory; texts of a version never change

#: Change → its CSS class and its value in the filter.
CLASS = {Change.UNCHANGED: "same", Change.CHANGED: "changed", Change.ADDED: "added", Change.DELETED: "deleted"}


@dataclass(frozen=True, slots=True)
class Row:
    """One provision on the page. `lines` are the paragraphs of each side in marked pieces; `here` is the one that the
    reader came from."""

    pair: Pair
    kind: str
    old_lines: tuple[tuple[Words, ...], ...]
    new_lines: tuple[tuple[Words, ...], ...]
    here: bool

    @property
    def place(self) -> str:
        """What the fragment of the page's address calls it."""
        return f"n{self.pair.new.start}" if self.pair.new else f"o{self.pair.old.start}" if self.pair.old else ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rows under one heading. `changes` counts those that differ."""

    name: str
    rows: tuple[Row, ...]

    @property
    def changes(self) -> int:
        return sum(row.pair.change is not Change.UNCHANGED or row.pair.moved for row in self.rows)


def routes(site: Site) -> APIRouter:
    """`/document/{id}/revision/{other}`: the older of the two on the left, whichever way they are named."""
    router = APIRouter(prefix="/document")
    library = site.knowledge_base

    @lru_cache(maxsize=KEPT)
    def compared(old: int, new: int) -> Revision:
        return revision(library.text(old), library.outline(old), library.text(new), library.outline(new))

    @router.get("/{document_id}/revision/{other_id}")
    def side_by_side(document_id: int, other_id: int, at: int = -1) -> HTMLResponse:
        """`at` is an offset into the text of `document_id`: the page opens at the provision that holds it."""
        shown, other = (open_published(library, one) for one in (document_id, other_id))
        if other not in editions(library, shown):
            raise NotInLibrary("这两份文件不是同一文件的两个版本，不能对照；请从文件页的“版本”里选择。")
        old, new = sorted((shown, other), key=age)
        found = compared(old.version_id, new.version_id)
        chapters = _chapters(found, at, in_new=shown == new)
        every = sorted([shown, *editions(library, shown)], key=age)
        return site.pages.page(
            "revision.html",
            old=old,
            new=new,
            editions=every,
            names=names(every),
            chapters=chapters,
            counts={CLASS[change]: found.count(change) for change in Change} | {"moved": found.moved},
            section="library",
        )

    return router


def _chapters(found: Revision, at: int, *, in_new: bool) -> list[Chapter]:
    """The rows by the heading above them in the newer text; a deleted provision stays with the one before it."""
    made: list[Chapter] = []
    rows: list[Row] = []
    name = next((pair.new.chapter for pair in found.pairs if pair.new), "")
    for pair in found.pairs:
        above = pair.new.chapter if pair.new else name
        if above != name and rows:
            made.append(Chapter(name, tuple(rows)))
            rows = []
        name = above
        rows.append(_row(pair, at, pair.new if in_new else pair.old))
    return [*made, Chapter(name, tuple(rows))] if rows else made


def _row(pair: Pair, at: int, asked: Provision | None) -> Row:
    here = asked is not None and asked.start <= at < asked.end
    return Row(pair, CLASS[pair.change], tuple(lines(pair.old_words)), tuple(lines(pair.new_words)), here)


def lines(words: Sequence[Words]) -> Iterable[tuple[Words, ...]]:
    """The pieces of a wording by paragraph, without the space around paragraphs."""
    line: list[Words] = []
    for piece in words:
        first, *rest = piece.text.split("\n")
        line.append(Words(first, piece.kept))
        for text in rest:
            yield from _filled(line)
            line = [Words(text, piece.kept)]
    yield from _filled(line)


def _filled(line: Sequence[Words]) -> Iterable[tuple[Words, ...]]:
    last = len(line) - 1
    texts = [piece.text.lstrip() if place == 0 else piece.text for place, piece in enumerate(line)]
    texts = [text.rstrip() if place == last else text for place, text in enumerate(texts)]
    if filled := tuple(Words(text, piece.kept) for text, piece in zip(texts, line, strict=True) if text):
        yield filled
