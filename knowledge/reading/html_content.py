"""Finding the document on a web page by where its sentences stand, not by the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from knowledge.reading.furniture import is_furniture
from knowledge.reading.lines import starts_unit

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup li main nav ol p pre section summary table tbody td tfoot th
    thead tr ul
"""
_NEVER_TEXT = (
    "script style noscript template iframe object embed svg canvas audio video input select button textarea map nav"
)
# Parts of class names and ids that sites give to what is not the document.
_FURNITURE_NAMES = """
    nav navigation menu side sidebar aside foot footer header top banner logo crumb crumbs breadcrumb path
    position location share bdshare jiathis relate related relation recommend hot rank comment comments
    copyright login search toolbar tool tools pager pagination prev next qrcode ewm friendlink links advert ad
    ads weixin wechat others control
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
_FURNITURE = frozenset(_FURNITURE_NAMES.split())
_TITLES = frozenset(("title", "tit", "headline", "bt"))
_CONTACT = re.compile(
    r"^\s*(?:(?:联系)?(?:地址|电话|邮编|邮箱|传真)|主办(?:单位)?|承办(?:单位)?|协办|联系我们|网址|今天是)\s*[:：]?"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORD_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_SENTENCE_MARKS = re.compile(r"[，。；：、！？]")

_STRAY = 40  # characters of loose sentences beside the document that do not count
_DOMINANT = 0.85
_LINKED = 0.3


def strip_page(soup: BeautifulSoup) -> None:
    """Take out what never holds text for a reader: scripts, forms' controls, hidden elements, navigation."""
    for tag in soup.find_all(_NEVER_TEXT.split()):
        tag.decompose()
    for tag in soup.find_all(True):
        if not tag.decomposed and (tag.has_attr("hidden") or _HIDDEN.search(str(tag.get("style") or ""))):
            tag.decompose()


def main_content(body: Tag) -> Tag:
    """The innermost element that holds all sentences of the page but those of its side bars and footers."""
    weights = _sentence_weights(body)
    root = body
    while True:
        children = [child for child in root.find_all(True, recursive=False) if weights.get(id(child))]
        if not children or _own_sentences(root, weights) > _STRAY:
            return root
        best = max(children, key=lambda child: weights[id(child)])
        others = [child for child in children if child is not best]
        share = weights[id(best)] / weights[id(root)]
        loose = sum(weights[id(child)] for child in others if not is_page_furniture(child, weights[id(root)], weights))
        if best.name not in BLOCKS or (loose > _STRAY and not (share >= _DOMINANT and _all_linked(others))):
            return root
        if share < 0.5 and others:
            return root
        root = best


def is_page_furniture(tag: Tag, page_weight: int, weights: dict[int, int] | None = None) -> bool:
    """Whether an element is named like a part of the page around the document and holds little of its text."""
    if not name_parts(tag) & _FURNITURE and tag.name not in ("footer", "aside", "header"):
        return False
    weight = weights.get(id(tag), 0) if weights is not None else sum(_sentence_weights(tag).values())
    return weight < 0.3 * page_weight


def stated_title(soup: BeautifulSoup) -> str:
    """Title from the page's head: government pages state `ArticleTitle`, the others `<title>` with the site's name."""
    for tag in soup.find_all("meta"):
        if str(tag.get("name") or "").lower() == "articletitle" and str(tag.get("content") or "").strip():
            return str(tag["content"]).strip()
    return soup.title.get_text().strip() if soup.title else ""


def page_title(stated: str, body: Tag, root: Tag) -> tuple[str | None, Tag | None]:
    """The document's title, and the element above `root` that shows it when there is one.

    `stated` is the title in the page's head. A heading whose words occur in it is the title as the page shows it.
    """
    squeezed = _squeeze(stated)
    shown = [tag for tag in _title_candidates(body, root) if 4 <= len(_squeeze(tag.get_text())) <= 100]
    matching = [tag for tag in shown if _squeeze(tag.get_text()) in squeezed]
    outside = [tag for tag in shown if tag.name in ("h1", "h2") and root not in tag.parents]
    if matching:
        title = max(matching, key=lambda tag: len(_squeeze(tag.get_text())))
        return title.get_text(), None if root in title.parents else title
    if outside:
        return outside[-1].get_text(), outside[-1]
    parts = [part for part in re.split(r"\s*(?:--+|_+|\||\s-\s|\s–\s|>>)\s*", stated) if part]
    return (parts[0] if parts else None), None


def between(title: Tag, root: Tag) -> Iterator[str]:
    """Lines that stand between a page's title and its text, a subtitle or a document number; no links."""
    for tag in title.find_all_next():
        if tag is root:
            return
        if tag.name not in BLOCKS or tag in root.parents or tag.find(BLOCKS) or tag in title.descendants:
            continue
        words = " ".join(tag.get_text().split())
        if words and not is_furniture(words) and not tag.find("a") and not _inside_furniture(tag):
            yield words


def name_parts(tag: Tag) -> set[str]:
    """Words in an element's class names and id: `mainNav side-box` gives main, nav, side, box."""
    names = " ".join((*tag.get_attribute_list("class"), *tag.get_attribute_list("id"))) if tag.attrs else ""
    return {part.lower() for part in _WORD_PARTS.findall(names)}


def is_link(tag: Tag) -> bool:
    """Whether an `<a>` leads to another page; an anchor or a link within the page is part of the text."""
    target = str(tag.get("href") or "").strip()
    return bool(target) and not target.startswith("#")


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


def _own_sentences(tag: Tag, weights: dict[int, int]) -> int:
    return weights[id(tag)] - sum(weights.get(id(child), 0) for child in tag.find_all(True, recursive=False))


def _all_linked(tags: list[Tag]) -> bool:
    for tag in tags:
        words = len(_squeeze(tag.get_text()))
        links = sum(len(_squeeze(link.get_text())) for link in tag.find_all("a") if is_link(link))
        if links < _LINKED * words:
            return False
    return True


def _title_candidates(body: Tag, root: Tag) -> Iterator[Tag]:
    """Headings and elements named like titles, up to the first dozen elements of the text."""
    inside = 0
    for tag in body.find_all(True):
        if root in tag.parents:
            inside += 1
            if inside > 12:
                return
        named = tag.name in ("h1", "h2", "h3", "h4") or bool(name_parts(tag) & _TITLES)
        if named and tag is not root and tag not in root.parents and not _inside_furniture(tag):
            yield tag


def _inside_furniture(tag: Tag) -> bool:
    for parent in (tag, *tag.parents):
        if parent.name == "body":
            return False
        if name_parts(parent) & _FURNITURE or parent.name in ("nav", "aside", "footer"):
            return True
    return False


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)
