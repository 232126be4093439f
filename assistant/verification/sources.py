"""What a language model may cite: numbered sentences of the library, each with where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One sentence or item that the model is given as `[id]`. Ids count from 1.

    `text` is the canonical wording; `document` a title, `address` where the sentence stands in it
    (`第四章/第五十九条`), `edition` a year or None, `validity` the words of 时效 (`现行有效`),
    `list_size` the items of the list that it introduces or belongs to, 0 when that is not known.
    """

    id: int
    text: str
    document: str
    address: str
    edition: str | None
    validity: str
    list_size: int = 0
