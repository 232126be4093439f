"""Hands out a sheet as a file: Markdown or Word, with a name that says what it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import quote

from fastapi.responses import Response

from assistant.web.export.markdown import to_markdown
from assistant.web.export.sheet import Sheet
from assistant.web.export.word import to_word

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST_NAME = 40  # characters


class Form(StrEnum):
    """What a file is to be."""

    MARKDOWN = "md"
    WORD = "docx"


#: What a page may ask for: a file of the chosen things, or a new outline with their quotes.
Wanted = Literal["md", "docx", "outline"]


def handed(sheet: Sheet, form: Form) -> Response:
    """The file as a download."""
    if form is Form.WORD:
        content, kind = to_word(sheet, datetime.now(UTC).replace(tzinfo=None)), _WORD
    else:
        content, kind = to_markdown(sheet).encode(), "text/markdown; charset=utf-8"
    name = _NOT_IN_NAMES.sub(" ", f"{sheet.title[:_LONGEST_NAME]} {sheet.day.isoformat()}").strip() + f".{form}"
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    )
