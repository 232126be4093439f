"""Conditions as a tree: what must be met together, what is met by one of several, for whom, and the exceptions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.study.policies.card import Condition, Join, Quote
from assistant.study.policies.layout import PLAIN, Node, listed, pieces
from knowledge.text.quantities import NUMERAL

_ANY: Final = re.compile(r"之一|任一|任意一|其一|其中一")
_LEADS: Final = re.compile(r"之一|任一|同时|全部|下列|以下|具备|符合|满足")
_ADDS: Final = re.compile(r"还应|还须|除[^，。；：]*外")
_EXCEPT: Final = re.compile(
    r"[^，。；]*除外|除[^，。；]{2,60}外(?!，(?:还|也|均|须|应))|可以放宽[^。；]*|已完成[^，。；]*修复的?除外"
)
_RELAXES: Final = re.compile(r"放宽|除外|不受[^，。；]{1,12}限制|降低至|可以不")
_RELAXED_THING: Final = re.compile(r"(?P<thing>[^，。；：]{2,12}?)(?:可以?|可适当|适当)?放宽")
_ONE_OF_ARTICLE: Final = re.compile(
    rf"(?:符合|具备|满足)(?:本[\u4e00-\u9fff]{{2,4}})?第([{NUMERAL}]{{1,4}})条(?:规定|所列|明确)?的?[^，。；]{{0,6}}之一"
)
_SHARED: Final = 3  # characters that a relaxation and its condition have in common
_APPLY = r"(?:申请|申领|申报|提名|报名|享受)"
_MUST = r"(?:还)?(?:应当|应|须|必须|需)"
#: What the name of a class of applicants ends with.
_CLASS = (
    r"(?:人员|(?<!代表)(?<!负责)人|企业|单位|[学研究毕业]生|教师|技师|[医护]师|户|合作社|农场|主体|机构|组织|者|站点?|职工|员工|家庭|协会"
    r"|[委特派务]员|干部|军人|士兵|选手|人才|团队|补助|补贴|奖励|奖补|资助|津贴|贴息)"
)
#: Those whom a condition is for: `研制企业申请奖励，应当`, `提名突出贡献奖的，应当`, `认定为名师的，`, `在校研究生应`.
_WHOSE: Final = (
    re.compile(rf"(?P<whose>{_APPLY}[^，。；：的]{{2,14}}的?)，(?=[^，。；：]*(?:应|须|符合|除))"),
    re.compile(
        rf"(?P<whose>[^，。；：]{{1,24}}?{_APPLY}[^，。；：的]{{0,14}}?的?)，(?=[^，。；：]*(?:应|须|符合)|除[^，。；]{{2,14}}外)"
    ),
    re.compile(r"(?P<whose>[^，。；：]{2,24}的)，除[^，。；]{2,14}外，"),
    re.compile(r"(?P<whose>认定为[^，。；：]{2,16}的)，"),
    re.compile(rf"(?!被)(?P<whose>[^，。；：]{{0,28}}?{_CLASS})(?:除[^，。；]{{2,14}}外，)?{_MUST}(?!用)"),
)
_SPEAKS_OF: Final = re.compile(
    rf"(?P<what>[^，。；：]{{2,24}}?){_MUST}(?:同时|全部|均)?(?:符合|满足|具备|达到)"
    rf"|(?P<those>[^，。；：]{{2,20}}的)，{_MUST}?(?:同时|全部|均)?(?:符合|满足|具备|达到)"
)
#: Whoever applies; no class of them.
_ANYBODY: Final = re.compile(
    r"^(?:在满足[^，]{2,10}的基础上，)?(?:申请|申报|申领|报名|奖补|资助|补助|补贴|扶持|支持|激励|奖励)[^，。；：]{0,12}?(?:人|人员|主体|企业|单位|对象|者|组织|家庭|机构|的)$"
    r"|^(?:申请|申报|申领|报名|享受)(?:人|者|企业|补助|补贴|奖励|奖补|资助|津贴|贴息)$|基本条件|^本"
)
#: A grant beside the first one; who does not meet its conditions keeps that.
_BESIDE: Final = re.compile(rf"可(?:以)?[^，。；：]{{0,12}}{_APPLY}(?P<grant>[^，。；：]{{2,14}})")
_CLASSES: Final = re.compile(rf"[，；;](?=[^，。；：]{{2,10}}{_MUST})|[，,](?=其中{_APPLY})")
#: What one does to apply is no condition for it.
_PROCEDURE: Final = re.compile(
    r"提交|提供|填报|填写|登录|报送|材料|公示|审核|初审|向[^，。；]{2,20}(?:提出|申请|申报)|按规定程序"
)


def condition(node: Node) -> Condition:
    """`node` as a condition, with what is listed under it or inside it."""
    lead, inside = (node.text, node.children) if node.children else listed(node.text, node.start)
    if not inside and (colon := re.search(r"[：:]", node.text)) and _LEADS.search(node.text[: colon.end()]):
        rest, at = node.text[colon.end() :], node.start + colon.end()
        parts = pieces(rest, at, "；;。")
        if len(parts) == 1 and _ANY.search(node.text[: colon.end()]):
            parts = pieces(rest, at, "、；;。")
        if len(parts) > 1:
            lead, inside = node.text[: colon.end()], parts
    join = Join.ANY if _ANY.search(lead) else Join.ALL
    members = tuple(
        condition(one) for one in inside if one.kind != PLAIN or inside is not node.children or not node.children
    )
    if node.children and not members:
        members = tuple(condition(one) for one in node.children)
    words = lead if members else node.text
    stripped = words.rstrip("；;。， 　")
    quote = Quote(stripped, node.start, node.start + len(stripped))
    found = _EXCEPT.search(words) if not members else None
    beside = members and _BESIDE.search(words)
    return Condition(
        quote, join, members, found[0] if found else "", beside["grant"] if beside else whose(words), bool(beside)
    )


def whose(words: str) -> str:
    """The class of applicants or the grant that `words` begin with; "" when they speak of everybody who applies."""
    for pattern in _WHOSE:
        if found := pattern.match(words.removeprefix("同时，").removeprefix("其中")):
            return "" if _ANYBODY.search(found["whose"]) else found["whose"]
    return ""


def demanded(line: Node) -> list[Condition]:
    """The conditions that a line without a number makes; none for one that tells how to apply."""
    if _PROCEDURE.search(line.text):
        return []
    found, start = [], 0
    listing = re.search(r"[：:]", line.text) is not None
    cuts = [] if listing else [one.end() for one in _CLASSES.finditer(line.text)]
    for end in (*cuts, len(line.text)):
        words = line.text[start:end].rstrip("，；;。")
        skipped = len(words) - len(words.removeprefix("同时，"))
        found.append(condition(Node(PLAIN, words[skipped:], line.start + start + skipped)))
        start = end
    return [one for one in found if re.search(_MUST, one.quote.text)]


def settled(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Groups that must all be met and speak of everybody are spread out; those of a class of applicants stay groups, unless there is
    nobody else. Where the lead-ins speak of different things, each group is for whom its own concerns."""
    first = [one for one in conditions if not adds(one.quote.text)]
    # 申请补贴，应当… is for everybody where nothing else stands beside it but what adds to it.
    tops = [replace(one, whose="") if [one] == first else one for one in conditions]
    subjects = [_subject(one) for one in tops]
    contrast = len({words for words in subjects if words}) > 1
    made: list[Condition] = []
    for one, words in zip(tops, subjects, strict=True):
        if contrast and words and not one.whose:
            one = replace(one, whose=words)
        spread = one.children and one.join is Join.ALL and not one.whose and not one.exception
        made += one.children if spread else [one]
    return tuple(made)


