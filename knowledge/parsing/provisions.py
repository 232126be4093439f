"""The provisions of a text, and which provision of an older text each one comes from, told by their wording."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from knowledge.model import Section
from knowledge.parsing.outline import Outline
from knowledge.text.diff import folded

_HEADINGS = frozenset({"部分", "编", "章", "节", "序言", "附件", "标题"})

# Shares of weighted bigrams, found on the four editions of one regulation. Its issuer said of the last two revisions that
# 11 and 16 articles were put in and 65 and 76 changed; with these we find 12 and 16, 64 and 77.
_SAME = 0.33  # in common: wherever they stand, it is one provision that was changed
_SAME_HERE = 0.2  # in common, between neighbours that stayed
_PART_HERE = 0.5  # of the shorter one, between neighbours that stayed
_LONE_HERE = 0.12  # in common, when nothing else is left between these neighbours on one side
_HELD = 0.55  # of a provision without a counterpart: where its content went or came from
_NEARBY = 0.06  # how much more alike two provisions count that stand at the same place in their texts
_SHORT = 12  # characters: less is a provision only where nearly all of it is the same
_SHORT_SAME = 0.8


@dataclass(frozen=True, slots=True)
class Provision:
    """An article with all its paragraphs, or a paragraph outside of any article (then `label` is ""). `chapter` is the
    innermost heading above it; `text` has no label and equals the canonical text at `start:end`."""

    label: str
    chapter: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """Places in the new text by places in the old one, and the other way round.

    `partners` new → old, each at most once; `in_order` are the new places among them that kept their order. `heirs` tells
    for an old provision without a partner the new one that holds most of it, `sources` the reverse.
    """

    partners: dict[int, int]
    in_order: frozenset[int]
    heirs: dict[int, int]
    sources: dict[int, int]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What an old and a new provision have in common: of both together (Dice), of the old one, of the new one."""

    both: float
    of_old: float
    of_new: float


_Likenesses = Mapping[tuple[int, int], _Likeness]


def provisions(text: str, outline: Outline) -> list[Provision]:
    """The articles of the main text and the paragraphs outside of them, headings left out, in reading order."""
    low, high = outline.body
    inside = [section for section in outline.sections if low <= section.start < high]
    headings = {section.start: f"{section.label} {section.title}" for section in inside if section.level in _HEADINGS}
    made: list[Provision] = []
    chapter, place = "", low
    for article in [*(section for section in inside if section.level == "条"), None]:
        stop = article.start if article else high
        while place < stop:
            end = text.find("\n", place, stop)
            end = stop if end < 0 else end
            words = text[place:end].strip()
            heading = headings.get(place, "").strip()
            chapter = heading or chapter
            if words and folded(words) != folded(heading):
                start = text.index(words, place)
                made.append(Provision("", chapter, words, start, start + len(words)))
            place = end + 1
        if article:
            made.append(_article(text, article, chapter))
            place = article.end
    return made


def match(before: Sequence[Provision], after: Sequence[Provision]) -> Match:
    """Which provision of `before` each one of `after` comes from.

    The most alike are matched first, wherever they stand; then, between neighbours that kept their order, what is less
    alike. Articles are only matched with articles.
    """
    alike = _alike(before, after)
    partners = _by_wording(before, after, alike)
    _add_by_place(partners, alike, len(before), len(after))
    left_old = set(range(len(before))) - set(partners.values())
    left_new = set(range(len(after))) - set(partners)
    heirs = _best((i, j, one.of_old) for (j, i), one in alike.items() if i in left_old and one.of_old >= _HELD)
    sources = _best((j, i, one.of_new) for (j, i), one in alike.items() if j in left_new and one.of_new >= _HELD)
    return Match(partners, _in_order(partners), heirs, sources)


def _article(text: str, article: Section, chapter: str) -> Provision:
    start = article.start
    if text.startswith(article.label, start):
        start += len(article.label)
    words = text[start : article.end].strip()
    start = text.index(words, start)
    return Provision(article.label, chapter, words, start, start + len(words))


