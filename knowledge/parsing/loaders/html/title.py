"""The title of a document on a web page, and the lines around its text that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag

from knowledge.parsing.loaders.boilerplate import is_furniture
from knowledge.parsing.loaders.html.content import BLOCKS, is_page_furniture, name_parts, squeeze
from knowledge.parsing.loaders.lines import is_date
from knowledge.parsing.titles import is_title_line

_TITLES = frozenset(("title", "tit", "headline", "bt"))
_NEAR = 12  # elements
_SITE = re.compile(r"\s*(?:--+|_+|\||\s-\s|\s–\s|>>)\s*")


def stated_title(soup: BeautifulSoup) -> str:
    """Title from the page's head: government pages state `ArticleTitle`, the others `<title>` with the site's name."""
    for tag in soup.find_all("meta"):
        if str(tag.get("name") or "").lower() == "articletitle" and str(tag.get("content") or "").strip():
            return str(tag["content"]).strip()
    return soup.title.get_text().strip() if soup.title else ""


def headline(stated: str) -> str:
    """The document's part of a page's stated title, which often ends in the names of column and site."""
    return next((part for part in _SITE.split(stated) if part.strip()), "").strip()


def page_title(stated: str, body: Tag, root: Tag) -> tuple[str | None, Tag | None]:
    """The document's title, and the element above `root` that shows it when there is one.

    The element whose words occur in the title of the page's head shows the title, or a heading that says it more fully;
    the longest such element wins.
    """
    squeezed, short = squeeze(stated), squeeze(headline(stated))
    matching: list[tuple[str, Tag | None]] = []
    headings: list[tuple[str, Tag | None]] = []
    for tag, is_named, is_inside in _candidates(body, root):
        words = squeeze(tag.get_text())
        if not 4 <= len(words) <= 100:
            continue
        shown = None if is_inside else tag
        fuller = tag.name in ("h1", "h2") and len(short) >= 4 and short in words
        if fuller or (words in squeezed and (is_named or len(words) >= 6)):
            matching.append((tag.get_text(), shown))
        elif tag.name in ("h1", "h2") and not is_inside:
            headings.append((tag.get_text(), shown))
    if matching:
        return max(matching, key=lambda pair: len(squeeze(pair[0])))
    if headings:
        return headings[-1]
    above = None if squeezed else _title_above(root)
    return (above.get_text(), above) if above is not None else (headline(stated) or None, None)


def _title_above(root: Tag) -> Tag | None:
    """On a page without a stated title, the element right above the text that reads like one."""
    for tag in root.find_all_previous(list(BLOCKS), limit=_NEAR):
        words = "" if tag in root.parents or tag.find(BLOCKS) else " ".join(tag.get_text().split())
        if words:
            return tag if is_title_line(words) else None
    return None


def between(title: Tag, root: Tag) -> list[str]:
    """Lines that stand between a page's title and its text, a subtitle or a document number; no links."""
    lines: list[str] = []
    skipped = _ids(root.parents) | _ids(title.find_all(True))
    for tag in title.find_all_next():
        if tag is root:
            return lines
        if id(tag) not in skipped and (words := _loose_line(tag)):
            lines.append(words)
    return []


def signature(root: Tag) -> list[str]:
    """Office and date that stand below the text, in an element of their own."""
    lines: list[str] = []
    inside = _ids(root.find_all(True))
    for tag in root.find_all_next():
        if id(tag) in inside or not (words := _loose_line(tag)):
            continue
        lines.append(words)
        if is_date(words):
            return lines
        if len(lines) == 3 or len(words) > 40:
            break
    return []


def _loose_line(tag: Tag) -> str:
    """Words of an element that holds one line without links; "" for all others."""
    if tag.name not in BLOCKS or tag.find(BLOCKS) or tag.find("a") or _inside_furniture(tag):
        return ""
    words = " ".join(tag.get_text().split())
    return "" if is_furniture(words) else words


def _candidates(body: Tag, root: Tag) -> Iterator[tuple[Tag, bool, bool]]:
    """Elements that may show the title, up to the first dozen of the text; whether each is named like a title, and
    whether it stands inside the text."""
    around, inside = _ids(root.parents), _ids(root.find_all(True))
    seen = 0
    for tag in body.find_all(True):
        if tag is root or id(tag) in around:
            continue
        is_inside = id(tag) in inside
        seen += is_inside
        if seen > 12:
            return
        is_named = tag.name in ("h1", "h2", "h3", "h4") or bool(name_parts(tag) & _TITLES)
        if is_named or (tag.name in BLOCKS and not tag.find(BLOCKS) and not tag.find("a")):
            yield tag, is_named, is_inside


def _ids(tags: Iterable[Tag]) -> set[int]:
    # By identity: elements compare equal when their contents do, at the cost of walking both.
    return {id(tag) for tag in tags}


def _inside_furniture(tag: Tag) -> bool:
    return any(is_page_furniture(parent) for parent in (tag, *tag.parents) if parent.name != "body")
