"""The web application: `build` makes it out of the parts it is handed.

The chat is a Gradio page; the others are rendered on the server and enlivened by small scripts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter, FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback
from assistant.conversations.next_questions import Offers
from assistant.conversations.runs import Answers, Runs
from assistant.conversations.stamps import utc_now
from assistant.conversations.turns import Turn
from assistant.study.diagnosis import Diagnoses
from assistant.study.lessons import Lessons
from assistant.study.notes import Notes
from assistant.study.outlines import Outlines
from assistant.study.papers import Papers
from assistant.study.plans import Plans, Readings
from assistant.study.policies import Policies
from assistant.study.question_bank import QuestionBank
from assistant.study.review import Reviews
from assistant.study.self_test import SelfTests
from assistant.understanding.scope import scope_of
from assistant.web import about, errors
from assistant.web.about import LanguageModel
from assistant.web.admin import desk
from assistant.web.admin import model as model_desk
from assistant.web.admin.documents import bulk, exchange, intake, listing, publishing
from assistant.web.admin.documents import document as document_desk
from assistant.web.admin.documents.parts import USUAL, Desk, Rules
from assistant.web.admin.model import Writing
from assistant.web.admin.questions.workbench import Questions, workbench
from assistant.web.admin.study import bringing_in, items, making, results
from assistant.web.admin.study import papers as paper_desk
from assistant.web.admin.study import plans as plan_desk
from assistant.web.admin.study import policies as policy_desk
from assistant.web.api import keys_page, openai_chat, rest
from assistant.web.api.programs import Programs
from assistant.web.chat import addresses
from assistant.web.chat.home_cards import HomeCards
from assistant.web.chat.validity_banner import Successors
from assistant.web.operating import health
from assistant.web.operating import metrics as counting
from assistant.web.operating.metrics import Metrics
from assistant.web.pages import Pages, static_route
from assistant.web.reader import document, library, revisions
from assistant.web.reader.places import Places
from assistant.web.reader.titles import Titles
from assistant.web.security import access, login, oidc, viewer
from assistant.web.security.access import Access
from assistant.web.security.guard import LOOPBACK, Guard
from assistant.web.security.oidc import Provider
from assistant.web.site import Site, local_user
from assistant.web.study import (
    changes,
    diagnosing,
    exporting,
    key_points,
    learning,
    notes,
    outlining,
    planning,
    policies,
    reviewing,
    sharing,
    testing,
)
from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.exchange import NOTHING, Carried
from knowledge.operations.upload_worker import Intake
from knowledge.retrieval.readers_view import ReadersView
from knowledge.retrieval.search import Scope
from knowledge.retrieval.situation_index import SituationIndex

__all__ = ["build"]


def build(
    *,
    answerer: Answers,
    knowledge_base: KnowledgeBase,
    conversations: Conversations,
    originals: Path | None = None,
    hosts: Collection[str] | None = LOOPBACK,
    reader: Callable[[Request], str] = local_user,
    accounts: Accounts | None = None,
    model: Callable[[], LanguageModel | None] = lambda: None,
    writing: Writing | None = None,
    workers: int = 4,
    today: Callable[[], date] = date.today,
    rules: Rules = USUAL,
    further: Mapping[str, tuple[str, Callable[[Pages], APIRouter]]] = MappingProxyType({}),
    carried: Carried = NOTHING,
    questions: Questions | None = None,
    programs: Programs | None = None,
    provider: Provider | None = None,
    situations: SituationIndex | None = None,
    now: Callable[[], datetime] = utc_now,
    metrics: Metrics | None = None,
    metrics_token: str = "",
    intake_works: bool = True,
) -> FastAPI:
    """The application, ready for uvicorn. It closes none of the parts it is handed.

    `answerer` answers each reader from what he may see (`ReadersAnswers`), and pages show him no more than that.
    `originals` is the folder of original files named by sha256; `hosts` the names under which browsers may address
    the server (None: any; only with accounts); `reader` names the user behind a request, unless `accounts` do;
    `model` is what 关于 says of the language model and `writing` how it is chosen (None: there is no page for that);
    `workers` answers are made at once; `rules` are for those who bring documents in; `further` pages of the desk, by
    address: what the way there is called, and what makes their routes, which check the reader themselves; `carried` goes along
    with an exported library; `questions` are what the desk's pages about questions work with (None: there are none of
    these pages); `programs` works for programs of others (None: there are no addresses for them);
    at `provider` people with accounts may log in too; `situations` tell how people put what the library holds, for
    what is offered after an answer; `now` is the time in UTC, by which study is dated; `metrics` are counted and told at `/metrics`, to
    other machines when they have `metrics_token`. Without `intake_works` another process reads the files that are brought in.
    """
    from assistant.web.chat.shell.mounting import mount  # with Gradio, which takes a second that no command pays for

    conversations.recover()
    kept = Notes(conversations, now), Outlines(conversations, now)
    for one in kept:
        one.forget_deleted()

    def where(turn: Turn) -> Scope:
        return scope_of(turn.within, turn.as_of, knowledge_base.published())

    metrics = metrics or Metrics()
    runs = Runs(answerer, conversations, where, workers=workers, told=metrics.answered)
    places = Places(knowledge_base)
    seen_by = programs.library if programs else None
    offers = Offers(answerer, conversations, knowledge_base, situations, seen_by)
    seen = ReadersView(knowledge_base, viewer.groups if accounts else lambda: None)
    site = Site(
        seen,
        conversations,
        Feedback(conversations),
        *kept,
        QuestionBank(conversations, knowledge_base, now, seen.hides),
        SelfTests(conversations, now),
        Reviews(conversations, now),
        Policies(conversations, now),
        Diagnoses(conversations, now),
        Plans(conversations, now),
        Readings(conversations, knowledge_base, now),
        Lessons(conversations, now),
        runs,
        offers,
        Successors(knowledge_base),
        Pages(
            [(path, name) for path, (name, _) in further.items()],
            provider.name if accounts and provider else "",
            places,
            Titles(seen),
        ),
        originals,
        access.reader if accounts else reader,
        today,
        now,
        HomeCards(accounts.settings) if accounts else None,
        accounts.school.of if accounts else (lambda _: None),
    )

    files = Intake(knowledge_base, hosts=rules.hosts, carried=carried)
    metrics.watch(runs, files.jobs)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if accounts:
            files.start(works=intake_works)
        yield
        if accounts:
            await run_in_threadpool(files.close)
        runs.close()
        offers.close()

    app = FastAPI(
        title="学思", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, lifespan=lifespan
    )
    if accounts:
        app.add_middleware(Access, accounts=accounts, pages=site.pages)
        app.include_router(login.routes(accounts, site.pages))
        app.include_router(keys_page.routes(accounts, site.pages))
        if provider:
            app.include_router(oidc.routes(accounts, site.pages, provider))
        if writing:
            app.include_router(model_desk.routes(accounts, knowledge_base.database, site.pages, writing))
        if questions:
            bench = workbench(accounts, knowledge_base, conversations, site.feedback, site.pages, questions)
            app.include_router(desk.routes(bench))
        for path, (_, routes) in further.items():
            app.include_router(routes(site.pages), prefix=path)
        about_documents = Desk(
            accounts, knowledge_base, files, site.pages, rules, questions.curated if questions else None
        )
        for part in (document_desk, bulk, listing, publishing, intake):
            app.include_router(part.routes(about_documents))
        app.include_router(exchange.routes(about_documents, carried))
        for study_desk in (bringing_in, making, items, policy_desk, plan_desk, results):
            app.include_router(study_desk.routes(accounts, site))
        app.include_router(paper_desk.routes(accounts, site, Papers(conversations, now)))
    larger = {
        intake.UPLOAD: rules.largest + 1,
        exchange.UPLOAD: exchange.LARGEST + 1,
        openai_chat.PATH: openai_chat.LARGEST,
        bringing_in.UPLOAD: bringing_in.LARGEST + (1 << 20),
    }
    app.add_middleware(Guard, hosts=hosts, larger=larger)
    if programs:
        app.include_router(rest.routes(programs, site.pages))
        app.include_router(openai_chat.routes(programs))
    app.router.routes.append(static_route())
    for subject in (
        addresses,
        document,
        revisions,
        notes,
        outlining,
        exporting,
        library,
        learning,
        testing,
        reviewing,
        sharing,
        policies,
        key_points,
        diagnosing,
        planning,
        changes,
    ):
        app.include_router(subject.routes(site))
    app.include_router(about.routes(site, model))
    app.include_router(health.routes(knowledge_base))
    app.include_router(counting.routes(metrics, metrics_token))
    errors.handle(app, site.pages, metrics.failed)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    mount(app, site)
    return app
