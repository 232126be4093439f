"""Files on their way into the library: one job for each, kept in the database, so that a restart forgets none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from knowledge.errors import NoSuchJob
from knowledge.ingestion.ingest import Company
from knowledge.ingestion.report import Report, report_from_json, report_json
from knowledge.storage.database import Database
from knowledge.storage.database.presence import Held
from knowledge.storage.schema import intake_job


class JobKind(StrEnum):
    """What is brought in."""

    FILE = "file"
    WEB = "web"  # a page, by its address
    LIBRARY = "library"  # an exported library, zipped


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"  # running, and somebody wants it to stop
    DONE = "done"
    HELD = "held"  # ready, but it would replace what readers see, and that is for a person to say
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"  # the program ended in the middle


_ANEW = {"state": JobState.QUEUED.value, "done": 0, "total": 0, "message": None, "finished_at": None}
OPEN = (JobState.QUEUED, JobState.RUNNING, JobState.STOPPING)
MOST_ATTEMPTS = 3  # of a job whose process ends each time: it may be the file that ends it
AGAIN = (JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Job:
    """One file. `name` is its path below the folder that was dragged in, or its web address; `done` of `total` passages
    have their vector; `outcome` as in `knowledge.ingestion.ingest.Outcome`; `attempts` says how often it was begun. Times are UTC."""

    id: int
    batch: str
    kind: JobKind
    name: str
    size: int
    actor: str
    state: JobState
    done: int
    total: int
    outcome: str | None
    document_id: int | None
    sha256: str | None
    message: str | None
    report: Report | None
    created_at: datetime
    finished_at: datetime | None
    attempts: int

    @property
    def source(self) -> str:
        """What the catalogue says the document came from."""
        return self.name if self.kind is JobKind.WEB else f"upload:{self.name}"


def waiting_for_a_person() -> sa.ScalarSelect[int]:
    """How many files are ready but for a person's word: a part of a statement that counts more."""
    held = intake_job.c.state == JobState.HELD.value
    return sa.select(sa.func.count()).select_from(intake_job).where(held).scalar_subquery()


