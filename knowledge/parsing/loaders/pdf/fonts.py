"""A shape for the Chinese characters of fonts that a PDF names and does not hold, on machines that lack them too.

Without any shape pdfium takes such a character to have no size, and leaves out text that is one character long: the
last character of a paragraph, a cell with one word. The font here gives every character an outline of one em that
encloses nothing, so that text keeps its place and a page that is drawn looks as it did.
"""

from __future__ import annotations

import base64
import ctypes
import zlib
from typing import Any, Final

_CHINESE: Final = frozenset((128, 129, 134, 136))  # character sets of East Asia, as Windows counts them
_HANDLE: Final = 0x5875E51  # what we call our font; pdfium hands it back
# A TrueType font of two glyphs whose cmap (format 13) leads every character to one of them, made with fontTools.
_FONT: Final = zlib.decompress(
    base64.b64decode(
        "eNqNUT1LA0EQfXubrxNjFLERiwMt0gkisRGEiKIgCjGVja7xvBR33hETODvLYOV/sPUHWPoz/AEWKS3Oen17d0GNKA7M8N7szO6bWQgAU7iFhH"
        "N0vLq2g8NlQNSZPesEKsIc2uT35HXPv7m09+1d8mfy9a6rLs719gvxI73RZaJ8InvEr/SVbtCP5YgIYshQ8sOOwiKq5E+GByqOUECRvELuXKnA"
        "favN35En5O0ovO5TF83aM+cwWukHYuPhtLb5Dpnd/t30UI5kRCBh5Sn2yEhTQ1bPKCaaRJqx2JOdWD+u5VvcQpF6/2GVL3iLZtRrnWuIEE+UO2"
        "NluRbJHwGmzaZoS59TmEqtc1zlLlOUT0zNC0KIRCSxCX+cgFM08klFuuHx1GUy7qBgM1OiigxbmMFsM4xbrjfwVQ9NhJyhBRceBvCh0Mv+6Xf7"
        "AHamTIs="
    )
)
_kept: list[Any] = []  # what pdfium holds on to must not be collected


def install() -> None:
    """Let pdfium fall back on our font where the machine has none for East Asia. Does nothing the second time."""
    if _kept:
        return
    import pypdfium2.raw as pdfium

    own = pdfium.FPDF_GetDefaultSystemFontInfo()
    if not own:
        return
    machine = own.contents
    types = dict(pdfium.FPDF_SYSFONTINFO._fields_)

    def map_font(_: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> Any:
        found = machine.MapFont(own, weight, italic, charset, pitch, face, exact) if machine.MapFont else None
        return found or (_HANDLE if charset in _CHINESE else None)

    def font_data(_: Any, font: int, table: int, buffer: Any, size: int) -> int:
        if font != _HANDLE:
            return int(machine.GetFontData(own, font, table, buffer, size))
        if table:
            return 0
        if buffer and size >= len(_FONT):
            ctypes.memmove(buffer, _FONT, len(_FONT))
        return len(_FONT)

    def face_name(_: Any, font: int, buffer: Any, size: int) -> int:
        return 0 if font == _HANDLE else int(machine.GetFaceName(own, font, buffer, size))

    def charset_of(_: Any, font: int) -> int:
        return 134 if font == _HANDLE else int(machine.GetFontCharset(own, font))

    def delete(_: Any, font: int) -> None:
        if font != _HANDLE and machine.DeleteFont:
            machine.DeleteFont(own, font)

    def enumerate_fonts(_: Any, mapper: Any) -> None:
        if machine.EnumFonts:
            machine.EnumFonts(own, mapper)

    def get_font(_: Any, face: Any) -> Any:
        return machine.GetFont(own, face) if machine.GetFont else None

    made = pdfium.FPDF_SYSFONTINFO(
        machine.version,
        types["Release"](lambda _: None),
        types["EnumFonts"](enumerate_fonts),
        types["MapFont"](map_font),
        types["GetFont"](get_font),
        types["GetFontData"](font_data),
        types["GetFaceName"](face_name),
        types["GetFontCharset"](charset_of),
        types["DeleteFont"](delete),
    )
    _kept.extend((own, made))
    pdfium.FPDF_SetSystemFontInfo(ctypes.byref(made))
