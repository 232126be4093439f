"""The topic of a document that has none: what the register says of it by its title."""

from __future__ import annotations

from knowledge.metadata.register import Register
from knowledge.metadata.validity import series_key


def suggested_topic(title: str, register: Register) -> str | None:
    """The topic under which the register keeps the document of that title, or the one document that the title names
    (`…处理依据汇总` names what it is about); None when it knows neither.

    >>> suggested_topic("《公务员考核规定（试行）》", Register.load())
    '公务员'
    """
    entry = register.by_title(title) or register.by_title(series_key(title))
    if entry is None:
        named = {one.entry.topic for one in register.mentions(title) if one.entry}
        return named.pop() if len(named) == 1 else None
    return entry.topic
