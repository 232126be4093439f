"""What the style sheets inside a page say of its elements, as far as it hides or strikes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRIKES = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_SHOWS = re.compile(r"(?:display\s*:(?!\s*none)|visibility\s*:\s*visible)", re.IGNORECASE)
# Classes and ids, alone or one below the other; what depends on the reader's doing (`:hover`, `:checked`) says nothing.
_SELECTOR = re.compile(r"[\w-]*[.#][\w.#-]+(?:\s+[\w.#-]+)*")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_MOST_CHARACTERS = 200_000
_MOST_SELECTORS = 60


def declared(soup: BeautifulSoup) -> dict[int, str]:
    """By `id()` of an element the declarations that hide or strike it. On a page with scripts hiding counts for nothing:
    leaves of a tab are hidden until they are asked for."""
    scripted = soup.find("script") is not None
    sheets = "\n".join(style.get_text() for style in soup.find_all("style"))
    found: dict[int, str] = {}
    rules = list(_rules(_COMMENT.sub("", sheets[:_MOST_CHARACTERS])))
    shown = {name for selector, body in rules if _SHOWS.search(body) for name in _names(selector)}
    looked_up = 0
    for selector, body in rules:
        if _STRIKES.search(body):
            said = "text-decoration:line-through"
        elif _HIDES.search(body) and not scripted and not shown & set(_names(selector)[-1:]):
            said = "display:none"
        else:
            continue
        if _SELECTOR.fullmatch(selector) and looked_up < _MOST_SELECTORS:
            looked_up += 1
            found |= dict.fromkeys(map(id, soup.select(selector)), said)
    return found


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors with their declarations, without the rules for paper or small screens (`@media`)."""
    depth, prelude = 0, ""
    pieces = re.split(r"([{}])", css)
    for place, piece in enumerate(pieces):
        if piece == "{":
            depth += 1
            if depth == 1 and not prelude.startswith("@") and pieces[place + 2 : place + 3] == ["}"]:
                yield from ((one.strip(), pieces[place + 1]) for one in prelude.split(","))
        elif piece == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            prelude = piece.rpartition(";")[2].strip()


def _names(selector: str) -> list[str]:
    """The classes, ids and elements of a selector."""
    return re.findall(r"[\w-]+", selector)
