"""Whether a short question without a pointing word goes on from the one before it or has a topic of its own.

`第三款呢` and `孩子办酒席能请同事吗` are told apart by how much they say, by how near they are to the question before, and by
what the library finds for them alone and joined: an ellipsis finds more when it is joined, a topic of its own finds less.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.understanding.followup import is_shaped, said, says_little
from knowledge.retrieval.search import Searcher
from knowledge.text.normalise import searchable

WEIGHTS = Path(__file__).with_name("own_topic.json")
# After a look-up or a comparison a question that says so much, and is none itself, has a topic of its own whatever is found for it:
# joined it would be answered by the same article or table once more. No follow-up of our suites after one is so long.
OWN_AFTER_A_SHAPE = 6


@dataclass(frozen=True, slots=True)
class Leaning:
    """What speaks for a follow-up. said: characters that are not those of any question. length: all characters. alone,
    joined, before: the best fused scores of the question alone, joined with the one before, and of that one. near: the cosine
    of the two questions. shaped: 1 when the one before looked something up or compared, a shape that a topic can be put into."""

    said: float
    length: float
    alone: float
    joined: float
    before: float
    near: float
    shaped: float


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A logistic model over `Leaning`, fitted by `xuesi eval own-topic` with the `encoder` of that name; `fitted_on` says on
    what."""

    encoder: str
    weights: Mapping[str, float]
    bias: float
    threshold: float
    fitted_on: str

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> OwnTopic:
        """The stored model."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def goes_on(self, leaning: Leaning) -> bool:
        """Whether the question is a follow-up."""
        values = asdict(leaning)
        weighed = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-weighed)) >= self.threshold


class FollowUps:
    """Decides for one library. Safe to share between threads. `near` gives the cosine of two texts, `encoder` names what
    encodes them: what another one finds says nothing to the model, and the words alone decide."""

    def __init__(self, searcher: Searcher, near: Callable[[str, str], float], encoder: Callable[[], str]) -> None:
        self._searcher = searcher
        self._near = near
        self._encoder = encoder
        self._own_topic = OwnTopic.load()

    def over(self, searcher: Searcher) -> FollowUps:
        """The same decision by what another search finds: that of a view of the library."""
        return FollowUps(searcher, self._near, self._encoder)

    def goes_on(self, question: str, before: str, joined: str) -> bool:
        """Whether `question` goes on from the one `before` it; `joined` is what it would ask then."""
        if is_shaped(before) and not is_shaped(question) and len(said(question)) >= OWN_AFTER_A_SHAPE:
            return False
        if self._encoder() != self._own_topic.encoder:
            return says_little(question, before, joined)
        return self._own_topic.goes_on(self.leaning(question, before, joined))

    def leaning(self, question: str, before: str, joined: str) -> Leaning:
        """What speaks for it."""
        return Leaning(
            said=float(len(said(question))),
            length=float(len(searchable(question))),
            alone=self._best(question),
            joined=self._best(joined),
            before=self._best(before),
            near=self._near(question, before),
            shaped=float(is_shaped(before)),
        )

    def _best(self, text: str) -> float:
        return max((hit.score for hit in self._searcher.search(text, 1)), default=0.0)
