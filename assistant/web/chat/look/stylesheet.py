"""The style sheet of the chat: style.css and chat.css with heavier selectors, so that Gradio's own rules do not undo them."""

from __future__ import annotations

import re
from functools import cache

from assistant.web.pages import STATIC

HEAVIER = ":root:root body"  # two classes and an element more than a rule had
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTORS = re.compile(r"([^{}]+)\{")
_OF_THE_PAGE = re.compile(r"(?::root|html|body)\b")
_KEYFRAME = re.compile(r"from|to|[\d.]+%")


def heavier(css: str) -> str:
    """Every rule of `css` inside `body`; those of the page itself, at-rules and key frames stay as they are."""

    def one(match: re.Match[str]) -> str:
        selectors = match[1].strip()
        if selectors.startswith("@") or _KEYFRAME.fullmatch(selectors):
            return f"\n{selectors} {{"
        each = (part.strip() for part in re.split(r",(?![^(]*\))", selectors))
        return "\n" + ", ".join(part if _OF_THE_PAGE.match(part) else f"{HEAVIER} {part}" for part in each) + " {"

    return _SELECTORS.sub(one, _COMMENT.sub("", css))


@cache
def stylesheet() -> str:
    """The whole of it."""
    return heavier("\n".join((STATIC / name).read_text(encoding="utf-8") for name in ("style.css", "chat.css")))
