"""Conditions as a tree: what must be met together, what is met by one of several, and the exceptions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.study.policies.card import Condition, Join, Quote
from assistant.study.policies.layout import PLAIN, Node, listed, pieces

_ANY: Final = re.compile(r"之一|任一|任意一|其一|其中一")
_EXCEPT: Final = re.compile(r"[^，。；]*除外|除[^，。；]{2,60}外|可以放宽[^。；]*|已完成[^，。；]*修复的?除外")
_RELAXES: Final = re.compile(r"放宽|除外|不受[^，。；]{1,12}限制|降低至|可以不")
_SHARED: Final = 3  # characters that a relaxation and its condition have in common


def condition(node: Node) -> Condition:
    """`node` as a condition, with what is listed under it or inside it."""
    lead, inside = (node.text, node.children) if node.children else listed(node.text, node.start)
    join = Join.ANY if _ANY.search(lead) else Join.ALL
    if not inside and join is Join.ANY and (colon := re.search(r"[：:]", node.text)):
        lead = node.text[: colon.end()]
        inside = pieces(node.text[colon.end() :], node.start + colon.end(), "；;。")
    members = tuple(
        condition(one) for one in inside if one.kind != PLAIN or inside is not node.children or not node.children
    )
    if node.children and not members:
        members = tuple(condition(one) for one in node.children)
    words = lead if members else node.text
    stripped = words.rstrip("；;。， 　")
    quote = Quote(stripped, node.start, node.start + len(stripped))
    found = _EXCEPT.search(words) if not members else None
    return Condition(quote, join, members, found[0] if found else "")


def relaxed(conditions: Sequence[Condition], lines: Sequence[Node]) -> list[Condition]:
    """`conditions` with the lines below them that relax one (`省级企业的设备投资额可以放宽至200万元`) as its exception."""
    made = list(conditions)
    for line in lines:
        if line.kind != PLAIN or not _RELAXES.search(line.text):
            continue
        shared = [_in_common(one.quote.text, line.text) for one in made]
        best = max(range(len(made)), key=shared.__getitem__, default=None)
        if best is not None and shared[best] >= _SHARED and not made[best].exception:
            made[best] = replace(made[best], exception=line.text.rstrip("。"))
    return made


def _in_common(one: str, other: str) -> int:
    """The length of the longest run of characters that both have."""
    return max((n for i in range(len(one)) for n in range(1, len(one) - i + 1) if one[i : i + n] in other), default=0)
