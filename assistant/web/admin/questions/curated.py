"""审定答案: making, changing and removing the answers that trainers chose for questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.answering.editions import edition_in_words
from assistant.answering.sentences import units
from assistant.curated_answers.answers import Quote
from assistant.curated_answers.still_valid import quote_at, standing
from assistant.errors import AssistantError, DeskError, InvalidEntry
from assistant.understanding.question import LONGEST_QUESTION
from assistant.verification.formulations import flaws
from assistant.web.admin.questions.workbench import Fields, Form, Workbench, back
from assistant.web.security.access import allowed
from knowledge.errors import KnowledgeError
from knowledge.model import Hit, Validity
from knowledge.text.masking import mask

FOUND = 8  # passages offered to choose from


@dataclass(frozen=True, slots=True)
class Offered:
    """A sentence that can be ticked. `value` is what the form sends: document, start, end."""

    value: str
    text: str
    place: str
    ticked: bool


def routes(bench: Workbench) -> APIRouter:
    """`/admin/curated`."""
    trainer = allowed(bench.accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/curated", dependencies=[Depends(trainer)])
    kb = bench.knowledge_base

    def edit(
        answer_id: int | None,
        questions: Sequence[str],
        lead: str,
        quotes: Sequence[Quote],
        words: str,
        status: int = 200,
        error: str = "",
        reasons: Sequence[str] = (),
    ) -> HTMLResponse:
        hits: Sequence[Hit] = ()
        if words.strip():
            try:
                _, rankings = bench.live.now.searched(words[:LONGEST_QUESTION])
                hits = [
                    hit for ranking in rankings for hit in ranking.hits if hit.document.validity is Validity.IN_FORCE
                ]
            except AssistantError as wrong:
                error = error or str(wrong)
        return bench.page(
            "admin_curated_edit.html",
            status,
            answer_id=answer_id,
            questions=questions,
            lead=lead,
            chosen=[_chosen(quote, kb.document_of_version(quote.version_id).card.title) for quote in quotes],
            offers=[_offers(hit, quotes) for hit in hits[:FOUND]],
            words=words,
            error=error,
            reasons=reasons,
        )

    def read(form: Fields) -> tuple[list[str], str, list[Quote]]:
        questions = [mask(line.strip()) for line in form.one("questions").splitlines() if line.strip()]
        quotes = [quote_at(kb, *_numbers(value)) for value in dict.fromkeys(form.all("quote"))]
        return questions, mask(form.one("lead").strip()), quotes

    @router.get("")
    def every() -> HTMLResponse:
        formulations = bench.lists.formulations
        found = [(answer, standing(answer, kb, formulations)) for answer in bench.curated.every()]
        return bench.page("admin_curated.html", answers=found)

    @router.get("/new")
    def new(q: str = "", words: str = "") -> HTMLResponse:
        return edit(None, [mask(q)] if q else [], "", (), words or q)

    @router.get("/{curated_id}")
    def one(curated_id: int, words: str = "") -> HTMLResponse:
        answer = bench.curated.get(curated_id)
        stands = standing(answer, kb, bench.lists.formulations)
        quotes = [quote_at(kb, place.document.id, place.start, place.end) for place in stands.placed]
        return edit(
            curated_id, answer.questions, answer.lead, quotes, words or answer.questions[0], reasons=stands.reasons
        )

    @router.post("/save")
    def save(form: Form, actor: str = Depends(trainer)) -> Response:
        number = form.one("id")
        curated_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
        questions: list[str] = []
        quotes: list[Quote] = []
        lead = ""
        try:
            questions, lead, quotes = read(form)
            if form.one("do") == "search":
                return edit(curated_id, questions, lead, quotes, form.one("words"))
            if found := flaws(lead, bench.lists.formulations):
                raise InvalidEntry(f"导语里{'；'.join(found)}，请改正。")
            kept = bench.curated.put(actor, questions, quotes, kb.encoder, lead=lead, curated_id=curated_id)
        except (DeskError, KnowledgeError) as error:
            return edit(curated_id, questions, lead, quotes, form.one("words"), 400, str(error))
        bench.accounts.note(actor, "保存审定答案", kept.questions[0], id=kept.id)
        return back("/admin/curated")

    @router.post("/{curated_id}/remove")
    def remove(curated_id: int, actor: str = Depends(trainer)) -> Response:
        gone = bench.curated.remove(curated_id)
        bench.accounts.note(actor, "删去审定答案", gone.questions[0], id=gone.id)
        return back("/admin/curated")

    return router


def _value(document_id: int, start: int, end: int) -> str:
    return f"{document_id}:{start}:{end}"


def _numbers(value: str) -> tuple[int, int, int]:
    """What a ticked sentence sent. Raises InvalidEntry."""
    parts = value.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts):
        raise InvalidEntry("勾选的引文不完整，请刷新页面后重新勾选。")
    return int(parts[0]), int(parts[1]), int(parts[2])


def _chosen(quote: Quote, title: str) -> Offered:
    return Offered(_value(quote.document_id, quote.start, quote.end), quote.text, f"《{title}》{quote.address}", True)


def _offers(hit: Hit, chosen: Sequence[Quote]) -> tuple[str, list[Offered]]:
    """The place of a passage and its sentences, without those that are chosen already."""
    taken = {(quote.document_id, quote.start, quote.end) for quote in chosen}
    edition = f"（{edition_in_words(hit.document.card.edition)}）" if hit.document.card.edition else ""
    place = f"《{hit.document.card.title}》{edition}{hit.passage.address}"
    whole = (hit.passage.start, hit.passage.end)
    sentences = [(unit.start, unit.end) for unit in units(hit.passage.text, hit.passage.start)]
    spans = [*([whole] if len(sentences) > 1 else []), *sentences]
    offers = [
        Offered(
            _value(hit.document.id, start, end),
            "整条" if (start, end) == whole and len(sentences) > 1 else _cut(hit, start, end),
            place,
            False,
        )
        for start, end in spans
        if (hit.document.id, start, end) not in taken
    ]
    return place, offers


def _cut(hit: Hit, start: int, end: int) -> str:
    return hit.passage.text[start - hit.passage.start : end - hit.passage.start]
