"""What can be asked of every text: since when it is in force, whom it concerns, what for, and who interprets it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.answering.draft import Draft
from assistant.answering.editions import asked_for
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from assistant.answering.sentences import units
from assistant.understanding.named_documents import Named
from knowledge.model import Document, Passage
from knowledge.text.normalise import searchable

ENDS: Final = 8  # passages at the beginning and at the end of a text
REST: Final = 4  # characters of a question that may say something else

_SINCE = re.compile(
    r"(?:从|自|打)?(?:何时|什么时候|什么时间|哪一?[天年日]|几时|多会儿)(?:开始|起)?(?:正式)?(?:施行|实施|生效|执行|算数?|作数|起用)|"
    r"(?:施行|实施|生效|执行)(?:的)?(?:日期|时间)|(?:从|自|打)(?:何时|什么时候|哪一?天)起"
)
_WHOM = re.compile(
    r"适用(?:于)?(?:哪些|什么|谁|何)(?:样的?)?(?:人员?|单位|对象|范围|机关|情形)?|适用(?:的)?(?:范围|对象)|对(?:谁|哪些人|什么人)适用|管(?:的是)?(?:谁|哪些人|什么人)"
)
_WHAT_FOR = re.compile(
    r"(?:制定|出台|立法|印发)?(?:的)?(?:目的|宗旨|初衷)|为(?:什么|何|啥)(?:要)?(?:制定|出台|立)|为了什么(?:制定|出台)?"
)
_BY_WHOM = re.compile(r"由?(?:谁|哪个(?:部门|单位|机关)|什么(?:部门|单位|机关))(?:来|负责)?解释|解释权")
_FILLING = re.compile(
    r"请问|这[部个份]?|那[部个份]|该|现在|现行|去年|今年|新[版出修]?|修过|改过|之后|以后|有问题|用|的|是|有|什么|哪些|在|归|属于?|多少|谁|呢|吗|啊|"
    r"[规条]?例?规定|正式|我国|里|中|数|《|》|\W"
)

_CLAUSE_END = re.compile(r"[，,；;。？?！!]")
#: What is asked, the sentence that says it, whether it stands at the beginning of a text.
_ASKED = (
    (_SINCE, re.compile(r"(?:自|从|于).{0,24}(?:起)?(?:施行|实施|生效|执行)|施行日期|发布之日起|公布之日起"), False),
    (_BY_WHOM, re.compile(r"解释"), False),
    (_WHOM, re.compile(r"适用(?:于|本)|本[^，。]{1,6}所称"), True),
    (_WHAT_FOR, re.compile(r"为了?.{4,}(?:制定|特制定|根据)|目的|^为"), True),
)


def about_text(question: Question, named: Named) -> Composed | None:
    """The sentence of the text called by its name that says so; None when something else is asked or nothing says it."""
    rest = _beside(named, searchable(question.text))
    document = asked_for(named, question.understood)
    if document is None:
        return None
    for asked, says, first in _ASKED:
        if asked.search(rest) and len(_FILLING.sub("", asked.sub("", rest))) <= REST:
            passages = question.kb.passages(document.version_id)
            looked_at = passages[:ENDS] if first else passages[-ENDS:][::-1]
            found = _quoted(document, looked_at, says, count=2 if asked is _WHOM else 1)
            if found is not None:
                return Composed(found, 0.9)
            if not first and asked is _SINCE and (found := _quoted(document, passages[:1], says)):
                return Composed(found, 0.9)
    return None


def _beside(named: Named, plain: str) -> str:
    """The rest of the clause that names the text: what another clause asks (之前的案子按哪个) is another matter."""
    before = _CLAUSE_END.split(plain[: named.start])[-1]
    after = _CLAUSE_END.split(plain[named.end :])[0]
    return f"{before} {after}"


def purpose(document: Document, passages: Sequence[Passage]) -> Draft | None:
    """The sentence that says what a text was made for; None when there is none."""
    _, says, _ = _ASKED[-1]
    return _quoted(document, passages[:ENDS], says)


def _quoted(document: Document, passages: Sequence[Passage], says: re.Pattern[str], count: int = 1) -> Draft | None:
    draft = Draft()
    for passage in passages:
        every = units(passage.text, passage.start)
        chosen = [unit for unit in every if says.search(unit.text)]
        if chosen:
            lead = [every[unit.lead] for unit in chosen[:1] if unit.lead is not None]
            draft.quote(passage, document, [*lead, chosen[0]])
        if len(draft.citations) == count:
            break
    return draft if draft.citations else None