def _alike(before: Sequence[Provision], after: Sequence[Provision]) -> dict[tuple[int, int], _Likeness]:
    """What each new and old provision have in common, by (new, old), where it is enough to matter.

    Bigrams weigh the more the fewer provisions have them: the penalty that all articles threaten tells none from another.
    """
    from scipy.sparse import csr_array  # takes a moment to import, and most of the library never needs it

    if not before or not after:
        return {}
    grams = [sorted(set(_bigrams(one.text))) for one in (*before, *after)]
    spread = Counter(gram for some in grams for gram in some)
    columns = {gram: column for column, gram in enumerate(spread)}
    weight = np.log((len(grams) + 1) / np.fromiter(spread.values(), dtype=np.float64))
    indices = [columns[gram] for some in grams for gram in some]
    ends = np.cumsum([0, *(len(some) for some in grams)])
    rows = csr_array((weight[indices], indices, ends), shape=(len(grams), len(columns)))
    old, new = rows[: len(before)], rows[len(before) :]
    shared = (new @ old.T).tocoo()  # the sum of squared weights of the bigrams that both have
    size = np.asarray((rows * rows).sum(axis=1)).ravel()
    of_old, of_new = shared.data / size[shared.col], shared.data / size[len(before) + shared.row]
    both = 2 * shared.data / (size[shared.col] + size[len(before) + shared.row])
    enough = (both >= _LONE_HERE) | (of_old >= _PART_HERE) | (of_new >= _PART_HERE)
    found = (shared.row, shared.col, both, of_old, of_new)
    return {
        (j, i): _Likeness(*shares)
        for j, i, *shares in zip(*(one[enough].tolist() for one in found), strict=True)
        if bool(before[i].label) == bool(after[j].label)
    }


def _bigrams(text: str) -> Iterable[str]:
    plain = folded(text)
    return (a + b for a, b in pairwise(plain)) if len(plain) > 1 else (plain,)


def _by_wording(before: Sequence[Provision], after: Sequence[Provision], alike: _Likenesses) -> dict[int, int]:
    scored = []
    for (j, i), one in alike.items():
        short = min(len(before[i].text), len(after[j].text)) < _SHORT
        if one.both >= (_SHORT_SAME if short else _SAME):
            nearness = 1 - abs(i / len(before) - j / len(after))
            scored.append((one.both + _NEARBY * nearness, j, i))
    return _matched(scored)


def _add_by_place(partners: dict[int, int], alike: _Likenesses, old_count: int, new_count: int) -> None:
    """Match what is left between neighbours that kept their order."""
    taken = set(partners.values())
    fixed = [(-1, -1), *sorted((j, partners[j]) for j in _in_order(partners)), (new_count, old_count)]
    for (j1, i1), (j2, i2) in pairwise(fixed):
        new = [j for j in range(j1 + 1, j2) if j not in partners]
        old = [i for i in range(i1 + 1, i2) if i not in taken]
        least = _LONE_HERE if min(len(new), len(old)) == 1 else _SAME_HERE
        scored = []
        for j in new:
            for i in old:
                one = alike.get((j, i))
                if one and (one.both >= least or max(one.of_old, one.of_new) >= _PART_HERE):
                    scored.append((one.both, j, i))
        partners.update(_matched(scored))


def _matched(scored: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """New → old out of (likeness, new, old): the most alike first, each provision once."""
    partners: dict[int, int] = {}
    taken: set[int] = set()
    for _, j, i in sorted(scored, reverse=True):
        if j not in partners and i not in taken:
            partners[j] = i
            taken.add(i)
    return partners


def _best(scored: Iterable[tuple[int, int, float]]) -> dict[int, int]:
    """The second of each triple that has the highest share for the first."""
    return {first: second for first, second, _ in sorted(scored, key=lambda one: one[2])}


def _in_order(partners: Mapping[int, int]) -> frozenset[int]:
    """The new places of a longest run in which the old places rise, too. What is not in it has moved."""
    ends: list[int] = []  # the smallest old place in which a run of each length can end
    last: list[int] = []  # and its new place
    before: dict[int, int | None] = {}
    for j in sorted(partners):
        length = bisect_left(ends, partners[j])
        before[j] = last[length - 1] if length else None
        ends[length : length + 1] = [partners[j]]
        last[length : length + 1] = [j]
    run: set[int] = set()
    at: int | None = last[-1] if last else None
    while at is not None:
        run.add(at)
        at = before[at]
    return frozenset(run)
