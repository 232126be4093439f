"""Terms typed with characters that sound alike, put right: `主题挡日` is `主题党日`, `工作条理` is `工作条例`.

Pinyin input makes this one kind of typo. Only terms that the library or the register knows are looked for, by their
sound, so that ordinary words are left alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Final

from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

SHORTEST: Final = 3
LONGEST: Final = 8
#: Sounds that many speakers do not tell apart.
_ALIKE: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))

Sound = tuple[str, ...]


class Homophones:
    """Known terms by how they sound."""

    def __init__(self, terms: Iterable[str], written: Callable[[Collection[str]], Collection[str]]) -> None:
        """Terms of other lengths than 3 to 8 characters are no use here: shorter ones sound like too much else.
        `written` tells which of some bigrams the library writes: a character that makes one is no typo (`公车使用`)."""
        self._written = written
        self._terms = frozenset(term for term in terms if SHORTEST <= len(term) <= LONGEST and _chinese(term))
        self._by_sound: dict[Sound, list[str]] | None = None

    def correct(self, text: str) -> str:
        """`text`, of the same length, with terms put right; at least half of a term's characters must be there, and
        all but one of a term of three. What is a known term already stays."""
        fixed = 0  # what stands before is settled
        start = 0
        while start <= len(text) - SHORTEST:
            for length in range(min(LONGEST, len(text) - start), SHORTEST - 1, -1):
                window = text[start : start + length]
                if not _chinese(window):
                    continue
                right = window if window in self._terms else self._meant(window)
                if right:
                    text = text[:start] + right + text[start + length :]
                    fixed = start + length
                    break
            start = max(start + 1, fixed)
        return text

    def _meant(self, window: str) -> str | None:
        if self._by_sound is None:
            self._by_sound = {}
            for term in sorted(self._terms):
                self._by_sound.setdefault(_sound(term), []).append(term)
        allowed = 1 if len(window) == SHORTEST else len(window) // 2
        best: tuple[int, str] | None = None
        for term in self._by_sound.get(_sound(window), ()):
            wrong = [i for i, (meant, typed) in enumerate(zip(term, window, strict=True)) if meant != typed]
            bigrams = {window[i - 1 : i + 1] for i in wrong if i} | {
                window[i : i + 2] for i in wrong if i + 1 < len(window)
            }
            if len(wrong) <= allowed and not self._written(bigrams):
                best = min(best or (len(wrong), term), (len(wrong), term))
        return best[1] if best else None


def known_terms(register: Register, lexicon: Lexicon) -> set[str]:
    """The names, subjects and terms of known documents, and the words that the lexicon knows to be right."""
    terms = {term for entry in register.entries for term in (entry.title, *entry.short, *entry.subjects, *entry.terms)}
    meanings = (*lexicon.abbreviations.values(), *lexicon.sayings.values())
    return terms | {*lexicon.abbreviations, *lexicon.typos.values()} | {term for meant in meanings for term in meant}


def _chinese(text: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in text)


def _sound(text: str) -> Sound:
    return tuple(map(_syllable, text))


@cache
def _syllable(character: str) -> str:
    """The commonest reading of a character, without its tone."""
    from pypinyin.pinyin_dict import pinyin_dict

    reading = pinyin_dict.get(ord(character), character).split(",")[0]
    sound = "".join(one for one in unicodedata.normalize("NFD", reading) if not unicodedata.combining(one))
    for one, other in _ALIKE:
        if sound.startswith(one):
            sound = other + sound[len(one) :]
        elif sound.endswith(one):
            sound = sound[: -len(one)] + other
    return sound