def _subject(group: Condition) -> str:
    """What the lead-in of a group speaks of (`初制所建设应同时满足` beside `茶园改造应同时满足`); "" for whoever applies."""
    found = _SPEAKS_OF.match(group.quote.text) if group.children else None
    words = found["what"] or found["those"] if found else ""
    return "" if _ANYBODY.search(words) else words


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


def relaxed_by_list(conditions: Sequence[Condition], lead: Node) -> list[Condition]:
    """`conditions` where an article relaxes one of them in the cases that it lists (有下列情形之一的，任职年限可放宽至两年：…): the whole
    of it is the exception of the condition that speaks of the same thing. Unchanged where none does."""
    named = _RELAXED_THING.search(lead.text)
    if named is None:
        return list(conditions)
    leaves = [leaf for one in conditions for leaf in one.leaves() if not leaf.exception]
    shared = [_in_common(leaf.quote.text, named["thing"]) for leaf in leaves]
    best = max(shared, default=0)
    if best < 2 or shared.count(best) > 1:
        return list(conditions)
    cases = "；".join(one.text.rstrip("；;。") for one in lead.children)
    return _excepting(conditions, leaves[shared.index(best)], lead.text + cases)


def _excepting(conditions: Sequence[Condition], wanted: Condition, words: str) -> list[Condition]:
    """`conditions` with `words` as the exception of `wanted`, which is one of them or stands under one."""
    return [
        replace(one, exception=words)
        if one is wanted
        else replace(one, children=tuple(_excepting(one.children, wanted, words)))
        for one in conditions
    ]


def one_is_enough(text: str, start: int, end: int | None) -> frozenset[int]:
    """Where the articles begin, behind their numbers, of whose conditions another one asks only one."""
    part = text[start:end]
    numbers = {found[1] for found in _ONE_OF_ARTICLE.finditer(part)}
    return frozenset(
        start + found.end()
        for number in numbers
        for found in re.finditer(rf"^[ 　]*第{number}条[ 　]*", part, re.MULTILINE)
    )


def adds(words: str) -> bool:
    """Whether a condition comes on top of those before it (除符合前款规定外，还应当…)."""
    return _ADDS.search(words) is not None


def relaxes(line: Node) -> bool:
    """Whether a line takes something back from a condition above it."""
    return _RELAXES.search(line.text) is not None


def _in_common(one: str, other: str) -> int:
    """The length of the longest run of characters that both have."""
    return max((n for i in range(len(one)) for n in range(1, len(one) - i + 1) if one[i : i + n] in other), default=0)
