"""修订对照: two texts of one document set side by side, provision by provision.

It serves two editions of a series as well as two versions of one file. Which provision became which is found by their
wording (`knowledge.parsing.provisions`), because numbers shift when one is put in or taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.parsing.outline import Outline
from knowledge.parsing.provisions import Provision, match, provisions
from knowledge.text.diff import Words, compare, same_wording


class Change(StrEnum):
    """What became of a provision."""

    UNCHANGED = "未改"
    CHANGED = "修改"
    ADDED = "新增"
    DELETED = "删去"


@dataclass(frozen=True, slots=True)
class Pair:
    """A provision of the old text and what it is in the new one; None on a side where there is no counterpart.

    `moved` when it stands in another place among its neighbours. The words of both sides say what was struck out and put
    in; all of them are kept in an unchanged provision, none in an added or deleted one. `kin` is the provision of the other
    text that holds most of a deleted one, or from which most of an added one comes.
    """

    change: Change
    moved: bool
    old: Provision | None
    new: Provision | None
    old_words: tuple[Words, ...]
    new_words: tuple[Words, ...]
    kin: Provision | None = None

    @property
    def kept(self) -> float:
        """The share of the characters of both sides that stayed, in 0..1."""
        words = (*self.old_words, *self.new_words)
        return sum(len(one.text) for one in words if one.kept) / sum(len(one.text) for one in words)


@dataclass(frozen=True, slots=True)
class Revision:
    """`pairs` in the order of the new text, deleted provisions where they stood."""

    pairs: tuple[Pair, ...]

    def count(self, change: Change) -> int:
        """How many provisions this happened to."""
        return sum(pair.change is change for pair in self.pairs)

    @property
    def moved(self) -> int:
        """How many provisions stand in another place."""
        return sum(pair.moved for pair in self.pairs)


def revision(old_text: str, old: Outline, new_text: str, new: Outline) -> Revision:
    """What became of each provision. Numbers, line breaks and the width of characters are no change."""
    before, after = provisions(old_text, old), provisions(new_text, new)
    found = match(before, after)
    pairs = []
    for j, provision in enumerate(after):
        i = found.partners.get(j)
        if i is None:
            kin = found.sources.get(j)
            origin = None if kin is None else before[kin]
            pairs.append(Pair(Change.ADDED, False, None, provision, (), (Words(provision.text, False),), origin))
        else:
            pairs.append(_both(before[i], provision, j not in found.in_order))
    return Revision(tuple(_with_deleted(pairs, before, after, found.partners, found.in_order, found.heirs)))


def _both(old: Provision, new: Provision, moved: bool) -> Pair:
    if same_wording(old.text, new.text):
        return Pair(Change.UNCHANGED, moved, old, new, (Words(old.text, True),), (Words(new.text, True),))
    return Pair(Change.CHANGED, moved, old, new, *compare(old.text, new.text))


def _with_deleted(
    pairs: Sequence[Pair],
    before: Sequence[Provision],
    after: Sequence[Provision],
    partners: dict[int, int],
    in_order: frozenset[int],
    heirs: dict[int, int],
) -> list[Pair]:
    """`pairs`, one for each of `after`, with every provision that was deleted behind its last neighbour that stayed."""
    taken = set(partners.values())
    stayed = {partners[j]: j for j in in_order}
    behind: dict[int, list[Pair]] = {}
    place = -1
    for i, provision in enumerate(before):
        place = stayed.get(i, place)
        if i not in taken:
            heir = after[heirs[i]] if i in heirs else None
            gone = Pair(Change.DELETED, False, provision, None, (Words(provision.text, False),), (), heir)
            behind.setdefault(place, []).append(gone)
    made = behind.get(-1, [])
    for j, pair in enumerate(pairs):
        made += [pair, *behind.get(j, [])]
    return made
