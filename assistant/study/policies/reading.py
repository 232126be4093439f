"""Reads a policy card from the text: by the heading of a part where there is one, else by what a sentence says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.study.policies.bodies import offices_in, phones_in
from assistant.study.policies.card import Condition, Join, Part, PolicyCard, Quote, Window
from assistant.study.policies.conditions import (
    condition,
    demanded,
    one_is_enough,
    relaxed,
    relaxed_by_list,
    relaxes,
    settled,
    whose,
)
from assistant.study.policies.layout import PLAIN, Node, listed, pieces, sentences, tree
from assistant.study.policies.windows import window_in
from assistant.study.policies.wording import (
    APPLY,
    APPLY_TIME,
    DEFINED,
    EXEMPT,
    HOW_PAID,
    LEAD,
    LISTS,
    MUST,
    OBJECT,
    PAID,
    PUNISHES,
    REFERS,
    demands,
    grants,
    has_sum,
    headed,
    is_lead,
    leads_to_refusals,
    paid_out,
    part_of,
    refuses,
)
from knowledge.model import Sureness


@dataclass(slots=True)
class _Draft:
    objects: list[Quote] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    excluded: list[Condition] = field(default_factory=list)
    standards: list[Quote] = field(default_factory=list)
    defined: list[Quote] = field(default_factory=list)  # 本办法所称…是指, where no line names the objects
    penalties: list[Condition] = field(default_factory=list)  # where no line says who may not apply
    window: Window | None = None
    sure: dict[Part, Sureness] = field(default_factory=dict)
    one_is_enough: frozenset[int] = (
        frozenset()
    )  # where the words of articles begin that another article calls 第四条规定的条件之一

    def found(self, part: Part, *, sure: bool) -> None:
        if sure or part not in self.sure:
            self.sure[part] = Sureness.SURE if sure else Sureness.DOUBTFUL


def read_card(
    text: str, start: int = 0, end: int | None = None, issuer: str | None = None, below: int | None = None
) -> PolicyCard:
    """The card of the policy that stands in `text` from `start` to `end`; a telephone may stand under it, down to `below`. `issuer`
    is taken for the unit in charge where the text names none. A sentence goes to one part only; what no rule knows goes to none."""
    draft = _Draft(one_is_enough=one_is_enough(text, start, end))
    for node in tree(text[start:end], start):
        _walk(node, None, draft)
    if not draft.objects and draft.defined:
        draft.objects = draft.defined
        draft.found(Part.OBJECTS, sure=False)
    if not draft.excluded and draft.penalties:
        draft.excluded = draft.penalties
        draft.found(Part.EXCLUDED, sure=False)
    offices = offices_in(text, start, end, issuer)
    phones = phones_in(text, start, end if below is None else below)
    if offices.unit:
        draft.found(Part.UNIT, sure=offices.stated)
    if offices.decides:
        draft.found(Part.DECIDES, sure=True)
    if phones:
        draft.found(Part.PHONE, sure=True)
    return PolicyCard(
        tuple(draft.objects),
        settled(draft.conditions),
        tuple(draft.excluded),
        tuple(draft.standards),
        draft.window,
        offices.unit,
        offices.decides,
        phones,
        tuple(draft.sure.items()),
    )


def _walk(node: Node, part: Part | None, draft: _Draft) -> None:
    heading, body = headed(node)
    if heading:
        known, own = part_of(heading)
        part = own if known else None
        if part is Part.CONDITIONS and "条件" not in heading and draft.conditions:
            part = Part.WINDOW  # 申报要求 after 申报条件 tells how
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
    if part is None and node.children and is_lead(node.text) and relaxes(node):
        eased = relaxed_by_list(draft.conditions, node)
        if eased != draft.conditions:
            draft.conditions = eased
            return
    refused = leads_to_refusals(node.text)
    if part is None and node.children and (is_lead(node.text) or (refused and LISTS.search(node.text))):
        if refused or LEAD.search(node.text):
            _content(Part.EXCLUDED if refused else Part.CONDITIONS, node, draft, sure=True)
            return
        if PAID.search(node.text):
            _content(Part.STANDARDS, node, draft, sure=True)
            return
    _plain(node, part, draft)
    for child in node.children:
        _walk(child, part, draft)


def _section(part: Part, under: Sequence[Node], draft: _Draft) -> None:
    """What stands under a heading of its own: a line that leads to a list, or the list, or plain lines."""
    leads = [one for one in under if one.kind == PLAIN and is_lead(one.text)]
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
        read = _conditions(node, one_is_enough=node.start in draft.one_is_enough)
        found = relaxed([one for one in read if one.quote.text], node.children)
        if part is Part.EXCLUDED:
            draft.excluded += found
        else:
            draft.conditions += _grouped(node, found)
            for line in node.children:
                if line.kind == PLAIN and line.children:
                    _walk(line, None, draft)
                elif line.kind == PLAIN and not relaxes(line):
                    draft.conditions += demanded(line)
    elif part is Part.OBJECTS:
        lines = [one for one in node.children if one.kind != PLAIN] or [node]
        for line in lines:
            parts = sentences(line.text, line.start)
            refused = [one for one in parts if refuses(one.text)]
            for one in refused:
                _refusals(one, draft)
            draft.objects += [_quote(one) for one in (parts if refused else [line]) if one.text and one not in refused]
    elif part is Part.STANDARDS:
        lead = [] if not node.text or is_lead(node.text) else [node]
        for one in (*lead, *node.children):
            if refuses(one.text) and not has_sum(one.text):
                draft.excluded.append(condition(one))
                draft.found(Part.EXCLUDED, sure=False)
            elif one.text and not HOW_PAID.search(one.text) and not paid_out(one.text):
                draft.standards.append(_quote(one))
    elif part is Part.WINDOW:
        _window(node, draft, sure=sure)
        return
    else:
        return
    draft.found(part, sure=sure)


def _conditions(node: Node, *, one_is_enough: bool = False) -> list[Condition]:
    members = [one for one in node.children if one.kind != PLAIN]
    if members:
        whole = condition(Node(node.kind, node.text, node.start, members))
        if one_is_enough:
            return [replace(whole, join=Join.ANY)]
        together = whole.join is Join.ALL or not node.text or leads_to_refusals(node.text)
        return list(whole.children) if together else [whole]
    _lead, inside = listed(node.text, node.start)
    if inside:
        return [condition(one) for one in inside]
    parts = [part for one in sentences(node.text, node.start) for part in pieces(one.text, one.start, "；;。")]
    if len(parts) > 1 and any(re.match("或者?", one.text) for one in parts):
        return [condition(Node(PLAIN, "符合下列条件之一", node.start, parts))]
    # 转型后一年内注销的，退回奖励。 is one refusal with what follows from it.
    return [condition(one) for one in parts]


def _grouped(node: Node, found: list[Condition]) -> list[Condition]:
    """`found` as one group when the line that leads to them names those whom they are for (研制企业申请奖励，应当…)."""
    own = len(found) == 1 and found[0].quote.start == node.start
    if own or not whose(node.text) or not any(one.kind != PLAIN for one in node.children):
        return found
    lead = node.text.rstrip("；;。， 　")
    return [Condition(Quote(lead, node.start, node.start + len(lead)), Join.ALL, tuple(found), whose=whose(node.text))]


def _plain(node: Node, part: Part | None, draft: _Draft) -> None:
    """A line without a heading: each of its sentences goes where it belongs."""
    granted: list[Node] = []
    for one in sentences(node.text, node.start):
        if refuses(one.text) and not is_lead(one.text):
            _refusals(one, draft)
        elif draft.conditions and not draft.standards and demands(one.text, draft.objects):
            draft.conditions += demanded(one)
        elif grants(one.text):
            granted.append(one)
        elif draft.conditions and EXEMPT.search(one.text):
            draft.conditions[-1] = replace(draft.conditions[-1], exception=one.text.rstrip("。"))
        elif (
            MUST.match(one.text)
            and not REFERS.search(one.text)
            and draft.window is None
            and not window_in(one.text, one.start)
        ):
            draft.conditions += [condition(piece) for piece in pieces(one.text, one.start, "；;。")]
            draft.found(Part.CONDITIONS, sure=False)
        elif not draft.objects and OBJECT.search(one.text) and not APPLY.match(one.text):
            draft.objects.append(_quote(one))
            draft.found(Part.OBJECTS, sure=bool(re.search(r"适用|对象|面向", one.text)))
        elif DEFINED.match(one.text):
            draft.defined.append(_quote(one))
        elif APPLY.search(one.text):
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
    """Under a heading that is no part of the card (保障措施) only refusals and the named time of applying count."""
    for child in under:
        for one in sentences(child.text, child.start):
            if refuses(one.text):
                _refusals(one, draft)
            elif APPLY_TIME.search(one.text):
                _window(one, draft, sure=True)


def _refusals(sentence: Node, draft: _Draft) -> None:
    """The pieces of a sentence that refuse, with those before them that end in 的 (`…的；…的，不予补助`)."""
    for piece in pieces(sentence.text, sentence.start, "；;。"):
        if not refuses(piece.text) and not piece.text.endswith("的"):
            continue
        if PUNISHES.search(piece.text):
            draft.penalties.append(condition(piece))
        else:
            draft.excluded.append(condition(piece))
            draft.found(Part.EXCLUDED, sure=False)


def _window(node: Node, draft: _Draft, *, sure: bool) -> None:
    if draft.window is not None and (draft.sure.get(Part.WINDOW) is Sureness.SURE or not sure):
        return
    lines = [node, *node.children]
    found = next((window for one in lines if (window := window_in(one.text, one.start))), None)
    if found is not None:
        draft.window = found
        draft.found(Part.WINDOW, sure=sure)


def _quote(node: Node) -> Quote:
    return Quote(node.text, node.start, node.end)
