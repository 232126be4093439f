"""The pieces that an RTF file is written in: groups, control words, bytes of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,40})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.DOTALL
)
#: Character sets of fonts that tell what bytes mean (`\fcharset`), and Python's names for them.
_CODECS: Final = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs"}


class Kind(Enum):
    """What a token is."""

    OPEN = auto()
    CLOSE = auto()
    CONTROL = auto()
    BYTE = auto()  # written as two hexadecimal digits
    BYTES = auto()


def tokens(data: bytes) -> Iterator[tuple[Kind, bytes, int | None]]:
    """Kind, word and number of each token. A line end in the file is none; after a backslash it is `par`."""
    position = 0
    while match := _TOKEN.match(data, position):
        position = match.end()
        word, number, byte, symbol, brace, text = match.groups()
        if text:
            yield Kind.BYTES, text, None
        elif brace:
            yield (Kind.OPEN if brace == b"{" else Kind.CLOSE), brace, None
        elif byte:
            yield Kind.BYTE, b"", int(byte, 16)
        elif word:
            value = int(number) if number else None
            if word == b"bin":
                position += max(0, value or 0)  # a picture in bytes
            else:
                yield Kind.CONTROL, word, value
        elif symbol in (b"\\", b"{", b"}"):
            yield Kind.BYTES, symbol, None
        elif symbol in (b"\r", b"\n"):
            yield Kind.CONTROL, b"par", None
        elif symbol:
            yield Kind.CONTROL, symbol, None


def codec_of(charset: int) -> str:
    """How bytes of a font with this character set are read where one byte is no character; "" for other sets."""
    return _CODECS.get(charset, "")


def whole(text: str) -> str:
    """Words in which a character beyond U+FFFF is one, and not the two halves by which it is written."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
