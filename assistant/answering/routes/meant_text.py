"""Which text a question means that calls it loosely: 管出差的那个办法, 保密法下面的实施条例."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from assistant.understanding.named_documents import Named, in_order
from knowledge.metadata.validity import series_key
from knowledge.model import GUIDE, Document, Hit
from knowledge.text.normalise import searchable

KIND: Final = re.compile(r"条例|规定|办法|准则|细则|规则|章程|标准|意见|通知|方案|决定|法")
_SAYS_NOTHING = re.compile(r"试行|暂行|[《》“”\"\s、,，·()（）的和与]")
#: Share of what the question calls a text that its title must hold, each character weighed by how rare it is in titles.
HELD: Final = 0.8
#: The same where what is found for the question stands in that text.
HELD_AND_FOUND: Final = 0.4
FOUND: Final = 3  # of the best five passages
CLOSE: Final = 0.5  # a title that is not much longer than what it is called is meant rather than others that hold it


def meant_text(
    called: str, documents: Sequence[Document], lacking: Iterable[str], hits: Callable[[], Sequence[Hit]]
) -> Named | None:
    """The text that `called` stands for, which is what a question holds besides what it asks: one of `documents` or of the
    titles `lacking` in the library; None when none or several fit. `hits` finds passages for the question, best first."""
    kinds = KIND.findall(called)
    name = _SAYS_NOTHING.sub("", called)
    if not kinds or len(name) < len(kinds[-1]) + 2:
        return None
    series: dict[str, list[Document]] = {}
    for document in documents:
        if document.card.kind != GUIDE:
            series.setdefault(document.series, []).append(document)
    titles = {key: _plain(editions[0].card.title) for key, editions in series.items()}
    missing = {series_key(title): title for title in lacking}
    every = titles | {key: _plain(title) for key, title in missing.items() if key not in titles}
    fits = _fits(name, kinds[-1], every)
    held = sorted((fit for fit in fits if fit[3] in titles), reverse=True)
    for several in (held, sorted((fit for fit in fits if fit[3] not in titles), reverse=True)):
        if several and several[0][0] >= HELD:
            share, ordered, length, key = several[0]
            if sum(fit[:2] == (share, ordered) for fit in several) > 1 and len(name) < CLOSE * -length:
                return None
            return _named(series[key]) if key in series else Named(missing[key], 0, 0, (), None)
    return _found(held, series, hits())


#: Share of the name that a title holds, whether in that order, its length below zero, its series.
_Fit = tuple[float, bool, int, str]


def _fits(name: str, ending: str, titles: dict[str, str]) -> list[_Fit]:
    known = Counter(character for title in titles.values() for character in set(title))
    weights = {one: math.log((1 + len(titles)) / (1 + known[one])) + 0.1 for one in name}
    whole = sum(weights[one] for one in name)

    def share(title: str) -> float:
        return round(sum(weights[one] for one in (Counter(name) & Counter(title)).elements()) / whole, 2)

    return [
        (share(title), in_order(name, title), -len(title), key)
        for key, title in titles.items()
        if title.endswith(ending) and not (ending == "法" and title.endswith("办法"))
    ]


def _found(held: Sequence[_Fit], series: dict[str, list[Document]], hits: Sequence[Hit]) -> Named | None:
    """The first of `held` that is called so in part and that the best passages stand in."""
    standing = Counter(hit.document.series for hit in hits[:5])
    for share, _, _, key in held:
        if share >= HELD_AND_FOUND and (standing[key] >= FOUND or hits[0].document.series == key):
            return _named(series[key])
    return None


def _plain(title: str) -> str:
    return _SAYS_NOTHING.sub("", searchable(title))


def _named(editions: Sequence[Document]) -> Named:
    newest = sorted(editions, key=lambda document: document.card.edition or "", reverse=True)
    return Named(newest[0].card.title, 0, 0, tuple(newest), None)
