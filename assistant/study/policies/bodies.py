"""Who decides on applications, and where one asks."""

from __future__ import annotations

import re
from typing import Final

from assistant.study.policies.card import Quote

_BODY = (
    r"(?:各)?(?:[市县区镇省]|乡镇|街道)(?:（[市县区]）)?[\u4e00-\u9fff]{0,16}?"
    r"(?:局|委员会|办公室|委组织部|组织部|党委|中心|服务站|工委|委(?![员派托])|办(?![理法公]))"
)
#: What a body does, from deciding down to explaining; the first that is found names the unit in charge.
_WITH = r"(?:会同[^，。；]{2,30})?"
#: What a body does, from deciding down to explaining; the first that is found names the unit in charge.
_DEEDS: Final = (
    re.compile(r"报(?P<unit>[市县区]委)(?:研究)?(?:决定|审定)|(?P<unit2>镇党委)(?:会议)?(?:研究)?(?:决定|审定)"),
    re.compile(
        rf"(?P<unit>{_BODY}){_WITH}[^，。；：]{{0,24}}?(?:审定|审批|作出[^，。；]{{0,6}}决定|确定[^，。；]{{1,6}}名单)"
        rf"|由(?P<unit2>{_BODY})主管|(?P<unit3>{_BODY})(?:是|为)[^，。；]{{0,16}}主管部门"
    ),
    re.compile(rf"(?P<unit>{_BODY}){_WITH}[^，。；：]{{0,24}}?(?:审核|认定|评审|完成审)"),
    re.compile(
        rf"(?P<unit>{_BODY}){_WITH}[^，。；：]{{0,8}}?(?:组织实施|牵头负责|公示后兑付|兑付|负责[^，。；]{{0,16}})"
    ),
    re.compile(rf"(?P<unit>{_BODY}){_WITH}[^，。；：]{{0,8}}?验收"),
)
_LABEL: Final = re.compile(
    rf"(?:主管(?:部门|单位)|责任单位|办理(?:机构|单位|部门)|牵头单位)[】：:。 　]*(?P<unit>{_BODY})"
)
_PAYS: Final = re.compile(r"财政|审计|税务")
_LESS: Final = re.compile(r"监督|发布[^，。；]{0,4}通知|解释|初审|预审")
_PHONE: Final = re.compile(
    r"[（(]?0[0-9]{2,3}[)）]?[ 　]*[-—－]?[ 　]*[0-9]{5,8}(?![0-9])|(?<=[、，])[0-9]{7,8}(?![0-9])"
)
_ABOUT: Final = re.compile(r"电话|热线|咨询|联系|服务|局|科|中心|站|办")
_COMPLAINTS: Final = re.compile(r"监督|举报|投诉|传真")


def unit_in(text: str, start: int, end: int | None, issuer: str | None) -> tuple[Quote | None, bool]:
    """The unit in charge, and whether the text says so; the issuer, in whose signature it is found, is a guess."""
    stop = len(text) if end is None else end
    if found := _LABEL.search(text, start, stop):
        return _quote(found, "unit"), True
    for strength, pattern in enumerate(_DEEDS):
        for found in pattern.finditer(text, start, stop):
            name = next(one for one in ("unit", "unit2", "unit3") if one in found.re.groupindex and found[one])
            done = found[0][found.end(name) - found.start() :]
            if strength > 0 and (_PAYS.search(found[name]) or _LESS.search(done)):
                continue
            return _quote(found, name), True
    if issuer and (at := text.rfind(issuer, start, stop)) >= 0:
        return Quote(issuer, at, at + len(issuer)), False
    return None, False


def phones_in(text: str, start: int, end: int | None) -> tuple[Quote, ...]:
    """The numbers to ask at, not those for complaints."""
    stop = len(text) if end is None else end
    found: list[Quote] = []
    for number in _PHONE.finditer(text, start, stop):
        line = text[text.rfind("\n", 0, number.start()) + 1 : number.start()]
        clause = re.split(r"[；;。]", line)[-1]
        if _ABOUT.search(line) and not _COMPLAINTS.search(clause):
            found.append(Quote(number[0], number.start(), number.end()))
    return tuple(found)


def _quote(found: re.Match[str], name: str) -> Quote:
    return Quote(found[name], found.start(name), found.end(name))
