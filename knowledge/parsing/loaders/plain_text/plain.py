"""Reading .txt: lines are paragraphs, unless the text was cut at one width."""

from __future__ import annotations

import re

from knowledge.model import SourceText
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.encoding import decode
from knowledge.parsing.loaders.lines import unwrap

_WEB_PAGE = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def read_plain(data: bytes, name: str) -> SourceText:
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    if is_web_page(text):
        from knowledge.parsing.loaders.html.page import read_html

        return read_html(data, name)
    return compose(Paragraph(line) for line in unwrap(text.split("\n")))


def is_web_page(text: str) -> bool:
    """Whether a text is really the source of a web page, saved under another name."""
    return _WEB_PAGE.match(text) is not None
