"""The places of a document that may speak of the document itself: around its body, in a lead, in a signature."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.parsing.outline import Outline

#: A page heading of a study series, which is not about the document under it.
SERIES = re.compile(r"每周一学|每月一学|【[^】]{0,12}学习材料】|[^。]{0,20}学习推荐材料")


@dataclass(frozen=True, slots=True)
class Zones:
    """The lines that may speak of the document itself: `around` the text before its body (titles, publication
    lines), `lead` a news lead or covering letter, `signed` the signatures, `closing` the last provisions."""

    around: tuple[str, ...]
    lead: tuple[str, ...]
    signed: tuple[tuple[str, ...], ...]
    closing: str

    @classmethod
    def of(cls, text: str, outline: Outline) -> Zones:
        start, end = outline.body
        apart = [s for s in outline.sections if s.depth == 0 and s.level in ("导语", "部分", "落款", "附件")]
        lead = [s for s in apart if s.end <= start and (s.level == "导语" or s.label == "通知")]
        signed = [s for s in apart if s.level == "落款"]
        around: list[str] = []
        position = 0
        for section in [*(s for s in apart if s.end <= start), None]:
            stop = section.start if section else start
            around += _lines(text[position:stop])
            position = section.end if section else start
        if not around:
            around = _lines(text[start:end])[:1]
        around = [line for line in around if not SERIES.match(line)] or around
        articles = [s for s in outline.sections if s.level == "条" and start <= s.start < end]
        closing = (
            text[articles[-3 if len(articles) > 2 else 0].start : articles[-1].end]
            if articles
            else text[start:end][-700:]
        )
        return cls(
            tuple(around),
            tuple(line for s in lead for line in _lines(text[s.start : s.end])),
            tuple(tuple(_lines(text[s.start : s.end])) for s in signed),
            closing,
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
