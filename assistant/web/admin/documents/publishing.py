"""Publishing what was brought in: one file after a look at its effects, a batch after a choice among its files."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from assistant.accounts.model import Role
from assistant.web.admin.documents.agreeing import agreed, ask
from assistant.web.admin.documents.choosing import Choice, Ticks, chosen, look
from assistant.web.admin.documents.parts import Desk, Form
from assistant.web.admin.questions.workbench import back as to
from assistant.web.security.access import allowed
from knowledge.errors import NotInLibrary
from knowledge.ingestion.report import Twin, named, sentences
from knowledge.metadata import suggested_topic
from knowledge.model import Document, Status, Sureness
from knowledge.operations.upload_queue import Job, JobState, publishable
from knowledge.storage.changes import Change, set_status, store


def routes(desk: Desk) -> APIRouter:
    """`/admin/intake/{job}/publish` and `/admin/intake/batches/{batch}/publish`, for trainers."""
    router = APIRouter(prefix="/admin/intake")
    trainer = Depends(allowed(desk.accounts, Role.TRAINER))
    library, intake = desk.knowledge_base, desk.intake

    @router.post("/{job_id}/publish")
    def publish(job_id: int, form: Form, actor: str = trainer) -> Response:
        """Publish what one job brought in, after a look at what that does."""
        documents = {one.id: one for one in library.documents()}
        wanted = to_publish([intake.jobs.get(job_id)], documents)
        if not wanted:
            raise NotInLibrary("这里没有等待发布的文件，可能已经发布；请刷新页面。")
        [job] = wanted
        document = documents[job.document_id or 0]
        if reason := _barred(desk, actor, job, document):
            return desk.pages.page("admin_refused.html", 403, message=reason, section="admin")
        held = intake.held_version(job) if job.state is JobState.HELD else None

        def apply(changing: Change) -> None:
            if held:
                store(changing, *held, Status.PUBLISHED)
            else:
                set_status(changing, document.id, Status.PUBLISHED)

        found = library.preview(apply)
        back = f"/admin/intake?batch={job.batch}"
        if not agreed(form, found):
            return ask(
                desk.pages,
                form,
                found,
                own=document.id,
                heading=f"发布《{document.card.title}》",
                action=f"/admin/intake/{job_id}/publish",
                back=back,
                changes=[("新版本", document.card.title, "换成新版本")] if held else (),
            )
        document = intake.publish(job.id) if held else library.publish(document.id)
        desk.accounts.note(actor, "发布文件", document.card.title, document=document.id, job=job.id)
        return to("/admin/intake", batch=job.batch, done=f"发布《{document.card.title}》")

    @router.post("/batches/{batch}/publish")
    def publish_batch(batch: str, form: Ticks, actor: str = trainer) -> Response:
        """Publish what a batch brought in, after a look at each file with its effects; doubtful ones can be left out."""
        documents = {one.id: one for one in library.documents()}
        jobs = {job.document_id or 0: job for job in to_publish(intake.jobs.listing(batch=batch), documents)}
        if not jobs:
            raise NotInLibrary("这里没有等待发布的文件，可能已经发布；请刷新页面。")
        barred = {number: _barred(desk, actor, job, documents[number]) for number, job in jobs.items()}
        if all(barred.values()):
            return desk.pages.page("admin_refused.html", 403, message=next(iter(barred.values())), section="admin")
        choices = [_choice(documents[number], job, barred[number]) for number, job in jobs.items()]
        held = {number: intake.held_version(job) for number, job in jobs.items() if job.state is JobState.HELD}

        def apply(changing: Change, own: Sequence[int]) -> None:
            for number in own:
                if number in held:
                    store(changing, *held[number], Status.PUBLISHED)
                else:
                    set_status(changing, number, Status.PUBLISHED)

        suggested = {
            one.id: suggested_topic(one.card.title, library.register)
            for one in documents.values()
            if one.id in jobs and not one.card.topic
        }
        back = f"/admin/intake?batch={batch}"
        seen = look(
            desk,
            form,
            chosen(choices, form),
            apply,
            heading=f"发布这一批的 {len(jobs)} 份文件",
            action=f"/admin/intake/batches/{batch}/publish",
            back=back,
            button="发布勾选的文件",
            option=("topics", "没有专题的，按名录归入专题") if any(suggested.values()) else None,
        )
        if isinstance(seen, Response):
            return seen
        agreed_to, found = seen
        for one in agreed_to:
            if "topics" in form.fields and suggested.get(one.id):
                library.set_card(one.id, topic=suggested[one.id])
            document = intake.publish(jobs[one.id].id) if one.id in held else library.publish(one.id)
            desk.accounts.note(actor, "发布文件", document.card.title, document=one.id, job=jobs[one.id].id)
        effects = list(sentences(found, None))
        desk.accounts.note(actor, "发布一批文件", f"{len(agreed_to)} 份", effects=effects)
        left = f"，{len(jobs) - len(agreed_to)} 份没有勾选，仍是草稿" if len(jobs) > len(agreed_to) else ""
        return to("/admin/intake", batch=batch, done=f"发布 {len(agreed_to)} 份{left}")

    return router


def to_publish(jobs: list[Job], documents: dict[int, Document]) -> list[Job]:
    """Jobs with something to publish: a held version, or a document that readers do not see; each document once."""
    seen: set[int] = set()
    wanted = []
    for job in publishable(jobs):
        document = documents.get(job.document_id or 0)
        if document is None or document.id in seen:
            continue
        if job.state is JobState.HELD or document.status is not Status.PUBLISHED:
            seen.add(document.id)
            wanted.append(job)
    return wanted


def copies(job: Job) -> list[Twin]:
    """Documents that a file may be a copy of. That another edition of the same text reads alike is no reason for doubt,
    unless it is word for word the same."""
    twins = job.report.twins if job.report else ()
    others = [one for one in twins if one.document_id != job.document_id]
    return [one for one in others if not one.same_series or _percent(one) == 100]


def _percent(twin: Twin) -> int:
    return round(twin.alike * 100)


def _choice(document: Document, job: Job, barred: str) -> Choice:
    """A file of a batch: left out to begin with when the library has its very words already."""
    report = job.report
    if report is None:
        return Choice(document, barred=barred)
    twins = copies(job)
    doubts = [f"疑似重复：与{named(one.title, one.edition)}有 {_percent(one)}% 的文字相同" for one in twins[:3]]
    unsure = [field.label for field in report.fields if field.sureness is Sureness.DOUBTFUL]
    if unsure:
        doubts.append(f"存疑：{'、'.join(unsure)}")
    if job.state is JobState.HELD:
        doubts.append("换成新版本")
    return Choice(document, tuple(doubts), all(_percent(one) < 100 for one in twins), barred)


def _barred(desk: Desk, actor: str, job: Job, document: Document) -> str:
    if job.state is JobState.HELD and desk.rules.second_person and job.actor == actor:
        return f"《{document.card.title}》的新版本是您导入的，按规定要由另一位教员核对后发布。"
    return desk.barred(actor, document) if job.state is not JobState.HELD else ""