class Jobs:
    """All jobs of one data folder. Safe to share between threads; methods that name a job raise NoSuchJob."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        batch: str,
        kind: JobKind,
        name: str,
        size: int,
        actor: str,
        put_in_place: Callable[[Job], None] = lambda _job: None,
    ) -> Job:
        """A new job at the end of the queue. Nobody can take it before `put_in_place` has brought its file to where it is
        looked for, which has to be quick: with SQLite everybody else who writes waits for it."""
        with self._database.write_rows() as connection:
            key = connection.execute(
                intake_job.insert().values(
                    batch=batch,
                    kind=kind.value,
                    name=name,
                    size=size,
                    actor=actor,
                    state=JobState.QUEUED.value,
                    done=0,
                    total=0,
                    created_at=_now(),
                )
            ).inserted_primary_key
            assert key is not None
            job = _one(connection, int(key[0]))
            put_in_place(job)
            return job

    def get(self, job_id: int) -> Job:
        with self._database.read() as connection:
            return _one(connection, job_id)

    def listing(self, *, batch: str | None = None, limit: int = 500) -> list[Job]:
        """The latest jobs, the latest first, or those of one batch in the order they came."""
        chosen = sa.select(intake_job)
        if batch is not None:
            chosen = chosen.where(intake_job.c.batch == batch).order_by(intake_job.c.id)
        else:
            chosen = chosen.order_by(intake_job.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [_job(row) for row in connection.execute(chosen)]

    def owner_of(self, batch: str) -> str | None:
        """Who brought in the batch; None for one that does not exist yet."""
        with self._database.read() as connection:
            chosen = sa.select(intake_job.c.actor).where(intake_job.c.batch == batch).limit(1)
            return connection.execute(chosen).scalar()

    def waiting(self) -> int:
        """How many jobs are not finished."""
        with self._database.read() as connection:
            chosen = sa.select(sa.func.count()).where(intake_job.c.state.in_([s.value for s in OPEN]))
            return int(connection.execute(chosen).scalar_one())

    def counts(self) -> dict[JobState, int]:
        """How many jobs are in each state; a state with none is not there."""
        with self._database.read() as connection:
            chosen = sa.select(intake_job.c.state, sa.func.count()).group_by(intake_job.c.state)
            return {JobState(state): int(count) for state, count in connection.execute(chosen)}

    def take_next(self) -> Job | None:
        """The first job of the queue, marked as running."""
        with self._database.write_rows() as connection:
            first = connection.execute(
                sa.select(intake_job.c.id)
                .where(intake_job.c.state == JobState.QUEUED.value)
                .order_by(intake_job.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)  # what another process is taking is not the first any more
            ).scalar()
            if first is None:
                return None
            self._database.presence.hold(_at(first))
            begun = {"state": JobState.RUNNING.value, "message": None, "finished_at": None}
            _set(connection, first, **begun, attempts=intake_job.c.attempts + 1)
            return _one(connection, first)

    def advance(self, job_id: int, done: int, total: int) -> JobState:
        """Note the progress of a running job; returns its state, which somebody may have changed."""
        with self._database.write_rows() as connection:
            _set(connection, job_id, done=done, total=total)
            return _one(connection, job_id).state

    def finish(
        self,
        job_id: int,
        state: JobState,
        *,
        outcome: str | None = None,
        document_id: int | None = None,
        sha256: str | None = None,
        message: str | None = None,
        report: Report | None = None,
    ) -> None:
        with self._database.write_rows() as connection:
            _set(
                connection,
                job_id,
                state=state.value,
                outcome=outcome,
                document_id=document_id,
                sha256=sha256,
                message=message,
                report=report_json(report) if report else None,
                finished_at=_now(),
            )
        self._database.presence.let_go(_at(job_id))

    def cancel(self, job_id: int) -> Job:
        """Take a job out of the queue; a running one stops at the next opportunity, what is finished stays as it is."""
        with self._database.write_rows() as connection:
            job = _one(connection, job_id, alone=True)
            if job.state in (JobState.QUEUED, JobState.HELD):
                _set(connection, job_id, state=JobState.CANCELLED.value, finished_at=_now())
            elif job.state is JobState.RUNNING:
                _set(connection, job_id, state=JobState.STOPPING.value)
            return _one(connection, job_id)

    def retry(self, job_id: int) -> Job:
        """Put a job that failed, was cancelled or interrupted into the queue again; others stay as they are."""
        with self._database.write_rows() as connection:
            if _one(connection, job_id, alone=True).state in AGAIN:
                _set(connection, job_id, **_ANEW, attempts=0)
            return _one(connection, job_id)

    def recover(self) -> int:
        """To be called when the program starts, and where several processes work now and then: put the jobs that one which
        is no more was in the middle of into the queue again, but cancel those that were to stop, and give up those that
        were begun MOST_ATTEMPTS times. Returns how many there were."""
        begun = intake_job.c.state.in_([JobState.RUNNING.value, JobState.STOPPING.value])
        with self._database.read() as connection:
            running, held = (
                connection.execute(sa.select(intake_job.c.id).where(begun)).scalars().all(),
                Held(connection),
            )
        lost = [job_id for job_id in running if _at(job_id) not in held]
        if lost:
            with self._database.write_rows() as connection:
                for job_id in lost:
                    job = _one(connection, job_id, alone=True)
                    if job.state not in (JobState.RUNNING, JobState.STOPPING) or _at(job_id) in Held(connection):
                        continue  # meanwhile another process has put it back, or taken it
                    again = job.state is JobState.RUNNING and job.attempts < MOST_ATTEMPTS
                    _set(connection, job_id, **(_ANEW if again else _given_up(job)))
        return len(lost)

    def company(self, job: Job) -> Company:
        """The other files of the batch: none of them is a version of another."""
        others = [other for other in self.listing(batch=job.batch) if other.id != job.id]
        documents = {other.document_id for other in others if other.document_id is not None}
        return Company(documents, {other.source for other in others})

    def bringers(self, document_id: int, sha256: str) -> set[str]:
        """Who brought in this very text of a document."""
        with self._database.read() as connection:
            chosen = sa.select(intake_job.c.actor).where(
                intake_job.c.document_id == document_id,
                intake_job.c.sha256 == sha256,
                intake_job.c.outcome.in_(["new", "updated"]),
            )
            return set(connection.execute(chosen).scalars())


def _one(connection: sa.Connection, job_id: int, *, alone: bool = False) -> Job:
    """With `alone` nobody else changes the job until the transaction ends."""
    found = sa.select(intake_job).where(intake_job.c.id == job_id)
    row = connection.execute(found.with_for_update() if alone else found).one_or_none()
    if row is None:
        raise NoSuchJob(f"没有编号为 {job_id} 的导入任务，请刷新页面。")
    return _job(row)


def _job(row: sa.Row[tuple[Any, ...]]) -> Job:
    values = {**row._mapping}
    values["kind"], values["state"] = JobKind(row.kind), JobState(row.state)
    values["report"] = report_from_json(row.report) if row.report else None
    return Job(**values)


def _given_up(job: Job) -> dict[str, object]:
    if job.state is JobState.STOPPING:
        state, message = JobState.CANCELLED, "已取消，什么都没有存下。"
    else:
        state, message = JobState.INTERRUPTED, f"处理了 {job.attempts} 次，每次程序都中途停止，没有再试；可以重试。"
    return {"state": state.value, "message": message, "finished_at": _now()}


def _at(job_id: int) -> str:
    return f"job {job_id}"


def _set(connection: sa.Connection, job_id: int, **values: object) -> None:
    connection.execute(intake_job.update().where(intake_job.c.id == job_id).values(**values))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def publishable(jobs: Sequence[Job]) -> list[Job]:
    """Those of `jobs` whose document or new version waits for somebody to publish it."""
    return [
        job
        for job in jobs
        if job.state is JobState.HELD
        or (job.state is JobState.DONE and job.document_id is not None and job.outcome in ("new", "updated"))
    ]
