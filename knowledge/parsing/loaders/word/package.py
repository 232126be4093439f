"""The parts of a Word file and the references between them, opened as leniently as Word does.

Strict OOXML, a main part of any name, macro-enabled and template content, references that lead nowhere: none of that
keeps the text from being read.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from knowledge.errors import UnsafeFile
from knowledge.parsing.loaders import safety

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# ISO 29500 strict writes the same elements under other names.
_STRICT = tuple(
    (f"http://purl.oclc.org/ooxml/{strict}".encode(), f"http://schemas.openxmlformats.org/{usual}".encode())
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/diagram", "drawingml/2006/diagram"),
        ("drawingml/chart", "drawingml/2006/chart"),
    )
)
_OTHERS = (("xl/workbook.xml", "Excel 表格"), ("ppt/presentation.xml", "PPT 演示文稿"), ("OFD.xml", "OFD 公文"))


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a relationship leads: its kind (`header`, `image`, `aFChunk`) and the part in the package."""

    kind: str
    part: str


class Package:
    """A .docx in memory; parts are read when they are asked for."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises UnsafeFile, EncryptedFile, ReadingError; zipfile's and lxml's own errors for a damaged one."""
        safety.check_package(data, name)
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = {member.lstrip("/"): member for member in self._archive.namelist()}
        self.main = self._main_part()
        if not self.main:
            what = next((kind for part, kind in _OTHERS if part in self._names), "压缩包")
            raise UnsafeFile(f"《{name}》实际上是{what}，不是 Word 文档，请换成它本来的扩展名或另存为 .docx。")

    def __contains__(self, part: str) -> bool:
        return part in self._names

    def read(self, part: str) -> bytes:
        return self._archive.read(self._names[part])

    def tree(self, part: str) -> Any:
        """Root element of an XML part; raises lxml's XMLSyntaxError."""
        from lxml import etree

        data = self.read(part)
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))

    def only(self, kind: str) -> Any:
        """Root of the part of a kind of which a document has one (`styles`); None without it."""
        found = next((one.part for one in self.references.values() if one.kind == kind), None)
        return self.tree(found) if found else None

    @cached_property
    def references(self) -> dict[str, Reference]:
        """References of the main part by id; those that lead out of the package or nowhere are left out."""
        return self._references(self.main)

    @cached_property
    def title(self) -> str:
        """The title in the file's properties, or ""."""
        for one in self._references("").values():
            if one.kind == "core-properties":
                found = self.tree(one.part).find("{http://purl.org/dc/elements/1.1/}title")
                return (found.text or "").strip() if found is not None else ""
        return ""

    def _main_part(self) -> str:
        stated = next((one.part for one in self._references("").values() if one.kind == "officeDocument"), "")
        if stated.endswith(".xml") and not stated.startswith(("xl/", "ppt/")):
            return stated
        return "word/document.xml" if "word/document.xml" in self._names else ""

    def _references(self, part: str) -> dict[str, Reference]:
        folder, base = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{base}.rels")
        if listed not in self._names:
            return {}
        found = {}
        for one in self.tree(listed).iter(_RELATION):
            target = str(one.get("Target") or "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if one.get("TargetMode") != "External" and path in self._names:
                found[str(one.get("Id"))] = Reference(str(one.get("Type") or "").rsplit("/", 1)[-1], path)
        return found
