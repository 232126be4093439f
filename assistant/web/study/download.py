"""Hands out files with a name that says what they are; a sheet as Markdown or Word."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import quote

from fastapi.responses import Response

from assistant.web.export.markdown import to_markdown
from assistant.web.export.sheet import Sheet
from assistant.web.export.word import to_word

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST_NAME = 40  # characters


class Form(StrEnum):
    """What a file is to be."""

    MARKDOWN = "md"
    WORD = "docx"


#: What a page may ask for: a file of the chosen things, or a new outline with their quotes.
Wanted = Literal["md", "docx", "outline"]


def handed(sheet: Sheet, form: Form, now: datetime) -> Response:
    """The file as a download; `now` is in UTC."""
    if form is Form.WORD:
        content, kind = to_word(sheet, now), WORD
    else:
        content, kind = to_markdown(sheet).encode(), "text/markdown; charset=utf-8"
    name = _NOT_IN_NAMES.sub(" ", f"{sheet.title[:_LONGEST_NAME]} {sheet.day.isoformat()}").strip() + f".{form}"
    return attached(content, kind, name)


def attached(content: bytes, media_type: str, name: str) -> Response:
    """`content` as a download called `name`."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
