"""The YAML block at the head of a Markdown file: identity-card fields that the file itself states."""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge.errors import ReadingError

_BLOCK = re.compile(r"\ufeff?---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)


def split_front_matter(text: str, name: str) -> tuple[Mapping[str, str], str]:
    """Fields and the text after them. Values are strings: a list is joined with "；", a list inside it with "、",
    dates are ISO.

    Raises ReadingError when the block is not valid YAML.
    """
    match = _BLOCK.match(text)
    if match is None or ":" not in match[1]:
        return {}, text
    import yaml

    try:
        fields = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 2} 行" if mark else "开头"
        raise ReadingError(f"《{name}》开头的信息块{where}不是正确的 YAML，请检查冒号、引号和缩进。") from error
    if not isinstance(fields, dict):
        return {}, text
    card = {str(key): _as_text(value) for key, value in fields.items() if value is not None}
    return card, text[match.end() :]


def _as_text(value: object, between: str = "；") -> str:
    if isinstance(value, list):
        return between.join(_as_text(item, "、") for item in value)
    if isinstance(value, dict):
        return "，".join(f"{key}：{_as_text(item, '、')}" for key, item in value.items())
    return str(value)
