"""The title of a document on a web page, and the lines around its text that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag

from knowledge.reading.furniture import is_furniture
from knowledge.reading.html_content import BLOCKS, is_page_furniture, name_parts, squeeze
from knowledge.reading.lines import is_date

_TITLES = frozenset(("title", "tit", "headline", "bt"))
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

    The element whose words occur in the title of the page's head shows the title; the longest such element wins.
    """
    squeezed = squeeze(stated)
    named: list[Tag] = []
    matching: list[tuple[int, Tag]] = []
    for tag, is_named in _candidates(body, root):
        words = squeeze(tag.get_text())
        if not 4 <= len(words) <= 100:
            continue
        if is_named and tag.name in ("h1", "h2") and root not in tag.parents:
            named.append(tag)
        if words in squeezed and (is_named or len(words) >= 6):
            matching.append((len(words), tag))
    if matching:
        title = max(matching, key=lambda pair: pair[0])[1]
        return title.get_text(), None if root in title.parents else title
    if named:
        return named[-1].get_text(), named[-1]
    return headline(stated) or None, None


def between(title: Tag, root: Tag) -> list[str]:
    """Lines that stand between a page's title and its text, a subtitle or a document number; no links."""
    lines: list[str] = []
    for tag in title.find_all_next():
        if tag is root:
            return lines
        if tag not in root.parents and title not in tag.parents and (words := _loose_line(tag)):
            lines.append(words)
    return []


def signature(root: Tag) -> list[str]:
    """Office and date that stand below the text, in an element of their own."""
    lines: list[str] = []
    for tag in root.find_all_next():
        if root in tag.parents or not (words := _loose_line(tag)):
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


def _candidates(body: Tag, root: Tag) -> Iterator[tuple[Tag, bool]]:
    """Elements that may show the title, up to the first dozen of the text, and whether they are named like titles."""
    inside = 0
    for tag in body.find_all(True):
        if tag is root or tag in root.parents:
            continue
        if root in tag.parents:
            inside += 1
            if inside > 12:
                return
        is_named = tag.name in ("h1", "h2", "h3", "h4") or bool(name_parts(tag) & _TITLES)
        if is_named or (tag.name in BLOCKS and not tag.find(BLOCKS) and not tag.find("a")):
            yield tag, is_named


def _inside_furniture(tag: Tag) -> bool:
    return any(is_page_furniture(parent) for parent in (tag, *tag.parents) if parent.name != "body")
