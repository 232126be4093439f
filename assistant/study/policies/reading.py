"""Reads a policy card from the text: by the heading of a part where there is one, else by what a sentence says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from assistant.study.policies.bodies import phones_in, unit_in
from assistant.study.policies.card import Condition, Part, PolicyCard, Quote, Window
from assistant.study.policies.conditions import condition, relaxed
from assistant.study.policies.layout import PLAIN, Node, listed, pieces, sentences, tree
from assistant.study.policies.windows import window_in
from knowledge.model import Sureness
from knowledge.text.quantities import AMOUNT, ARABIC

_LONGEST_HEADING: Final = 20  # characters
_GRANT = r"(?:支持|补助|补贴|奖励|奖补|扶持|贴息|返还|受理|享受|申领|申请|申报|推荐|救助|容错|兑现|认定|参评|发放)"
_REFUSED: Final = re.compile(
    rf"不(?:得|能|可)(?:再次|重复|再|作为[^，。；]{{1,8}})?{_GRANT}|不予{_GRANT}|不(?:再)?(?:重复)?(?:享受|{_GRANT})(?!的?其他)"
    rf"|不(?:得|能)?纳入|取消[^，。；]{{0,6}}资格|不在[^，。；]{{1,6}}之列|不属于[^，。；]{{1,8}}范围|不能[^，。；]{{0,2}}{_GRANT}"
)
_NOT_REFUSED: Final = re.compile(
    r"逾期[^，。；]*|就高[^，。；]*"
)  # what is refused there is a late paper, or a second sum
_HEADINGS: Final = (
    (None, re.compile(r"有效期|执行期|实施期|执行到|总体|工作要求|组织|保障措施|附则|其他|监督|目的|依据|解释")),
    (Part.EXCLUDED, re.compile(r"不予|不得|不能|不享受|不纳入|排除|负面|除外|取消|禁止")),
    (Part.PHONE, re.compile(r"电话|热线|联系|咨询")),
    (Part.STANDARDS, re.compile(r"(?:标准|金额|额度|支持措施|支持方式|奖励措施|扶持措施|政策措施|多少)$|标准")),
    (
        Part.WINDOW,
        re.compile(
            rf"{_GRANT}?(?:起止)?(?:时间|期限|日期)|程序|流程|时间安排|什么时候|{_GRANT}(?:方式|与验收|办法)$|经办"
        ),
    ),
    (Part.UNIT, re.compile(r"主管|责任单位|受理单位|办理(?:机构|单位|部门)|牵头")),
    (Part.OBJECTS, re.compile(r"对象|范围|哪些人|谁可以|适用")),
    (Part.CONDITIONS, re.compile(r"条件|要求|资格")),
)
_LEAD: Final = re.compile(r"条件|要求|符合|具备|满足|达到")
_OBJECT: Final = re.compile(
    r"适用于|，?适用本|对象(?:为|是)|面向|均可(?:以)?(?:申报|申请|申领)|(?:范围|对象)[：:]|可以(?:按照|依照|申请)"
    rf"|(?:资金|政策|本.{{2,4}})支持在?|^对[^，。]{{4,60}}，给予{_GRANT}。$"
)
_MUST: Final = re.compile(r"^(?:申报|申请|申领)(?:主体|人|单位|企业|者|项目)?(?:应当|应|须|必须|需)")
_SUM: Final = re.compile(
    rf"[{ARABIC}{AMOUNT}]+(?:\.[0-9]+)?[ 　]*(?:万|亿)?元|%|％|‰|百分之|千分之|百分点|分为.{{1,3}}档"
)
_GIVEN: Final = re.compile(rf"给予|发放|兑付|核定|标准|{_GRANT}")
_PAID: Final = re.compile(r"奖励|补贴|补助|奖补|扶持|贴息|返还|标准")
_HONOUR: Final = re.compile(
    r"^对[^，。]{2,24}(?:干部|人员|个人|集体)[^。]*(?:评价|晋升|晋级|评优|嘉奖|记[^，。]{1,3}功|优先|荣誉)"
)
_APPLY: Final = re.compile(r"申报|申请|申领|受理|报送|推荐|评选|开展|报[县市区镇]|截止")
_TITLE: Final = re.compile(
    r"^[（(]?(?:[^，。；]{2,40}(?:办法|规定|细则|方案|措施|政策|通知|公告|意见|指南|问答|通告)[）)]?)$"
)


@dataclass(slots=True)
class _Draft:
    objects: list[Quote] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    excluded: list[Condition] = field(default_factory=list)
    standards: list[Quote] = field(default_factory=list)
    window: Window | None = None
    sure: dict[Part, Sureness] = field(default_factory=dict)

    def found(self, part: Part, *, sure: bool) -> None:
        if sure or part not in self.sure:
            self.sure[part] = Sureness.SURE if sure else Sureness.DOUBTFUL


def read_card(text: str, start: int = 0, end: int | None = None, issuer: str | None = None) -> PolicyCard:
    """The card of the policy that stands in `text` from `start` to `end`. `issuer` is taken for the unit in charge where the
    text names none. A sentence goes to one part only; what no rule knows goes to none."""
    draft = _Draft()
    for node in tree(text[start:end], start):
        _walk(node, None, draft)
    unit, unit_sure = unit_in(text, start, end, issuer)
    phones = phones_in(text, start, end)
    if unit:
        draft.found(Part.UNIT, sure=unit_sure)
    if phones:
        draft.found(Part.PHONE, sure=True)
    return PolicyCard(
        tuple(draft.objects),
        tuple(draft.conditions),
        tuple(draft.excluded),
        tuple(draft.standards),
        draft.window,
        unit,
        phones,
        tuple(draft.sure.items()),
    )


def _walk(node: Node, part: Part | None, draft: _Draft) -> None:
    heading, body = _headed(node)
    if heading:
        known, own = _part_of(heading)
        part = own if known else None
        if body is None:
            under = node.children
            if part in (Part.CONDITIONS, Part.EXCLUDED, Part.STANDARDS, Part.OBJECTS):
                _section(part, under, draft)
            elif part is Part.WINDOW:
                _window(node, draft, sure=True)
                for child in under:
                    _plain(child, None, draft)
            elif known and part is None:
                _leftovers(under, draft)
            else:
                for child in under:
                    _walk(child, part, draft)
            return
        if part is not None:
            _content(part, Node(node.kind, body.text, body.start, node.children), draft, sure=True)
            return
    if part is None and node.children and _is_lead(node.text):
        refused = _is_refused(node.text)
        if refused or _LEAD.search(node.text):
            _content(Part.EXCLUDED if refused else Part.CONDITIONS, node, draft, sure=True)
            return
        if _PAID.search(node.text):
            _content(Part.STANDARDS, node, draft, sure=True)
            return
    _plain(node, part, draft)
    for child in node.children:
        _walk(child, part, draft)


def _section(part: Part, under: Sequence[Node], draft: _Draft) -> None:
    """What stands under a heading of its own: a line that leads to a list, or the list, or plain lines."""
    leads = [one for one in under if one.kind == PLAIN and _is_lead(one.text)]
    members = [one for one in under if one.kind != PLAIN]
    if part in (Part.CONDITIONS, Part.EXCLUDED) and members:
        lead = leads[0] if leads else Node(PLAIN, "", members[0].start)
        rest = [one for one in under if one.kind == PLAIN and one not in leads]
        _content(part, Node(lead.kind, lead.text, lead.start, [*members, *rest]), draft, sure=True)
        return
    for one in under:
        text = re.sub(r"^答[：:]", "", one.text)
        _content(part, Node(one.kind, text, one.end - len(text), one.children), draft, sure=True)


def _content(part: Part, node: Node, draft: _Draft, *, sure: bool) -> None:
    """Take `node`, which is known to speak of `part`, into the card."""
    if part in (Part.CONDITIONS, Part.EXCLUDED):
        found = _conditions(node)
        kept = [one for one in found if one.quote.text]
        (draft.conditions if part is Part.CONDITIONS else draft.excluded).extend(kept)
        if part is Part.EXCLUDED:
            draft.excluded[:] = relaxed(draft.excluded, node.children)
        else:
            draft.conditions[:] = relaxed(draft.conditions, node.children)
    elif part is Part.OBJECTS:
        lines = [one for one in node.children if one.kind != PLAIN] or [node]
        draft.objects += [_quote(one) for one in lines if one.text]
    elif part is Part.STANDARDS:
        lead = [] if not node.text or _is_lead(node.text) else [node]
        draft.standards += [_quote(one) for one in (*lead, *node.children) if one.text]
    elif part is Part.WINDOW:
        _window(node, draft, sure=sure)
        return
    else:
        return
    draft.found(part, sure=sure)


def _conditions(node: Node) -> list[Condition]:
    members = [one for one in node.children if one.kind != PLAIN]
    if members:
        whole = condition(Node(node.kind, node.text, node.start, members))
        return (
            [whole] if whole.join.name == "ANY" and node.text and not _is_refused(node.text) else list(whole.children)
        )
    _lead, inside = listed(node.text, node.start)
    if inside:
        return [condition(one) for one in inside]
    parts = [part for one in sentences(node.text, node.start) for part in pieces(one.text, one.start, "；;。")]
    if len(parts) > 1 and any(re.match("或者?", one.text) for one in parts):
        return [condition(Node(PLAIN, "符合下列条件之一", node.start, parts))]
    # 转型后一年内注销的，退回奖励。 is one refusal with what follows from it.
    return [condition(one) for one in parts]


def _plain(node: Node, part: Part | None, draft: _Draft) -> None:
    """A line without a heading: each of its sentences goes where it belongs."""
    granted: list[Node] = []
    for one in sentences(node.text, node.start):
        words = _NOT_REFUSED.sub("", one.text)
        if _REFUSED.search(words) and not _is_lead(one.text):
            draft.excluded += [condition(piece) for piece in pieces(one.text, one.start, "；;。")]
            draft.found(Part.EXCLUDED, sure=False)
        elif (_SUM.search(one.text) and _GIVEN.search(one.text) and not _OBJECT.search(one.text)) or _HONOUR.match(
            one.text
        ):
            granted.append(one)
        elif _MUST.match(one.text) and draft.window is None and not window_in(one.text, one.start):
            draft.conditions += [condition(piece) for piece in pieces(one.text, one.start, "；;。")]
            draft.found(Part.CONDITIONS, sure=False)
        elif not draft.objects and _OBJECT.search(one.text) and not _APPLY.match(one.text):
            draft.objects.append(_quote(one))
            draft.found(Part.OBJECTS, sure=bool(re.search(r"适用|对象|面向", one.text)))
        elif _APPLY.search(one.text):
            _window(one, draft, sure=part is Part.WINDOW or "申报期" in one.text or "时间" in one.text)
    if granted:
        draft.standards.append(
            Quote(
                node.text[granted[0].start - node.start : granted[-1].end - node.start],
                granted[0].start,
                granted[-1].end,
            )
        )
        draft.found(Part.STANDARDS, sure=bool(re.search("标准|给予", node.text)))


def _leftovers(under: Sequence[Node], draft: _Draft) -> None:
    """Under a heading that is no part of the card (保障措施) only refusals count."""
    for child in under:
        for one in sentences(child.text, child.start):
            if _REFUSED.search(_NOT_REFUSED.sub("", one.text)):
                draft.excluded += [condition(piece) for piece in pieces(one.text, one.start, "；;。")]
                draft.found(Part.EXCLUDED, sure=False)


def _window(node: Node, draft: _Draft, *, sure: bool) -> None:
    if draft.window is not None and (draft.sure.get(Part.WINDOW) is Sureness.SURE or not sure):
        return
    lines = [node, *node.children]
    found = next((window for one in lines if (window := window_in(one.text, one.start))), None)
    if found is not None:
        draft.window = found
        draft.found(Part.WINDOW, sure=sure)


def _headed(node: Node) -> tuple[str, Node | None]:
    """The heading of a line and what follows it, None when the line is nothing else; "" for a line without one."""
    text = node.text
    if labelled := re.match(r"【([^】]{2,10})】[：:]?", text):
        rest = text[labelled.end() :]
        return labelled[1], Node(node.kind, rest, node.start + labelled.end()) if rest else None
    if len(text) <= _LONGEST_HEADING and not re.search(r"[。；，：:]", text) and node.kind != PLAIN:
        return text, None
    if text.endswith(("？", "?")):
        return text, None
    if found := re.match(r"([^。：:；，]{2,16})([：:。])(?=.)", text):
        known, part = _part_of(found[1])
        if known and (part is not None or found[2] == "。") and not (found[2] == "。" and len(found[1]) > 12):
            return found[1], Node(node.kind, text[found.end() :], node.start + found.end())
    return "", None


def _part_of(heading: str) -> tuple[bool, Part | None]:
    """Whether a heading is known, and its part; one that names two parts is not."""
    if re.search(r"对象.{0,3}条件|条件.{0,3}标准|对象.{0,3}标准", heading):
        return False, None
    for part, pattern in _HEADINGS:
        if pattern.search(heading):
            return True, part
    return False, None


def _is_lead(text: str) -> bool:
    return text.rstrip().endswith(("：", ":")) or (text.endswith("之一的") or text.endswith("的："))


def _is_refused(text: str) -> bool:
    return _REFUSED.search(text) is not None


def _quote(node: Node) -> Quote:
    return Quote(node.text, node.start, node.end)
