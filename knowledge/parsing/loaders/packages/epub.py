"""Reading .epub: the chapters in the order of the spine, each as the web page that it is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from knowledge.errors import EmptyFile, EncryptedFile, UnsafeFile
from knowledge.model import Heading, LeftOut, SourceText
from knowledge.parsing.loaders.account import sentences
from knowledge.parsing.loaders.html.page import read_html
from knowledge.parsing.loaders.packages.zipped import DAMAGED_PART, Zipped, attribute, below, child, damaged

_CONTAINER = "META-INF/container.xml"
_MOST_CHAPTERS = 3000
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff<]")  # in XML, and what would end a style sheet
_FONTS = re.compile(r"\.(?:otf|ttf|woff2?)$", re.IGNORECASE)


def read_epub(data: bytes, name: str) -> SourceText:
    """Raises ReadingError and its kind; EncryptedFile for a book whose seller has locked it."""
    package = Zipped(data, name)
    if _CONTAINER not in package:
        raise UnsafeFile(f"《{name}》不是 EPUB 电子书，请换成它本来的扩展名或重新导出。")
    try:
        return _read(package, name)
    except DAMAGED_PART as error:
        raise damaged(name) from error


def _read(package: Zipped, name: str) -> SourceText:
    if "META-INF/encryption.xml" in package:
        locked = [
            str(attribute(one, "URI") or "")
            for one in below(package.tree("META-INF/encryption.xml"), "CipherReference")
        ]
        if any(not _FONTS.search(part) for part in locked):
            raise EncryptedFile(f"《{name}》有版权保护，内容是加密的，不能读取。")
    chapters = list(_chapters(package, name))
    if not chapters:
        raise EmptyFile(f"《{name}》里没有可以读取的文字，请检查文件内容。")
    text, headings = "", []
    left_out: list[LeftOut] = []
    notes: dict[str, None] = {}
    for chapter in chapters:
        text += "\n" if text and chapter.text else ""
        shift = len(text)
        text += chapter.text
        headings += [Heading(one.start + shift, one.end + shift, one.level) for one in chapter.headings]
        left_out += chapter.left_out
        counted = sentences(chapter.left_out)
        notes |= dict.fromkeys(note for note in chapter.notes if note not in counted)
    return SourceText(text, tuple(headings), _title(package), (*notes, *sentences(left_out)), {}, tuple(left_out))


def _chapters(package: Zipped, name: str) -> Iterator[SourceText]:
    path = _package_file(package)
    root, folder = package.tree(path), posixpath.dirname(path)
    items = {str(one.get("id")): one for one in below(child(root, "manifest"), "item")}
    spine = [
        items[str(one.get("idref"))] for one in below(child(root, "spine"), "itemref") if one.get("idref") in items
    ]
    if len(spine) > _MOST_CHAPTERS:
        raise UnsafeFile(f"《{name}》超过 {_MOST_CHAPTERS:,} 章，请拆分后再上传。")
    for item in spine:
        part = posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href") or ""))))
        if part not in package:
            continue
        chapter = read_html(_as_html(package, part), name)
        if "nav" in str(item.get("properties") or "").split():
            yield SourceText("", left_out=(LeftOut("目录", chapter.text),), notes=())
        elif chapter.text or chapter.left_out:
            yield replace(chapter, title=None)


def _as_html(package: Zipped, part: str) -> bytes:
    """A chapter as a browser takes a page: XHTML closes empty elements in ways that HTML reads as open ones. Its title
    is the book's, which is not shown in the text; the book's style sheets stand in it, since they may hide some."""
    from lxml import etree

    data = package.read(part)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(data, parser)
    if root is None:
        return data
    for one in list(root.iter("{*}title")):
        parent = one.getparent()
        if parent is not None and str(parent.tag).endswith("}head"):
            parent.remove(one)
    for one in list(root.iter("{*}link")):
        sheet = posixpath.normpath(posixpath.join(posixpath.dirname(part), unquote(str(one.get("href") or ""))))
        if sheet.endswith(".css") and sheet in package:
            style = etree.SubElement(one.getparent(), str(one.tag).replace("}link", "}style"))
            style.text = _UNFIT.sub("", package.read(sheet).decode("utf-8", "replace"))
    return bytes(etree.tostring(root, method="html", encoding="utf-8"))


def _package_file(package: Zipped) -> str:
    stated = next(below(package.tree(_CONTAINER), "rootfile"), None)
    return str(stated.get("full-path")) if stated is not None else ""


def _title(package: Zipped) -> str | None:
    found = next(below(package.tree(_package_file(package)), "title"), None)
    return " ".join((found.text or "").split()) or None if found is not None else None
