"""可能相关: whole provisions that may well be the answer where no sentence was judged to give it.

Whether there are any is `Verdict.near` in `answerability.judge`; here is what is shown of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assistant.answering import notices
from assistant.answering.answerability import Verdict
from assistant.answering.draft import Draft
from assistant.answering.extract import said
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from knowledge.model import Hit

PROVISIONS: Final = 3
TOGETHER: Final = 600  # characters; the first provision is shown whatever its length
REMARK: Final = "下面的规定可能回答这个问题，也可能只是相近，请对照原文判断。"
#: What is said first where somebody asks how his own case will end.
OF_A_PERSON: Final = (
    "具体个人、具体事情怎样认定和处理，由有管理权限的机关调查后依规依纪依法决定，本系统不作判断；"
    "下面的规定可能适用，请对照原文。"
)


def possible(question: Question, hits: Sequence[Hit], verdict: Verdict, remark: str = REMARK) -> Composed:
    """The best provisions of `hits`, each whole, after a `remark`; a known document that the library lacks is named beside
    them."""
    draft = Draft()
    draft.note(remark)
    for hit in hits:
        if draft.citations and (said(draft, hit) or draft.length + len(hit.passage.text) > TOGETHER):
            continue
        every = question.units(hit, labelled=True)
        if all(unit.heading for unit in every):
            continue
        draft.quote(hit.passage, hit.document, every)
        if len({citation.passage_id for citation in draft.citations}) == PROVISIONS:
            break
    told = (notices.elsewhere(verdict.missing.title),) if verdict.missing else ()
    return Composed(draft, verdict.probability, notices=told, verdict=verdict, possible=True)
