"""The search copy of a text: one width, one script, one way to write a number. Never shown, never cited."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources

_SPACE = re.compile(r"\s+")
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


def searchable(text: str) -> str:
    """`text` in half width, lower case and simplified characters, without spaces beside Chinese characters.

    The result has no offsets back into `text`; whatever is shown or cited is taken from the canonical text.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = _BETWEEN_CHINESE.sub("", _SPACE.sub(" ", folded)).strip()
    return folded.translate(_simplified())


@cache
def _simplified() -> dict[int, int]:
    """Code point of a traditional character → code point of its commonest simplified one (OpenCC's TSCharacters)."""
    table = resources.files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {
        ord(traditional): ord(simplified[0])
        for traditional, simplified in pairs
        if len(traditional) == 1 and traditional != simplified[0]
    }
