"""Which office is in charge, who gives the last word on applications, and where one asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from assistant.study.policies.card import Quote

#: A character of a name: none that begins what the body does, or leads to another one.
_IN_NAME = r"(?:(?!会同|负责|组织[^部]|审[核定批查]|受理|初[审核]|[报由对将后把向并的在于])[\u4e00-\u9fff])"
_END = r"(?:局|委员会|办公室|部(?![门分])|党委|中心|服务站|工委|联合会|支队|人民政府|领导小组|(?<!常)委(?![员派托])|办(?![理法公]))"
_BODY: Final = re.compile(rf"(?:各)?(?:[市县区镇省州]|乡镇|街道|乡（镇）)(?:（[市县区]）)?{_IN_NAME}{{0,18}}{_END}")
_WITH: Final = re.compile(
    rf"会同(?:{_BODY.pattern}|[^，。；、]{{0,8}}部门)(?:[、和及](?:{_BODY.pattern}|[^，。；、]{{0,8}}部门))*"
)
#: 报县商务局，由其组织核查: the next clause is that body's as well.
_BY_IT: Final = re.compile(r"[，,](?:再)?由其")
#: What a body does, from the last word down to explaining.
_DEEDS: Final = (
    re.compile(
        r"审定|审批|批准|核准|复核确认|(?:作出|研究)[^，。；]{0,8}决定|研究确定|核定|确定[^，。；]{0,6}(?:名单|人选|对象)"
    ),
    re.compile(r"评审|评定|评议|认定|复[核审]|审核|审查|核查|核实|完成审|出具[^，。；]{0,6}意见"),
    re.compile(r"组织实施|牵头|兑付|负责(?!解释)|受理|验收|抽验|办理|办结"),
    re.compile(r"解释"),
)
_LAST_WORD: Final = 0
_EXPLAINS: Final = 3
#: `提请领导小组会议审定`: a body without the name of its place.
_PUT_BEFORE: Final = re.compile(
    r"(?:报请?|提请|提交|经)(?P<unit>[\u4e00-\u9fff]{0,12}(?:领导小组|委员会|党委)(?:会议)?)(?:研究|集体)?(?:审定|审批|批准|决定)"
)
_LABEL: Final = re.compile(
    rf"(?:主管(?:部门|单位)|责任单位|办理(?:机构|单位|部门)|牵头单位)[】：:。 　]*(?P<unit>{_BODY.pattern})"
)
_IN_CHARGE: Final = re.compile(
    rf"由(?P<unit>{_BODY.pattern})主管|(?P<unit2>{_BODY.pattern})(?:是|为)[^，。；]{{0,16}}主管部门"
)
_PAYS: Final = re.compile(r"财政|审计|税务")
_LESS: Final = re.compile(r"监督|发布[^，。；]{0,4}通知|初审|初核|预审")
_LOCAL: Final = re.compile(r"各|乡镇|街道|乡（镇）|[市县区]（")
_ABOVE: Final = re.compile(r"(?:人民政府|领导小组|党委|^[市县区]委)$")
_PHONE: Final = re.compile(
    r"(?<![0-9])(?:[（(]?0[0-9]{2,3}[)）]?[ 　]*[-—－]?[ 　]*[0-9]{5,8}|1[3-9][0-9]{9}|(?<=[、，])[0-9]{7,8})(?![0-9])"
    # 咨询电话：县教育局6216120: a number of the place alone, behind the name of the office.
    r"|(?<=[局股科室中心站办话线：])[2-8][0-9]{6,7}(?![0-9.]|[ 　]*[万亿元%％年人])"
)
_ABOUT: Final = re.compile(r"电话|热线|咨询|联系|服务|局|科|中心|站|办")
_COMPLAINTS: Final = re.compile(r"监督|举报|投诉|传真")


@dataclass(frozen=True, slots=True)
class Offices:
    """The unit in charge, `stated` when the text says so (the issuer is a guess), and who gives the last word."""

    unit: Quote | None = None
    stated: bool = False
    decides: Quote | None = None


@dataclass(frozen=True, slots=True)
class _Act:
    body: Quote
    deed: int  # of `_DEEDS`


def offices_in(text: str, start: int, end: int | None, issuer: str | None) -> Offices:
    """The office in charge is the department that decides, else the one that works on applications before a government or a
    leading group has the last word; district offices, which look at papers first, come last, and who only pays never."""
    stop = len(text) if end is None else end
    part = _WITH.sub(lambda found: "　" * len(found[0]), text[start:stop])
    acts = list(_acts(part, start))
    last = [act for act in acts if act.deed == _LAST_WORD and not _PAYS.search(act.body.text)]
    decides = last[-1].body if last else None
    if put := list(_PUT_BEFORE.finditer(part)):
        decides = (
            _quote(put[-1], "unit", start)
            if decides is None or put[-1].start("unit") + start > decides.start
            else decides
        )
    for pattern in (_LABEL, _IN_CHARGE):
        if found := pattern.search(part):
            name = "unit" if found["unit"] else "unit2"
            return Offices(_quote(found, name, start), True, decides)
    ranked = sorted(
        (act for act in acts if not _PAYS.search(act.body.text)),
        key=lambda act: (
            _ABOVE.search(act.body.text) is not None,
            _LOCAL.match(act.body.text) is not None,
            act.deed,
            act.body.start,
        ),
    )
    if ranked:
        return Offices(ranked[0].body, ranked[0].deed < _EXPLAINS, decides)
    first = issuer.split("、")[0] if issuer else ""  # of several who signed, the first is in charge
    if first and (at := text.rfind(first, start)) >= 0:
        return Offices(Quote(first, at, at + len(first)), False, decides)
    return Offices(decides, decides is not None, decides)


def _acts(part: str, start: int) -> list[_Act]:
    """The deeds of each body in the clause after its name."""
    found: list[_Act] = []
    bodies = list(_BODY.finditer(part))
    for place, body in enumerate(bodies):
        after = bodies[place + 1].start() if place + 1 < len(bodies) else len(part)
        clause = re.match(r"[^，。；：\n]{0,40}", part[body.end() : after])
        tail = clause[0] if clause else ""
        if not tail and (by_it := _BY_IT.match(part, body.end())):
            following = re.match(r"[^，。；：\n]{0,40}", part[by_it.end() :])
            tail = following[0] if following else ""
        deed, done = next(
            ((rank, told) for rank, pattern in enumerate(_DEEDS) if (told := pattern.search(tail))), (None, None)
        )
        if deed is not None and done is not None and not _LESS.search(tail[: done.end()]):
            found.append(_Act(Quote(body[0], start + body.start(), start + body.end()), deed))
    return found


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


def _quote(found: re.Match[str], name: str, start: int) -> Quote:
    return Quote(found[name], start + found.start(name), start + found.end(name))
