"""Finding the document on a web page by where its sentences stand, not by the name of the site."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.boilerplate import is_furniture
from knowledge.parsing.loaders.html.stylesheet import declared
from knowledge.parsing.loaders.lines import starts_unit

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup li main nav ol p pre section summary table tbody td tfoot th
    thead tr ul
"""
_NEVER_TEXT = "script style noscript template input map"
# What a page shows that is no text of its document, and how the report calls it.
_NAMED = {
    "iframe": "内嵌网页",
    "object": "嵌入的文件",
    "embed": "嵌入的文件",
    "svg": "图片",
    "canvas": "图片",
    "audio": "音视频",
    "video": "音视频",
    "select": "控件",
    "button": "控件",
    "textarea": "控件",
    "s": "划掉的文字",
    "del": "划掉的文字",
    "strike": "划掉的文字",
}
# Parts of class names and ids that sites give to what is not the document.
_FURNITURE_NAMES = """
    nav navigation menu side sidebar aside foot footer header top banner logo crumb crumbs breadcrumb path
    position location share bdshare jiathis relate related relation recommend hot rank comment comments
    copyright login search toolbar tool tools pager pagination prev next qrcode ewm friendlink links advert ad
    ads weixin wechat others control breadcrumbs weizhi dqwz crumbnav
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
_FURNITURE = frozenset(_FURNITURE_NAMES.split())
_CONTACT = re.compile(
    r"^\s*(?:(?:联系)?(?:地址|电话|邮编|邮箱|传真)|主办(?:单位)?|承办(?:单位)?|协办|联系我们|网址|今天是)\s*[:：]?"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_WORD_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_SENTENCE_MARKS = re.compile(r"[，。；：、！？]")
_SURELY_FURNITURE = frozenset(
    ("footer", "foot", "copyright", "nav", "breadcrumb", "breadcrumbs", "sidebar", "aside", "comments")
)
_TEXT_ELEMENTS = frozenset(("p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "caption", "blockquote"))

_SURE_ELEMENTS = frozenset(("nav", "footer", "aside"))
AROUND = "网页上的导航、页脚等"

_STRAY = 40  # characters of loose sentences beside the document that do not count
_DOMINANT = 0.85  # share of the page's sentences
_UNVEILED = 0.6  # share of the page's sentences from which a hidden element is one that a script shows
_LINKED = 0.3  # share of link words from which sentences beside the document are a list of links


def strip_page(soup: BeautifulSoup, headline: str, account: Account) -> None:
    """Take out what is not the document: scripts, controls, hidden and struck elements, and the parts of the page that
    are named like navigation, side bars and footers and hold little of its text. What shows `headline` stays."""
    strip_unseen(soup, account)
    body = soup.body or soup
    weights = _sentence_weights(body)
    page = weights.get(id(body), 0)
    for tag in [tag for tag in body.find_all(True) if is_page_furniture(tag)]:
        limit = 0.7 if name_parts(tag) & _SURELY_FURNITURE or tag.name in _SURE_ELEMENTS else 0.3
        if not tag.decomposed and weights.get(id(tag), 0) <= limit * page and not _shows(tag, headline):
            _leave(tag, "脚注" if _is_note(tag) else AROUND, account)


def strip_unseen(soup: BeautifulSoup, account: Account) -> None:
    """Take out what is no text to a reader of the page: scripts, controls, hidden and struck elements."""
    styles = declared(soup)
    _remove(soup.find_all(_NEVER_TEXT.split()))
    body = soup.body or soup
    _unfold_text_areas(body)
    _unfold_frames(body)
    weights = _sentence_weights(body)
    page = weights.get(id(body), 0)
    for tag in body.find_all(True):
        if tag.decomposed:
            continue
        style = f"{tag.get('style') or ''};{styles.get(id(tag), '')}"
        if tag.has_attr("hidden") or _HIDDEN.search(style):
            # The text of a page that a script shows once it has loaded is hidden in its source.
            if weights.get(id(tag), 0) < max(1.0, _UNVEILED * page):
                _leave(tag, "隐藏的文字", account)
        elif _STRUCK.search(style):
            _leave(tag, "划掉的文字", account)
        elif what := _NAMED.get(tag.name):
            _leave(tag, what, account)


def leave_outside(body: Tag, root: Tag, text: str, account: Account) -> None:
    """Account for the words of a page that stand outside the document and have not been taken into its `text`."""
    kept = squeeze(text)
    inside = {id(tag) for tag in (root, *root.find_all(True))}
    blocks: dict[int, list[str]] = {}
    for words in body.find_all(string=True):
        block = next((parent for parent in words.parents if parent.name in BLOCKS or parent is body), body)
        if type(words) is NavigableString and words.strip() and id(words.parent) not in inside:
            blocks.setdefault(id(block), []).append(words.strip())
    for pieces in blocks.values():
        if squeeze(line := " ".join(pieces)) not in kept:
            account.leave(AROUND, line)


def _unfold_text_areas(body: Tag) -> None:
    """Put what a text area holds into the page when nobody may write into it, and when it is the page's text, in markup,
    and a script shows it."""
    for area in body.find_all("textarea"):
        held = area.get_text()
        if (area.has_attr("readonly") or area.has_attr("disabled")) and held.strip() and "<" not in held:
            area.name = "pre"  # its line ends are shown, too
            continue
        if "<" not in held or len(squeeze(held)) < len(squeeze(body.get_text())) - len(squeeze(held)):
            continue
        inner = BeautifulSoup(held, "lxml")
        shown = inner.body
        if shown is not None and _sentence_weights(shown).get(id(shown)):
            shown.name = "div"
            area.replace_with(shown)


def _unfold_frames(body: Tag) -> None:
    """Put the pages that a page carries within itself where they are shown; frames within them stay closed."""
    for frame in body.find_all("iframe", srcdoc=True):
        shown = BeautifulSoup(str(frame["srcdoc"]), "lxml").body
        if shown is not None:
            shown.name = "div"
            frame.replace_with(shown)


def _leave(tag: Tag, what: str, account: Account) -> None:
    words = tag.get_text(" ", strip=True) or str(tag.get("src") or tag.get("data") or "")
    if words or tag.name in _NAMED:
        account.leave(what, words)
    tag.decompose()


def main_content(body: Tag) -> Tag:
    """The innermost element that holds all sentences of the page, or all but a few."""
    weights = _sentence_weights(body)
    root = body
    while True:
        children = [child for child in root.find_all(True, recursive=False) if weights.get(id(child))]
        stray = min(_STRAY, 0.1 * weights.get(id(root), 0))
        if not children or weights[id(root)] - sum(weights[id(child)] for child in children) > stray:
            return root
        best = max(children, key=lambda child: weights[id(child)])
        others = [child for child in children if child is not best]
        loose = sum(weights[id(child)] for child in others)
        dominates = weights[id(best)] >= _DOMINANT * weights[id(root)] and _all_linked(others)
        if best.name in _TEXT_ELEMENTS or best.name not in BLOCKS or (loose > stray and not dominates):
            return root
        root = best


def is_page_furniture(tag: Tag) -> bool:
    """Whether an element is named like a part of the page around the document."""
    return bool(name_parts(tag) & _FURNITURE) or tag.name in ("nav", "aside", "footer", "header")


def name_parts(tag: Tag) -> set[str]:
    """Words in an element's class names and id: `mainNav side-box` gives main, nav, side, box."""
    names = " ".join((*tag.get_attribute_list("class"), *tag.get_attribute_list("id"))) if tag.attrs else ""
    return {part.lower() for part in _WORD_PARTS.findall(names)}


