"""名录: the documents known to exist, whether or not the library holds them.

It serves refusals that name the missing document, the trainers' checklist, and the search for a named document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from knowledge.metadata.register_file import KINDS, SILENT, Edition, Entry, InvalidRegister, fold, read_entries
from knowledge.metadata.subjects import SubjectIndex
from knowledge.text.normalise import searchable

__all__ = ["KINDS", "Edition", "Entry", "InvalidRegister", "Mention", "Register", "fold"]

PACKAGED: Final = Path(__file__).with_name("register.yaml")

_QUOTED: Final = re.compile(r"《((?:[^《》]|《[^《》]*》){2,80})》")
#: After 公务员法 these make another word of its last character: 公务员法规, 税法律师.
_NOT_A_LAW: Final = frozenset("规律治院官定人学理庭")


@dataclass(frozen=True, slots=True)
class Mention:
    """A document that a text names at `start:end` (brackets 《》 inside). `entries` holds the document, several when
    the name is ambiguous, the likelier one first, none when 《…》 holds a title that the register does not know."""

    name: str
    start: int
    end: int
    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry | None:
        """The likeliest document of that name."""
        return self.entries[0] if self.entries else None


class Register:
    """The known documents, ready for look-up by title, by name in a sentence and by subject."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)

    @classmethod
    def load(cls, path: Path | None = None) -> Register:
        """Read a register file, the packaged one by default.

        Raises InvalidRegister, naming the entry and the field, when something in it cannot be.
        """
        return cls(read_entries(path or PACKAGED))

    def by_title(self, title: str) -> Entry | None:
        """The document of that full title or unambiguous short name, however it is written: with or without 《》,
        中国共产党, 中华人民共和国, （试行）, a year, spaces."""
        key = fold(title)
        if (entry := self._titles.get(key)) is not None:
            return entry
        named = self._names.get(key, ())
        return named[0] if len(named) == 1 else None

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The documents that `text` names, in reading order, by full title or short name; of two names that begin
        together the longer one counts.

        >>> [m.name for m in Register.load().mentions("公务员法和《公务员考核规定》怎么衔接")]
        ['公务员法', '《公务员考核规定》']
        """
        quoted = [self._quoted(match) for match in _QUOTED.finditer(text)]
        taken = [(mention.start, mention.end) for mention in quoted]
        bare = (m for m in self._unquoted(text) if all(m.end <= start or m.start >= end for start, end in taken))
        return tuple(sorted((*quoted, *bare), key=lambda mention: mention.start))

    def belongs(self, question: str, also: Sequence[str] = ()) -> list[tuple[Entry, float, tuple[str, ...]]]:
        """The documents whose subjects the question touches, best first: (entry, score in 0..1, phrases that matched).

        Scores compare across questions: near 0 when only common words match, above .5 when the question is all but
        made of one document's subjects. `also` are rule terms that mean the same as words of the question
        (`Lexicon.expand`); they may match but do not count as something the question leaves unmatched. Documents
        that are no longer in force have no subjects and never occur.
        """
        return [
            (self.entries[number], score, phrases) for number, score, phrases in self._subjects.rank(question, also)
        ]

    def newest_edition(self, title: str) -> int | None:
        """Year of the newest edition known of that document."""
        entry = self.by_title(title)
        return entry.newest if entry else None

    def superseded_by(self, title: str) -> Entry | None:
        """The document in force that replaced the one of that title; None when it is in force itself or unknown."""
        entry = self.by_title(title)
        if entry is None or entry.superseded_by is None:
            return None
        return self.by_title(entry.superseded_by)

    @cached_property
    def _titles(self) -> Mapping[str, Entry]:
        return {fold(entry.title): entry for entry in self.entries}

    @cached_property
    def _names(self) -> Mapping[str, tuple[Entry, ...]]:
        """Every written form, folded → the documents that go by it, those in force first."""
        names: dict[str, tuple[Entry, ...]] = {}
        for entry in sorted(self.entries, key=lambda entry: not entry.in_force):
            whole = SILENT.sub("", searchable(entry.title))
            for name in dict.fromkeys((fold(entry.title), whole, *map(fold, entry.short))):
                if len(name) > 2 or name in entry.short:
                    names[name] = (*names.get(name, ()), entry)
        return names

    @cached_property
    def _by_beginning(self) -> Mapping[str, list[str]]:
        beginnings: dict[str, list[str]] = {}
        for name in sorted(self._names, key=len, reverse=True):
            beginnings.setdefault(name[:2], []).append(name)
        return beginnings

    @cached_property
    def _subjects(self) -> SubjectIndex:
        return SubjectIndex((*entry.subjects, *entry.terms) for entry in self.entries)

    def _quoted(self, match: re.Match[str]) -> Mention:
        key = fold(match[1])
        title = self._titles.get(key)
        return Mention(match[0], match.start(), match.end(), (title,) if title else self._names.get(key, ()))

    def _unquoted(self, text: str) -> Iterator[Mention]:
        letters = [
            (letter, offset)
            for offset, char in enumerate(text)
            if not SILENT.match(char)
            for letter in searchable(char)
        ]
        plain = "".join(letter for letter, _ in letters)
        at = 0
        while at < len(plain) - 1:
            name = next(
                (name for name in self._by_beginning.get(plain[at : at + 2], ()) if _stands(name, plain, at)), ""
            )
            if name:
                start, end = letters[at][1], letters[at + len(name) - 1][1] + 1
                yield Mention(text[start:end], start, end, self._names[name])
            at += len(name) or 1


def _stands(name: str, plain: str, at: int) -> bool:
    """Whether `name` stands in `plain` at `at` and is not the beginning of another word (公务员法|规)."""
    end = at + len(name)
    return plain.startswith(name, at) and not (name.endswith("法") and plain[end : end + 1] in _NOT_A_LAW)
