"""Files of other formats that a Word file shows as parts of its text."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.model import SourceText

ChunkReader = Callable[[bytes, str], SourceText]


def chunk_reader(part: str) -> ChunkReader | None:
    """What reads the bytes of a part, given its name; None for Word files and for what Word does not show either."""
    return _READERS.get(part.rsplit(".", 1)[-1].lower())


# Imported when they are met, as readers are everywhere.


def _page(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.html.page import read_html

    return read_html(data, name)


def _saved_page(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.packages.mail import read_mht

    return read_mht(data, name)


def _plain(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.plain_text.plain import read_plain

    return read_plain(data, name)


def _rich(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.word.rtf import read_rtf

    return read_rtf(data, name)


_READERS: dict[str, ChunkReader] = {
    **dict.fromkeys(("htm", "html", "xhtml"), _page),
    **dict.fromkeys(("mht", "mhtml"), _saved_page),
    "txt": _plain,
    "rtf": _rich,
}
