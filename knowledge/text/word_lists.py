"""Word lists as data: YAML files beside the modules that use them; every entry has its reason and its own test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml

_FIELDS: Final = {"words", "reason", "catches", "spares"}


@dataclass(frozen=True, slots=True)
class Entry:
    """`words` is a regular expression. It must find something in the sentence `catches`, and find it
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


class Words:
    """A pattern made of word lists, compiled when it is first used, so that importing a module reads no file. It has the
    methods of a `re.Pattern`."""

    def __init__(self, written: Callable[[], str]) -> None:
        self._written = written

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._written())

    def search(self, text: str) -> re.Match[str] | None:
        return self.compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        return self.compiled.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text)

    def findall(self, text: str) -> list[str]:
        return self.compiled.findall(text)

    def sub(self, instead: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        return self.compiled.sub(instead, text, count=count)


class WordLists:
    """The lists of one file by name, read when the first is asked for. See `load` for `named`."""

    def __init__(self, path: Path, **named: str) -> None:
        self._path, self._named = path, named

    @cached_property
    def lists(self) -> Mapping[str, WordList]:
        return load(self._path, **self._named)

    def __getitem__(self, name: str) -> str:
        """The words of a list, to be put between the brackets of a pattern."""
        return self.lists[name].words

    def words(self, name: str) -> Words:
        """The words of a list, ready to search with."""
        return Words(lambda: self[name])


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
