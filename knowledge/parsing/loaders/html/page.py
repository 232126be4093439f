"""Reading .html: the document on a page, without the page around it."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.boilerplate import is_further_reading
from knowledge.parsing.loaders.canonical import Paragraph, clean, compose
from knowledge.parsing.loaders.encoding import decode
from knowledge.parsing.loaders.html import content as html_content
from knowledge.parsing.loaders.html import title as html_title
from knowledge.parsing.loaders.html.content import BLOCKS
from knowledge.parsing.loaders.html.tables import filled_rows, is_data
from knowledge.parsing.loaders.lines import ends_sentence, starts_unit, unwrap
from knowledge.parsing.loaders.numbering import ordinal
from knowledge.parsing.loaders.tables import CELL_BORDER, row_text

_LINK_OPENS, _LINK_ENDS = "\x01", "\x02"  # cannot occur in HTML; they mark link words until the line is whole
_LONGEST_HEADING = 80  # characters; Word pages put whole paragraphs into h1
_ATTACHMENT = re.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|pptx?|zip|rar|7z)$", re.IGNORECASE)
_LIST_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def read_html(data: bytes, name: str) -> SourceText:
    soup = BeautifulSoup(decode(data, name), "lxml")
    stated = html_title.stated_title(soup)
    found = _Found()
    html_content.strip_page(soup, html_content.squeeze(html_title.headline(stated)), found.account)
    body = soup.body or soup
    root = html_content.main_content(body)
    title, shown = html_title.page_title(stated, body, root)
    lines = _without_link_lists(_Walk(found).lines(root), found.account)
    paragraphs = [Paragraph(line.text, line.level) for line in lines]
    title = " ".join(title.split()) if title else None
    if title and paragraphs and html_content.squeeze(paragraphs[0].text) == html_content.squeeze(title):
        paragraphs[0] = replace(paragraphs[0], level=paragraphs[0].level or 1)
    elif title and shown is not None and not _begins_with(paragraphs, title):
        paragraphs = [Paragraph(title, 1), *map(Paragraph, html_title.between(shown, root)), *paragraphs]
    paragraphs += map(Paragraph, html_title.signature(root))
    html_content.leave_outside(body, root, "".join(paragraph.text for paragraph in paragraphs), found.account)
    return compose(paragraphs, title=title, notes=found.notes(), left_out=found.account.pieces, origin="page")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    level: int | None
    linked: bool  # nothing but a link to another page


class _Found:
    """What was met on a page, and left out of its text."""

    def __init__(self) -> None:
        self.account = Account()
        self.tables = 0
        self.attachments: list[str] = []

    def notes(self) -> list[str]:
        notes = []
        if self.tables:
            notes.append(f"表格 {self.tables} 处按行展开，单元格之间用“{CELL_BORDER.strip()}”隔开。")
        if self.attachments:
            notes.append(f"网页上的附件没有收入，请另行添加：{'、'.join(self.attachments)}。")
        return notes


class _Walk:
    """One pass over the elements of the document, or of a cell at a `depth` of tables: their lines."""

    def __init__(self, found: _Found, depth: int = 0) -> None:
        self._found = found
        self._depth = depth
        self._buffer: list[str] = []
        self._level: int | None = None

    def lines(self, root: Tag) -> Iterator[_Line]:
        # Not recursive: pages with unclosed tags nest thousands deep.
        stack: list[tuple[Iterator[PageElement], Tag, int | None]] = [(iter(root.children), root, None)]
        while stack:
            children, parent, outer_level = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                yield from self._leave(parent, outer_level)
            elif type(child) is NavigableString:
                self._buffer.append(str(child).translate({1: None, 2: None}))
            elif isinstance(child, Tag):
                level = self._level
                finished = yield from self._enter(child)
                if not finished:
                    stack.append((iter(child.children), child, level))
        yield from self._flush()

    def _enter(self, tag: Tag) -> Generator[_Line, None, bool]:
        """Lines that end before an element; returns whether nothing is left of it to be visited."""
        name = tag.name
        if name == "br":
            self._buffer.append("\v")
            return True
        if name == "img":
            if not _is_icon(tag):
                self._found.account.leave("图片", str(tag.get("alt") or ""))
            return True
        if name == "table" and is_data(tag, self._depth):
            yield from self._flush()
            yield from self._table(tag)
            return True
        if "mso-list:ignore" in str(tag.get("style") or "").lower().replace(" ", ""):
            # Word writes the number of a list item as text, padded with spaces of a tiny font.
            label = " ".join(tag.get_text().split())
            self._buffer.append(label + ("\u3000" if label.startswith("第") else ""))
            return True
        if name == "a" and html_content.is_link(tag):
            self._note_attachment(tag)
            self._buffer.append(_LINK_OPENS)
        elif name in BLOCKS:
            yield from self._flush()
            if name == "li":
                self._buffer.append(_item_label(tag))
            if re.fullmatch(r"h[1-6]", name):
                self._level = int(name[1])
        return False

    def _leave(self, tag: Tag, outer_level: int | None) -> Iterator[_Line]:
        if tag.name == "a" and html_content.is_link(tag):
            self._buffer.append(_LINK_ENDS)
        elif tag.name in BLOCKS:
            yield from self._flush(preformatted=tag.name == "pre")
            self._level = outer_level

    def _flush(self, preformatted: bool = False) -> Iterator[_Line]:
        text = "".join(self._buffer)
        self._buffer.clear()
        if not text.strip():
            return
        if preformatted:
            lines = unwrap(text.replace("\v", "\n").split("\n"))
        else:
            pieces = [_collapsed(piece) for piece in text.split("\v")]
            lines = unwrap(pieces) if len(pieces) > 5 else pieces
        for line in lines:
            words = line.replace(_LINK_OPENS, "").replace(_LINK_ENDS, "")
            if clean(words):
                heading = len(words) <= _LONGEST_HEADING and not ends_sentence(words)
                loose = clean(re.sub(f"{_LINK_OPENS}[^{_LINK_ENDS}]*{_LINK_ENDS}?", "", line))
                yield _Line(words, self._level if heading else None, not loose.strip("·•>|-[] "))

    def _table(self, table: Tag) -> Iterator[_Line]:
        self._found.tables += 1
        inner: list[_Line] = []
        if caption := table.find("caption", recursive=False):
            yield from _Walk(self._found, self._depth).lines(caption)
        for _, words in filled_rows(table, lambda cell: self._cell(cell, inner)):
            if line := row_text(words):
                yield _Line(line, None, False)
            yield from inner  # the rows of tables in this row's cells
            inner.clear()

    def _cell(self, cell: Tag, inner: list[_Line]) -> str:
        walk = _Walk(self._found, self._depth + 1)
        for table in [one for one in cell.find_all("table") if one.find_parent(["td", "th"]) is cell]:
            if is_data(table, self._depth + 1):
                inner += walk._table(table.extract())
        return "\n".join(line.text for line in walk.lines(cell))

    def _note_attachment(self, link: Tag) -> None:
        target = unquote(re.split(r"[?#]", str(link.get("href")))[0])
        if _ATTACHMENT.search(target):
            self._found.attachments.append(" ".join(link.get_text().split()) or target.rsplit("/", 1)[-1])


def _collapsed(text: str) -> str:
    """Line ends of the HTML source are spaces, except within Chinese, where an editor put them anywhere."""

    def space(match: re.Match[str]) -> str:
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        return "" if _is_wide(before) or _is_wide(after) else " "

    return re.sub(r"[ \t\r\f]+", " ", re.sub(r"[ \t\r\f]*\n[ \t\r\n\f]*", space, text))


def _is_wide(char: str) -> bool:
    return char >= "\u2e80" or char in "“”‘’—…·"


def _is_icon(image: Tag) -> bool:
    sizes = [str(image.get(side) or "").removesuffix("px") for side in ("width", "height")]
    return any(size.isdecimal() and int(size) <= 32 for size in sizes)


def _item_label(item: Tag) -> str:
    """Number that a browser shows before an item of an ordered list."""
    parent = item.parent
    if parent is None or parent.name != "ol" or "list-style" in str(parent.get("style") or ""):
        return ""
    start = str(parent.get("start") or "1")
    before = len(item.find_previous_siblings("li"))
    number = (int(start) if start.isdecimal() else 1) + before
    return f"{ordinal(number, _LIST_STYLES.get(str(parent.get('type') or '1'), 'decimal'))}."


def _without_link_lists(lines: Iterable[_Line], account: Account) -> list[_Line]:
    """Lines without lists of links to other pages: three and more in a row, or any number under 延伸阅读."""
    kept: list[_Line] = []
    run: list[_Line] = []

    def settle() -> None:
        heading = bool(kept) and is_further_reading(clean(kept[-1].text))
        if not (run and heading) and (len(run) < 3 or any(starts_unit(clean(line.text)) for line in run)):
            kept.extend(run)
        else:
            for line in (*([kept.pop()] if heading else []), *run):
                account.leave("链接列表", line.text)
        run.clear()

    for line in lines:
        if line.linked:
            run.append(line)
        else:
            settle()
            kept.append(line)
    settle()
    return kept


def _begins_with(paragraphs: list[Paragraph], title: str) -> bool:
    squeezed = re.sub(r"\s+", "", title)
    opening = re.sub(r"\s+", "", "".join(paragraph.text for paragraph in paragraphs[:3]))
    return opening.startswith(squeezed)
