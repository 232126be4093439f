"""Trying the search: what the chat's own search found for a question, half by half, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.chunking.indexed import indexed_text
from knowledge.model import Hit
from knowledge.retrieval.search import Ranking, nearness
from knowledge.text.normalise import searchable

SHOWN = 10  # of each half
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Explained:
    """A hit with its places (from 1; None where it does not count) and the parts of its score. `meant` is what
    counts for its meaning: `hit.dense`, or what its situation brings where that is more. `words` are runs of the
    question that its passage holds, `rest` what the document's standing and subjects add to the score."""

    hit: Hit
    lexical: int | None
    dense: int | None
    fused: int
    rest: float
    meant: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Halves:
    """The best of each half and of both, best first, and what was found in the end."""

    ranking: Ranking
    lexical: tuple[Hit, ...]
    dense: tuple[Hit, ...]
    fused: tuple[Hit, ...]
    found: tuple[Explained, ...]


def halves(ranking: Ranking) -> Halves:
    """One search taken apart."""
    lexical = sorted((hit for hit in ranking.fused if hit.lexical > 0), key=lambda hit: (-hit.lexical, hit.passage.id))
    dense = sorted(ranking.fused, key=lambda hit: (-hit.dense, hit.passage.id))
    places = [_places(hits) for hits in (lexical, dense, ranking.fused)]
    alone = {hit.passage.id: hit for hit in ranking.fused}  # a hit that took over another's place has its score too
    found = []
    for hit in ranking.hits:
        number = hit.passage.id
        meant = nearness(alone[number].met, hit.dense)
        rest = alone[number].score - meant - ranking.weight * hit.lexical - alone[number].worded
        words = shared_words((ranking.query, *ranking.also), _indexed(hit))
        found.append(Explained(hit, places[0].get(number), places[1][number], places[2][number], rest, meant, words))
    return Halves(ranking, tuple(lexical[:SHOWN]), tuple(dense[:SHOWN]), ranking.fused[:SHOWN], tuple(found))


def shared_words(texts: Sequence[str], passage: str) -> tuple[str, ...]:
    """The longest runs of `texts`, of two characters and more, that stand in `passage`, in reading order."""
    inside = searchable(passage)
    found: dict[str, None] = {}
    for text in texts:
        plain, at = searchable(text), 0
        while at < len(plain) - 1:
            end = at + 2
            while end <= len(plain) and plain[at:end] in inside:
                end += 1
            run = plain[at : end - 1]
            if len(run) >= 2:
                found[run] = None
            at += max(len(run), 1)
    return tuple(found)[:MOST_WORDS]


def _places(hits: Sequence[Hit]) -> Mapping[int, int]:
    return {hit.passage.id: place for place, hit in enumerate(hits, start=1)}


def _indexed(hit: Hit) -> str:
    return indexed_text(hit.document.card.title, hit.passage.context, hit.passage.text)
