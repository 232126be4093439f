"""What a sentence must hold to answer a question for a number or a body, and what the question takes for granted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.focus import Focus
from assistant.understanding import Kind
from assistant.units import units
from knowledge.model import Hit
from knowledge.normalise import searchable
from knowledge.tokens import measures

_NUMERAL = "[0-9〇零一二三四五六七八九十百千万两半]"
_UNITS = (
    (r"几年|多少年|多久|多长|几个月|多少个?月|多少天|几天|几日|期限|时限|时间限制", r"年|个?月|日|天|小时|周"),
    (r"何时|什么时候|什么时间", r"年|个?月|日|天|小时|周|之日|[前后]"),
    (r"比例|占多|百分之几|几成|比重", r"分之|%|倍"),
    (r"几倍|多少倍", r"倍"),
    (r"多少钱|多少元|几元|金额|多贵", r"元"),
    (r"几个?人|多少人|几名|多少名|人数", r"人|名|分之"),
    (r"几岁|多少岁|年龄|多大岁数", r"周?岁"),
    (r"几次|多少次|几回", r"次"),
    (r"多少学时|几学时|课时", r"学时|课时"),
    (r"面积|多少平", r"平方米|㎡"),
)
_BODY = re.compile(
    "机关|部门|组织|委员会|党委|党组|纪委|监委|机构|单位|支部|政府|人民代表大会|领导小组|主任|书记|法院|检察院"
)
_CLAIM = re.compile(
    r"规定|按照?|根据|依据|既然|里的|中的|最[长多低高短少]|必须|允许|可以|就能|[一二三四五六七八九十][级种类个]|那|满后|期满"
)


def answers(kind: Kind, question: str) -> re.Pattern[str] | None:
    """What a sentence must contain to answer; None when the kind of question asks nothing of the kind."""
    plain = searchable(question)
    if kind is Kind.NUMBER:
        asked = [unit for pattern, unit in _UNITS if re.search(pattern, plain)]
        return re.compile(rf"{_NUMERAL}[^，。；]{{0,2}}?(?:{'|'.join(asked)})" if asked else _NUMERAL)
    return _BODY if kind is Kind.WHO else None


def met(kind: Kind, question: str, focus: Focus, hits: Sequence[Hit]) -> float:
    """The largest share (0..1) of the question that one sentence of `hits` holds which also has what is asked for."""
    needed = answers(kind, question)
    best = 0.0
    for hit in hits:
        every = units(hit.passage.text)
        for unit in every:
            lead = every[unit.lead].text if unit.lead is not None else ""
            if needed is None or needed.search(searchable(unit.text)) or (lead and needed.search(searchable(lead))):
                best = max(best, focus.coverage(unit.text, lead))
    return best


def presumed(question: str, quoted: str) -> tuple[str, ...]:
    """Figures that `question` states as given and that the `quoted` text does not contain (`三年` of `规定试用期三年，
    那…`), with numbers in Arabic numerals; empty when it states nothing. The reader is told: the premise may be wrong."""
    plain = searchable(question)
    if not _CLAIM.search(plain):
        return ()
    there = set(measures(searchable(quoted)))
    return tuple(dict.fromkeys(figure for figure in measures(plain) if figure not in there and figure[0] != "1"))