def is_link(tag: Tag) -> bool:
    """Whether an `<a>` leads to another page; an anchor or a link within the page is part of the text."""
    target = str(tag.get("href") or "").strip()
    return bool(target) and not target.startswith("#")


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _remove(tags: Sequence[Tag]) -> None:
    for tag in tags:
        if not tag.decomposed:  # with an element around it
            tag.decompose()


def _is_note(tag: Tag) -> bool:
    """Whether an element says that it is a note to the text, as books do."""
    return "note" in f"{tag.get('epub:type') or ''} {tag.get('role') or ''}"


def _shows(tag: Tag, headline: str) -> bool:
    return any(squeeze(heading.get_text()) == headline for heading in tag.find_all(("h1", "h2", "h3")))


def _sentence_weights(body: Tag) -> dict[int, int]:
    """Characters of real sentences under each element, by id()."""
    blocks: dict[int, tuple[Tag, list[str], int]] = {}
    for text in body.find_all(string=True):
        if type(text) is not NavigableString or not text.strip():
            continue
        linked = False
        block: Tag | None = None
        for parent in text.parents:
            linked = linked or (parent.name == "a" and is_link(parent))
            if parent.name in BLOCKS:
                block = parent
                break
        if block is None:
            continue
        _, pieces, links = blocks.setdefault(id(block), (block, [], 0))
        words = text.strip()
        pieces.append(words)
        blocks[id(block)] = (block, pieces, links + (len(words) if linked else 0))
    weights: dict[int, int] = {}
    for block, pieces, links in blocks.values():
        words = "".join(pieces)
        if not _is_sentence(words) or links > 0.5 * len(words):
            continue
        for tag in (block, *block.parents):
            weights[id(tag)] = weights.get(id(tag), 0) + len(words)
            if tag is body:
                break
    return weights


def _is_sentence(words: str) -> bool:
    if is_furniture(words) or _CONTACT.match(words):
        return False
    return _SENTENCE_MARKS.search(words) is not None or starts_unit(words)


def _all_linked(tags: list[Tag]) -> bool:
    for tag in tags:
        words = len(squeeze(tag.get_text()))
        links = sum(len(squeeze(link.get_text())) for link in tag.find_all("a") if is_link(link))
        if links < _LINKED * words:
            return False
    return True
