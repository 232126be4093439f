"""A conversation, or some of its turns, as a sheet: each question with its answer, labelled by how it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from assistant.conversations.turns import Turn, TurnState
from assistant.model import Answer, Citation, Mode
from assistant.web.answer_layout import AnswerView, Block, Shown, view
from assistant.web.export.sheet import CHECK, GENERATED, Footnotes, Grid, Kind, Line, Run, Sheet, line, numbered

LONGEST_HEADING = 60  # characters; a longer question stands under its heading

_UNFINISHED = {
    TurnState.STOPPED: "（回答没有完成：提问者停止了回答。）",
    TurnState.INTERRUPTED: "（回答没有完成：程序中断。）",
    TurnState.FAILED: "（没有回答：系统出错。）",
    TurnState.ANSWERING: "（还在回答。）",
}


def of_turns(
    title: str,
    turns: Sequence[Turn],
    day: date,
    warnings: Callable[[Answer], Sequence[str]],
    places: Callable[[int, str], str],
) -> Sheet:
    """`turns` under the title of their conversation; `warnings` are those that stand above an answer today, `places` words
    an address of a version's text."""
    notes = Footnotes(places)
    parts: list[Line | Grid] = []
    model: str | None = None
    for number, turn in enumerate(turns, start=1):
        if len(turn.question) <= LONGEST_HEADING and "\n" not in turn.question:
            parts.append(numbered(number, turn.question))
        else:
            parts.append(numbered(number, "问题"))
            parts += [line(Kind.TEXT, one) for one in turn.question.splitlines() if one.strip()]
        if turn.answer:
            parts += _answer(view(turn.answer), warnings(turn.answer), notes)
            if turn.answer.mode is Mode.GENERATE:
                model = model or (turn.answer.generation.model if turn.answer.generation else "")
        if turn.as_of:
            parts.append(
                line(Kind.REMARK, f"（按{turn.as_of.year}年{turn.as_of.month}月{turn.as_of.day}日的时效回答。）")
            )
        if turn.state in _UNFINISHED:
            parts.append(line(Kind.REMARK, _UNFINISHED[turn.state]))
    parts.append(line(Kind.REMARK, f"说明：{CHECK}{GENERATED if model is not None else ''}"))
    return Sheet(title, "学思问答", day, tuple(parts), tuple(notes.texts), model)


def _answer(shown: AnswerView, warnings: Sequence[str], notes: Footnotes) -> Iterable[Line | Grid]:
    about = {Mode.EXTRACT: shown.confidence, Mode.GENERATE: f"{shown.confidence}；{shown.hint}"}
    yield line(Kind.LABEL, f"【{shown.label}】{about.get(shown.mode, '')}")
    for warning in warnings:
        yield line(Kind.WARNING, f"【注意】{warning}")
    if shown.refusal:
        yield line(Kind.TEXT, shown.refusal)
    yield from _blocks(shown.blocks, shown, notes)
    if shown.grid:
        rows = []
        for row in shown.grid.rows:
            label = (line(Kind.LABEL, row.label),) if shown.grid.labelled else ()
            cells = (tuple(one for block in cell for one in _lines(block, shown, notes)) for cell in row.cells)
            rows.append((label, *cells))
        yield Grid(shown.grid.headers, tuple(rows))
    if shown.nearest:
        yield line(Kind.REMARK, "最接近的原文（不能直接回答这个问题）：")
        for citation in shown.nearest:
            yield line(Kind.QUOTE, "".join(citation.quote.split("\n")), [_number(citation, notes)])


def _blocks(blocks: Iterable[Block], shown: AnswerView, notes: Footnotes) -> Iterable[Line | Grid]:
    for block in blocks:
        if block.kind == "table" and len(block.sentences) > 1:
            yield _quoted_table(block, shown, notes)
        else:
            yield from _lines(block, shown, notes)


def _lines(block: Block, shown: AnswerView, notes: Footnotes) -> Iterable[Line]:
    kind = {"note": Kind.REMARK, "text": Kind.TEXT}.get(block.kind, Kind.ITEM)
    runs = []
    for sentence in block.sentences:
        doubt = f"（{sentence.doubt}）" if sentence.doubt else ""
        runs.append(Run(sentence.text, _cited(sentence, shown, notes), sentence.direct))
        if doubt:
            runs.append(Run(doubt))
        if kind is Kind.ITEM:
            yield Line(kind, tuple(runs))
            runs = []
    if runs:
        yield Line(kind, tuple(runs))


def _quoted_table(block: Block, shown: AnswerView, notes: Footnotes) -> Grid:
    """A table as it is quoted; the notes of a row stand after its last cell, those of the header in the first row."""
    (corner, *headers), *rows = block.cells
    head, *sentences = (_cited(sentence, shown, notes) for sentence in block.sentences)
    filled = []
    for n, (cited, row) in enumerate(zip(sentences, rows, strict=True)):
        strong = block.sentences[n + 1].direct
        cells = [(Line(Kind.TEXT, (Run(cell, strong=strong),)),) for cell in row]
        told = cited if n else tuple(dict.fromkeys((*head, *cited)))
        cells[-1] = (Line(Kind.TEXT, (Run(row[-1], told, strong),)),)
        filled.append(tuple(cells))
    return Grid(tuple(headers), tuple(filled), corner)


def _cited(sentence: Shown, shown: AnswerView, notes: Footnotes) -> tuple[int, ...]:
    return tuple(_number(shown.by_marker[marker], notes) for marker in sentence.markers if marker in shown.by_marker)


def _number(citation: Citation, notes: Footnotes) -> int:
    return notes.number(citation.document, citation.version_id, citation.address, citation.start, citation.end)
