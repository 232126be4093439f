"""Which layers of a PDF are switched off when it is opened: what stands on them is not shown, so it is not read."""

from __future__ import annotations

import ctypes
import re
import zlib
from collections.abc import Iterator
from typing import Any

_OFF = re.compile(rb"/OFF\s*\[([^\]]*)\]")
_ON = re.compile(rb"/ON\s*\[([^\]]*)\]")
_ALL = re.compile(rb"/OCGs\s*\[([^\]]*)\]")
_REFERENCE = re.compile(rb"(\d+)\s+\d+\s+R")
_STREAM = re.compile(rb"(\d+)\s+\d+\s+obj\s*<<([^>]*?/ObjStm[^>]*)>>\s*stream\r?\n")
_NAME = re.compile(rb"/Name\s*(?:\(((?:\\.|[^\\)])*)\)|<([0-9A-Fa-f\s]*)>)", re.DOTALL)
_MOST_UNPACKED = 20 * 1024 * 1024  # bytes of one stream of objects
_LONGEST_NAME = 512  # bytes


def switched_off(data: bytes) -> frozenset[bytes]:
    """Names of the layers that are off by default, as the file writes them."""
    if b"/OCProperties" not in data and b"/ObjStm" not in data:
        return frozenset()
    objects = dict(_objects(data))
    catalog = next((one for one in objects.values() if b"/OCProperties" in one), b"")
    if not catalog:
        return frozenset()
    all_off = re.search(rb"/BaseState\s*/OFF", catalog) is not None
    off = _listed(_ALL, catalog) - _listed(_ON, catalog) if all_off else _listed(_OFF, catalog)
    # The settings may stand in an object of their own.
    for found in re.finditer(rb"/(?:OCProperties|D)\s+(\d+)\s+\d+\s+R", catalog):
        off |= _listed(_OFF, objects.get(int(found[1]), b""))
    names = (_NAME.search(objects.get(number, b"")) for number in off)
    return frozenset(_decoded(name) for name in names if name)


def layer_of(text_object: Any) -> bytes:
    """Name of the layer that an object of a page stands on, or b""."""
    import pypdfium2.raw as pdfium

    for index in range(pdfium.FPDFPageObj_CountMarks(text_object)):
        mark = pdfium.FPDFPageObj_GetMark(text_object, index)
        buffer = ctypes.create_string_buffer(_LONGEST_NAME)
        length = ctypes.c_ulong()
        words = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        if not pdfium.FPDFPageObjMark_GetName(mark, words, _LONGEST_NAME, length):
            continue
        if buffer.raw[: length.value].decode("utf-16-le", "replace").rstrip("\0") != "OC":
            continue
        raw = (ctypes.c_ubyte * _LONGEST_NAME)()
        if pdfium.FPDFPageObjMark_GetParamBlobValue(mark, b"Name", raw, _LONGEST_NAME, length):
            return bytes(raw[: length.value])
    return b""


def _objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and source of each object, of those in packed streams too."""
    for found in re.finditer(rb"(?<!\d)(\d+)\s+\d+\s+obj\b(.{0,20000}?)endobj", data, re.DOTALL):
        yield int(found[1]), found[2]
    for found in _STREAM.finditer(data):
        try:
            unpacked = zlib.decompressobj().decompress(data[found.end() :], _MOST_UNPACKED)
        except zlib.error:
            continue
        first = re.search(rb"/First\s+(\d+)", found[2])
        if first is None:
            continue
        header = [int(word) for word in unpacked[: int(first[1])].split() if word.isdigit()]
        places = list(zip(header[::2], header[1::2], strict=False))
        for (number, start), (_, end) in zip(places, [*places[1:], (0, len(unpacked))], strict=True):
            yield number, unpacked[int(first[1]) + start : int(first[1]) + end]


def _listed(pattern: re.Pattern[bytes], source: bytes) -> set[int]:
    found = pattern.search(source)
    return {int(number) for number in _REFERENCE.findall(found[1])} if found else set()


def _decoded(name: re.Match[bytes]) -> bytes:
    if name[2] is not None:
        return bytes.fromhex(re.sub(rb"\s", b"", name[2]).decode("ascii"))
    raw = re.sub(rb"\\([0-7]{1,3})", lambda octal: bytes([int(octal[1], 8) & 255]), name[1])
    return re.sub(rb"\\(.)", rb"\1", raw, flags=re.DOTALL)
