"""A zip file in memory whose members are read within limits, whatever its directory claims."""

from __future__ import annotations

import io
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from knowledge.errors import EncryptedFile, ReadingError, UnsafeFile

MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = 100 * 1024 * 1024
MAX_TOTAL_BYTES = 400 * 1024 * 1024  # of all that is read from one package
MAX_RATIO = 250
_HARMLESS_BYTES = 10 * 1024 * 1024  # up to here any ratio may be an honest file
_UTF8_NAME = 0x800  # flag of a member whose name is UTF-8
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError, KeyError)
#: What lxml and the look-ups after it raise over a part that is not what the format asks for.
DAMAGED_PART = (LookupError, ValueError, TypeError, AttributeError, SyntaxError)


class Zipped:
    """The members of a zip file by name. Names are those the packer wrote, GBK names too."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises ReadingError for a damaged file, EncryptedFile, UnsafeFile for too many members."""
        self._name = name
        self._left = MAX_TOTAL_BYTES
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            members = self._archive.infolist()
        except _DAMAGE as error:
            raise damaged(name) from error
        if len(members) > MAX_MEMBERS:
            raise UnsafeFile(f"《{name}》里有 {len(members):,} 个文件，超过 {MAX_MEMBERS:,} 个的上限，没有打开。")
        if any(member.flag_bits & 0x1 for member in members):
            raise EncryptedFile(f"《{name}》加了密码，请去掉密码后再上传。")
        self._members = {_written_name(member): member for member in members if not member.is_dir()}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def is_link(self, name: str) -> bool:
        """Whether a member stands for a path elsewhere, as Unix programs pack symbolic links."""
        return stat.S_ISLNK(self._members[name].external_attr >> 16)

    def size(self, name: str) -> int:
        """Bytes of a member as the directory states them."""
        return self._members[name].file_size

    def read(self, name: str) -> bytes:
        """Bytes of a member. Raises ReadingError when it is missing or damaged, UnsafeFile when it unpacks to too much."""
        member = self._members.get(name)
        if member is None:
            raise damaged(self._name)
        allowed = min(self._left, MAX_MEMBER_BYTES, max(_HARMLESS_BYTES, member.compress_size * MAX_RATIO))
        try:
            with self._archive.open(member) as opened:
                data = opened.read(allowed + 1)
        except _DAMAGE as error:
            raise damaged(self._name) from error
        if len(data) > allowed:
            raise UnsafeFile(f"《{self._name}》里的“{name}”解压后过大，像是“压缩炸弹”，为安全起见没有打开。")
        self._left -= len(data)
        return data

    def tree(self, name: str) -> Any:
        """Root element of an XML member, its entities left alone. Raises as `read`."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            return etree.fromstring(self.read(name), parser)
        except etree.LxmlError as error:
            raise damaged(self._name) from error

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What an Office part refers to, by id: the kind (`worksheet`, `notesSlide`) and the member; what leads out of
        the package or nowhere is left out."""
        folder, base = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{base}.rels")
        if listed not in self:
            return {}
        found = {}
        for one in self.tree(listed):
            target = str(one.get("Target") or "")
            member = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            member = posixpath.normpath(member)
            if one.get("TargetMode") != "External" and member in self:
                found[str(one.get("Id"))] = (str(one.get("Type") or "").rsplit("/", 1)[-1], member)
        return found

    def main_part(self, usual: str) -> str:
        """The part that an Office package opens with, `usual` when it does not say."""
        named = [member for kind, member in self.relations("").values() if kind == "officeDocument"]
        return named[0] if named else usual


def local(element: Any) -> str:
    """Name of an element without its namespace: strict and transitional OOXML differ in nothing else."""
    tag = element.tag
    return str(tag).rpartition("}")[2] if isinstance(tag, str) else ""


def below(element: Any, *names: str) -> Iterator[Any]:
    """All elements of these local names under `element`, in reading order."""
    return (one for one in element.iter() if local(one) in names)


def child(element: Any, name: str) -> Any:
    """The first child of a local name, None without one."""
    return next((one for one in element if local(one) == name), None) if element is not None else None


def attribute(element: Any, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def damaged(name: str) -> ReadingError:
    return ReadingError(f"《{name}》已损坏，打不开，请重新导出或下载后再上传。")


def _written_name(member: zipfile.ZipInfo) -> str:
    """The name as it was packed: Windows packs Chinese names in GBK, which zipfile takes for code page 437."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return name
        for encoding in ("utf-8", "gb18030"):
            try:
                return raw.decode(encoding).replace("\\", "/")
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")
