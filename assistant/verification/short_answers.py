"""Answers as people give them: `十日内。`, `不能，……`. They are read together with what was asked, or with what follows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.verification.modality import Polarity, polarity_of

_ASKS = re.compile(
    r"(?:最多|最少|至少|最长|最短|一共|总共)?(?:几|多少|多久|多长时间|多长|什么时候|什么|啥|哪些|哪个|哪里|哪|谁|怎么样|怎么|如何|为什么)"
    r"|能不能|可不可以|可否|能否|是否|是不是|要不要|有没有|行不行|吗|呢|啊|吧|[?!。]"
)
_NO = (
    r"不可以|不能|不行|不会|不需要|不用|不必|不是|不对|不允许|不得|没有|未必|[\u4e00-\u9fff]{1,3}不[了下成得来](?:来)?"
)
_YES = r"可以|可|能够|能|行|是的?|对的?|会|需要|要|应当|应该|有|允许|属于|算"
_OPENING = re.compile(rf"(?:(?P<no>{_NO})|(?P<yes>{_YES}))(?:[\u4e00-\u9fff]{{0,2}})?的?[,;:]")


@dataclass(frozen=True, slots=True)
class Opened:
    """A sentence that opens with yes or no. `agrees` tells whether the `rest` is of that sense."""

    opening: str
    rest: str
    agrees: bool


def direct_answer(plain: str) -> Opened | None:
    """The opening of a plain sentence that begins with a direct answer; None when it does not."""
    match = _OPENING.match(plain)
    if match is None or not plain[match.end() :]:
        return None
    rest = plain[match.end() :]
    said = polarity_of(rest)
    if match["no"]:  # `不能，必须执行`
        return Opened(match[0], rest, said.narrows or Polarity.MUST in said)
    allows = match["yes"] in ("可以", "可", "能够", "能", "行", "允许")
    return Opened(match[0], rest, not allows or Polarity.BAN not in said or Polarity.MAY in said)


def topic_of(question: str) -> str:
    """What a plain question is about: the question without the words that ask."""
    return _ASKS.sub("", question)
