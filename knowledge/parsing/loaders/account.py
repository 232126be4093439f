"""What a reader leaves out, piece by piece, so that nothing of a file goes without a word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from knowledge.model import LeftOut

_UNITS = {
    "图片": "幅",
    "脚注和尾注": "条",
    "脚注": "条",
    "批注": "条",
    "嵌入的文件": "个",
    "图表": "个",
    "控件": "个",
    "内嵌网页": "个",
    "音视频": "个",
}
PAGE_NUMBER: Final = "页码"  # counted, not quoted
_SHOWN = 3  # pieces quoted in a note
_QUOTED = 30  # characters of each


class Account:
    """The pieces that one file's reader left out, in the order in which it met them."""

    def __init__(self) -> None:
        self._pieces: list[LeftOut] = []

    @property
    def pieces(self) -> tuple[LeftOut, ...]:
        return tuple(self._pieces)

    def leave(self, what: str, text: str = "") -> None:
        """Note a piece: what it was (图片, 隐藏的文字) and its words, when it has any."""
        self._pieces.append(LeftOut(what, " ".join(text.split())))

    def has(self, what: str) -> bool:
        return any(piece.what == what for piece in self._pieces)


def sentences(pieces: Iterable[LeftOut]) -> list[str]:
    """One sentence for each kind of piece.

    >>> sentences([LeftOut("图片", ""), LeftOut("页眉", "内部资料")])
    ['略去图片 1 幅。', '略去页眉 1 处：“内部资料”。']
    """
    kinds: dict[str, list[str]] = {}
    for piece in pieces:
        kinds.setdefault(piece.what, []).append(piece.text)
    said = []
    for what, texts in kinds.items():
        distinct = [text for text in dict.fromkeys(texts) if text and what != PAGE_NUMBER]
        distinct.sort(key=lambda text: not text.endswith("。"))  # of many, those that may be missed
        shown = "、".join(f"“{text[:_QUOTED]}{'…' if len(text) > _QUOTED else ''}”" for text in distinct[:_SHOWN])
        more = "等" if len(distinct) > _SHOWN else ""
        said.append(f"略去{what} {len(texts)} {_UNITS.get(what, '处')}{'：' + shown + more if shown else ''}。")
    return said
