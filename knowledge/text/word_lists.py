"""Word lists as data: YAML files beside the modules that use them; every entry has its reason and its own test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

_FIELDS: Final = {"words", "reason", "catches", "spares"}


@dataclass(frozen=True, slots=True)
class Entry:
    """`words` is a regular expression over searchable text. It must find something in the sentence `catches`, and find it
    before any entry above it does; it must find nothing in the sentence `spares`. `value` is what the entry stands for in
    lists that map words to something, "" in others."""

    words: str
    reason: str
    catches: str
    spares: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class WordList:
    """Entries in the order in which they are tried."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def words(self) -> str:
        """The words of all entries as one pattern, to be put between brackets."""
        return "|".join(entry.words for entry in self.entries)

    @property
    def pattern(self) -> re.Pattern[str]:
        """`words`, ready to search with."""
        return re.compile(self.words)


def load(path: Path, **named: str) -> dict[str, WordList]:
    """The lists of a file by name. `<ITEM>` in the words stands for the pattern that is given as `ITEM`.

    Raises ValueError, naming the file, the list and the entry, for an entry without its four fields or a broken pattern:
    these files belong to the program, nobody else writes them.
    """
    stored = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        name: WordList(name, tuple(_entry(f"{path.name}, {name}, entry {n}", value, named) for n, value in numbered))
        for name, entries in stored.items()
        for numbered in [list(enumerate(entries, start=1))]
    }


def _entry(place: str, stored: Mapping[str, str], named: Mapping[str, str]) -> Entry:
    filled = {name for name, value in stored.items() if isinstance(value, str) and value.strip()}
    if filled - {"value"} != _FIELDS:
        raise ValueError(
            f"{place}: an entry has the texts {', '.join(sorted(_FIELDS))}, this one {', '.join(sorted(filled))}"
        )
    words = stored["words"]
    for name, pattern in named.items():
        words = words.replace(f"<{name}>", pattern)
    try:
        re.compile(words)
    except re.error as error:
        raise ValueError(f"{place}: {error} in {words}") from None
    return Entry(words, stored["reason"], stored["catches"], stored["spares"], stored.get("value", ""))
