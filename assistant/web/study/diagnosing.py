"""自我诊断: fifteen statements, then what the speech of the library says to do, documents and questions to begin with. Nothing is
kept unless the reader asks, and no page of the desk shows any of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.errors import InvalidEntry
from assistant.study.diagnosis import (
    SCALE,
    STATEMENTS,
    Block,
    Kept,
    Level,
    Measure,
    answers_in,
    levels,
    measures_in,
    picked,
    speech_in,
)
from assistant.study.plans import Task, Wanted
from assistant.web.chat.home import entrances
from assistant.web.site import Site
from knowledge.model import Document, Validity

DOCUMENTS = 4  # to begin with
QUESTIONS = 2  # to begin with, of a block
SHARED = 5.0  # BM25 of a passage that has words of the subject; without any, nearness alone says little
#: What to look for on a block beside the words of its measures.
SUBJECTS = {
    Block.ABLE: "干部教育培训 提高本领 挂职 交流",
    Block.DARE: "容错纠错 三个区分开来 不予追究责任 澄清",
    Block.WILL: "激励担当作为 奖励 考核结果 工资福利 晋升",
}


@dataclass(frozen=True, slots=True)
class Start:
    """A document to begin with, at the passage that was found, and the words of that passage."""

    document: Document
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the page of a result shows. `speech` is None where the library has no such text."""

    standing: dict[Block, Level]
    speech: Document | None
    measures: list[Measure]
    starts: list[Start]
    questions: list[str]


def routes(site: Site) -> APIRouter:
    """`/study/diagnosis`."""
    router = APIRouter(prefix="/study/diagnosis")
    library = site.knowledge_base

    def outcome(letters: str) -> Outcome:
        answers = answers_in(letters)
        standing = levels(answers)
        speech = speech_in(library)
        measures = picked(measures_in(library, speech), answers, standing) if speech else []
        leading = [block for place, (block, level) in enumerate(standing.items()) if not place or level is Level.HIGH]
        starts = _starts(leading, measures, speech)
        asked = {one.topic: one.questions for one in entrances(library)}
        questions = [question for block in leading[:2] for question in asked.get(str(block), ())[:QUESTIONS]]
        return Outcome(standing, speech, measures, starts, questions)

    def _starts(leading: list[Block], measures: list[Measure], speech: Document | None) -> list[Start]:
        """Documents in force that the search finds on the blocks, those with the block as their topic first."""
        found: dict[int, Start] = {}
        for block in leading[:2]:
            words = " ".join(one.words for one in measures if one.block is block)
            for hit in library.search(f"{SUBJECTS[block]} {words}", 30):
                document = hit.document
                fits = document.validity is Validity.IN_FORCE and (speech is None or document.series != speech.series)
                if fits and hit.lexical >= SHARED and document.id not in found:
                    passage = hit.passage
                    found[document.id] = Start(document, passage.start, passage.end, passage.text)
        topics = {str(block) for block in leading}
        return sorted(found.values(), key=lambda one: one.document.card.topic not in topics)[:DOCUMENTS]

    def page(error: str = "", given: dict[int, str] | None = None, user: str = "") -> HTMLResponse:
        return site.pages.page(
            "diagnosis.html",
            400 if error else 200,
            statements=STATEMENTS,
            scale=SCALE,
            given=given or {},
            error=error,
            kept=site.diagnoses.listing(user),
            section="study",
        )

    def told(letters: str, kept: Kept | None = None) -> HTMLResponse:
        return site.pages.page(
            "diagnosis_result.html", outcome=outcome(letters), letters=letters, kept=kept, section="study"
        )

    @router.get("")
    def begin(request: Request) -> HTMLResponse:
        return page(user=site.reader(request))

    @router.post("")
    async def answer(request: Request) -> HTMLResponse:
        """Fields s0, s1, …: the answers. Nothing is kept."""
        sent = await request.form()
        given = {number: str(sent.get(f"s{number}", "")) for number in range(len(STATEMENTS))}
        try:
            return told("".join(one or "-" for one in given.values()))
        except InvalidEntry as error:
            return page(str(error), given, site.reader(request))

    @router.post("/keep")
    def keep(request: Request, answers: Annotated[str, Form()]) -> RedirectResponse:
        made = site.diagnoses.keep(site.reader(request), answers)
        return RedirectResponse(f"/study/diagnosis/kept/{made.id}", 303)

    @router.get("/kept/{diagnosis_id}")
    def kept(request: Request, diagnosis_id: str) -> Response:
        found = site.diagnoses.get(site.reader(request), diagnosis_id)
        return told(found.answers, found)

    @router.post("/kept/{diagnosis_id}/forget")
    def forget(request: Request, diagnosis_id: str) -> RedirectResponse:
        site.diagnoses.forget(site.reader(request), diagnosis_id)
        return RedirectResponse("/study/diagnosis", 303)

    @router.post("/plan")
    def plan(request: Request, answers: Annotated[str, Form()]) -> RedirectResponse:
        """A plan of the reader's own: the documents to read, the questions to ask, the measures to talk about."""
        user = site.reader(request)
        found = outcome(answers)
        steps = [Wanted(Task.READ, document_id=one.document.id) for one in found.starts[:3]]
        steps += [Wanted(Task.ASK, words=question) for question in found.questions[:2]]
        having = {document for document, _, _ in site.bank.documents()}
        steps += [
            Wanted(Task.TEST, document_id=one.document.id) for one in found.starts[:2] if one.document.id in having
        ]
        steps += [Wanted(Task.DISCUSS, words=f"结合自己的工作谈“{one.words}”") for one in found.measures[:1]]
        leading = next(iter(found.standing))
        made = site.plans.add(user, f"从“{leading}”入手", user, steps)
        return RedirectResponse(f"/study/plans/{made.id}", 303)

    return router
