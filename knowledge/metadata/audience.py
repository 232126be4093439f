"""谁能看: the groups (departments, classes) that a document is kept to, as a trainer writes them and as sets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from knowledge.model import Document

#: The override that holds them; no field of the card. Empty or absent: everybody may see the document.
AUDIENCE_OVERRIDE = "audience"

_BETWEEN = re.compile(r"[、，,；;]")


def groups_in(text: str | None) -> frozenset[str]:
    """`人事处、春季班` → the two names; none for everybody."""
    return frozenset(name.strip() for name in _BETWEEN.split(text or "") if name.strip())


def groups_as_text(groups: frozenset[str] | Sequence[str]) -> str:
    """What `groups_in` reads back, names in order."""
    return "、".join(sorted(groups))


def by_series(documents: Sequence[Document]) -> Mapping[str, frozenset[str]]:
    """Series → everybody that some document of it is kept to; a series of which none is kept to anybody is left out.

    A new edition comes in without a word on who may see it, so it is kept to whom its series is.
    """
    found: dict[str, frozenset[str]] = {}
    for one in documents:
        if one.audience:
            found[one.series] = found.get(one.series, frozenset()) | one.audience
    return found
