"""Reading .txt: lines are paragraphs, unless the text was cut at one width."""

from __future__ import annotations

from knowledge.model import SourceText
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.encoding import decode
from knowledge.parsing.loaders.lines import unwrap


def read_plain(data: bytes, name: str) -> SourceText:
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    return compose(Paragraph(line) for line in unwrap(text.split("\n")))
