"""An answer as the page lays it out: paragraphs, lists, a table, and its sources grouped by document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assistant.answering.editions import edition_in_words, standing_in_words
from assistant.answering.refusals import COURTESY
from assistant.answering.sentences import CELL
from assistant.model import (
    FAIRLY_SURE,
    LABELS,
    SURE,
    UNSUPPORTED_MARK,
    Answer,
    Citation,
    CitedDocument,
    Curated,
    Mode,
    Role,
    Sentence,
)
from knowledge.model import Validity
from knowledge.text.quantities import ARABIC, ITEM, ZERO

#: CSS class of a validity; its colour never stands alone, the words are always beside it.
VALIDITY_CLASS: Mapping[Validity, str] = {
    Validity.IN_FORCE: "in-force",
    Validity.NOT_YET: "not-yet",
    Validity.REVISED: "revised",
    Validity.REPEALED: "repealed",
    Validity.EXPIRED: "repealed",
}

MODE_HINT: Mapping[Mode, str] = {
    Mode.EXTRACT: "每句话都摘自库内文件的原文，点编号可核对",
    Mode.GENERATE: "由人工智能依据库内文件生成，请点编号核对原文",
    Mode.POSSIBLE: "没有找到直接的回答，这些规定可能相关，请点编号核对原文",
    Mode.REFUSE: "库中没有可以作答的原文",
}

_NUMBERED = re.compile(rf"[（(]?[{ARABIC}{ZERO}{ITEM}百]{{1,4}}(?:[）)]|[、.．]|是)|[①-⑳]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence with the markers that stand after it; `again` when they are those of the sentence before, `doubt` the
    words of the mark when its grounds were not found; a `direct` one says by itself what was asked."""

    text: str
    markers: tuple[int, ...]
    again: bool = False
    doubt: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences that stand together: a `text` paragraph, a `list` of items (`numbered` when they bring their own
    numbers), the rows of a `table` with its header first, or a `note` of the assistant's own."""

    kind: str
    sentences: tuple[Shown, ...]

    @property
    def cells(self) -> list[list[str]]:
        """The cells of a table by row. A row that leaves out its first cells, which one above has for it, gets empty ones."""
        rows = [sentence.text.split(CELL) for sentence in self.sentences]
        width = max((len(row) for row in rows), default=0)
        return [
            [*row, *[""] * (width - len(row))] if not n else [*[""] * (width - len(row)), *row]
            for n, row in enumerate(rows)
        ]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a comparison; one block list per column."""

    label: str
    cells: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A comparison. `labelled` tells whether the rows have names worth showing."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    labelled: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A cited document with its citations in the order of their markers."""

    document: CitedDocument
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Everything a template needs of one answer."""

    mode: Mode
    label: str
    hint: str
    confidence: str
    curated: Curated | None
    notices: tuple[str, ...]
    blocks: tuple[Block, ...]
    grid: Grid | None
    sources: tuple[Source, ...]
    refusal: str
    nearest: tuple[Citation, ...]
    by_marker: Mapping[int, Citation]


def view(answer: Answer) -> AnswerView:
    """`answer` laid out; an answer that is still being made is laid out as far as it goes."""
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    in_table = {index for row in (answer.table.rows if answer.table else ()) for cell in row for index in cell}
    outside = [sentence for index, sentence in enumerate(answer.sentences) if index not in in_table]
    return AnswerView(
        mode=answer.mode,
        label="学思" if answer.refusal and answer.refusal.code == COURTESY else LABELS[answer.mode],
        hint=MODE_HINT[answer.mode],
        confidence="" if not answer.mode.answers or answer.curated else confidence_in_words(answer.confidence),
        curated=answer.curated,
        notices=tuple(notice.text for notice in answer.notices),
        blocks=tuple(blocks(outside, quotes, flowing=answer.mode is Mode.GENERATE)),
        grid=_grid(answer, quotes),
        sources=tuple(_sources(answer.citations)),
        refusal=answer.refusal.reason if answer.refusal else "",
        nearest=answer.refusal.nearest if answer.refusal else (),
        by_marker={citation.marker: citation for citation in answer.citations},
    )


def blocks(sentences: Sequence[Sentence], quotes: Mapping[int, str], *, flowing: bool = False) -> list[Block]:
    """`sentences` gathered into paragraphs and lists. A paragraph ends where the quote breaks the line or another quote
    begins, unless the text is `flowing` (not quoted, but written); inside it a marker stands once, after the last sentence
    it covers. `quotes` by marker."""
    made: list[Block] = []
    paragraph: list[Sentence] = []
    place = 0  # where in its quote the last sentence ended

    def close() -> None:
        nonlocal paragraph
        if paragraph:
            made.append(Block("text", tuple(_once(paragraph))))
        paragraph = []

    for sentence in sentences:
        if sentence.role is Role.NOTE:
            close()
            made.append(Block("note", (_shown(sentence),)))
        elif sentence.role is Role.ITEM or (CELL in sentence.text and sentence.role is Role.DIRECT):
            close()
            before = made[-1].sentences if made else ()
            again = bool(before) and before[-1].markers == sentence.citations
            item = replace(_shown(sentence), again=again)
            kind = "table" if CELL in sentence.text else "numbered" if _NUMBERED.match(sentence.text) else "list"
            if made and made[-1].kind == kind:
                made[-1] = Block(kind, (*before, item))
            else:
                made.append(Block(kind, (item,)))
        else:
            same = bool(paragraph) and paragraph[-1].citations == sentence.citations
            quote = quotes.get(sentence.citations[0], "") if sentence.citations else ""
            start = quote.find(sentence.text, place if same else 0)
            if not flowing and (not same or (start >= 0 and "\n" in quote[place:start])):
                close()
            place = max(start, 0) + len(sentence.text)
            paragraph.append(sentence)
            if sentence.role is Role.LEAD:
                close()
    close()
    return made


def confidence_in_words(confidence: float) -> str:
    """How sure the assistant is that the quotes answer the question; `confidence` in 0..1."""
    if confidence >= SURE:
        return "把握较大"
    if confidence >= FAIRLY_SURE:
        return "把握一般，请核对原文"
    return "把握较小，请务必核对原文"


def address_in_words(address: str) -> str:
    """`第四章/第五十九条/第二款` → `第四章 › 第五十九条 › 第二款`."""
    return " › ".join(part for part in address.split("/") if part)


def day_in_words(moment: datetime) -> str:
    """The day of a moment in UTC where this computer stands: `2026年3月1日`."""
    day = moment.replace(tzinfo=UTC).astimezone()
    return f"{day.year}年{day.month}月{day.day}日"


def time_in_words(moment: datetime) -> str:
    """A moment in UTC where this computer stands: `2026-03-01 09:05`."""
    return f"{moment.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M}"


def snippet(quote: str, length: int = 90) -> str:
    """The beginning of a quote on one line."""
    line = " ".join(quote.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def as_text(
    answer: Answer, places: Callable[[int, str], str] = lambda _version_id, address: address.replace("/", " ")
) -> str:
    """An answer to be pasted elsewhere: notices, text, sources as footnotes, and how it was made. `places` words an
    address of a version's text."""
    lines = [f"【注意】{notice.text}" for notice in answer.notices]
    lines.append(answer.text)
    if answer.citations:
        lines += ["", "出处："]
    for citation in answer.citations:
        document = citation.document
        details = [edition_in_words(document.edition), document.doc_no or "", standing_in_words(document)]
        bracket = "，".join(detail for detail in details if detail)
        lines.append(
            f"[{citation.marker}] 《{document.title}》（{bracket}）{places(citation.version_id, citation.address)}"
        )
    lines.append(f"（学思 · {LABELS[answer.mode]}，引用前请核对正式文本）")
    return "\n".join(lines)


def _shown(sentence: Sentence) -> Shown:
    return Shown(
        sentence.text,
        sentence.citations,
        doubt="" if sentence.supported else UNSUPPORTED_MARK,
        direct=sentence.role is Role.DIRECT,
    )


def _once(paragraph: Sequence[Sentence]) -> Iterable[Shown]:
    for index, sentence in enumerate(paragraph):
        follower = paragraph[index + 1] if index + 1 < len(paragraph) else None
        repeated = follower is not None and follower.citations == sentence.citations
        yield replace(_shown(sentence), markers=() if repeated else sentence.citations)


def _grid(answer: Answer, quotes: Mapping[int, str]) -> Grid | None:
    if answer.table is None:
        return None
    labels = answer.table.labels
    rows = [
        Row(label, tuple(tuple(blocks([answer.sentences[i] for i in cell], quotes)) for cell in row))
        for label, row in zip(labels, answer.table.rows, strict=True)
    ]
    return Grid(answer.table.headers, tuple(rows), labelled=any(labels) and labels != ("原文",))


def _sources(citations: Sequence[Citation]) -> list[Source]:
    by_document: dict[int, list[Citation]] = {}
    for citation in citations:
        by_document.setdefault(citation.document.id, []).append(citation)
    return [Source(group[0].document, tuple(group)) for group in by_document.values()]
