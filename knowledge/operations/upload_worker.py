"""Works through the jobs of files that trainers bring in: read, compare, embed, store as draft. Nothing goes live here."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from knowledge.errors import KnowledgeError, NoSuchJob, ReadingError, UnsafeFile
from knowledge.ingestion.duplicates import Twins, known_as_is, known_document
from knowledge.ingestion.ingest import Added, Step, sentence_for
from knowledge.ingestion.reading.process import Stopped, shared
from knowledge.ingestion.report import Report, fields_of, member, read_as, sentences, structure_of
from knowledge.ingestion.unpacking import handed_out, outcome
from knowledge.ingestion.versions import fitted
from knowledge.ingestion.webpage import check_host, fetch
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.validity import series_key
from knowledge.model import Document, Status
from knowledge.operations.card_file import CARD_SUFFIX
from knowledge.operations.exchange import NOTHING, Carried, import_folder
from knowledge.operations.packing import unpack
from knowledge.operations.upload_queue import Job, JobKind, Jobs, JobState
from knowledge.operations.upload_turn import Turn
from knowledge.operations.waiting_files import WaitingFiles
from knowledge.parsing.loaders import check_name, is_archive
from knowledge.parsing.loaders.packages.archive import carries
from knowledge.parsing.loaders.safety import check_beginning
from knowledge.storage.changes import set_status, store
from knowledge.storage.new_version import NewVersion
from knowledge.storage.originals import sha256_of
from knowledge.storage.vectors import embed_ahead

MOST_WAITING: Final = 3000
_BEGINNING: Final = 2048  # bytes by which the type of a file is told
_IDLE_SECONDS: Final = 0.5
_ARRIVING_SECONDS: Final = 3600.0  # longer than an upload to another process takes
_log = logging.getLogger(__name__)


class _Stopped(Exception):
    """Somebody has cancelled the job that is running."""


class Intake:
    """The queue of one data folder and the thread that works through it."""

    def __init__(self, library: KnowledgeBase, *, hosts: Collection[str] = (), carried: Carried = NOTHING) -> None:
        """`hosts` are the names from which web pages may be fetched (with all names below them); `carried` goes along
        with a whole library."""
        self.jobs = Jobs(library.database)
        self._library = library
        self._hosts = tuple(hosts)
        self._carried = carried
        self._twins = Twins(library.database)
        self._files = WaitingFiles(library.data)
        self._stop = threading.Event()
        self._news = threading.Event()
        self._thread: threading.Thread | None = None
        self._turn = Turn(library.data, alone=library.database.is_file)

    def start(self, *, works: bool = True, receives: bool = True) -> None:
        """Delete what was cut off on its way in. Where this process `works`, take up what a former one left in the middle, and
        begin; with SQLite that waits while another process works. `receives`: files come in through this process."""
        at_once = receives and self._library.database.is_file  # nobody else could be receiving one
        self._files.drop_halves(0.0 if at_once else _ARRIVING_SECONDS)
        if not works:
            return
        self._thread = threading.Thread(target=self._work, name="intake", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop working; the next start takes up the job under way."""
        self._stop.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self._turn.leave()

    def receive(self, file: Path, batch: str, name: str, actor: str, kind: JobKind = JobKind.FILE) -> Job:
        """Queue a file that has arrived in the data folder; it is moved away. Raises ReadingError for what can be refused
        at once."""
        self._room()
        shown = PurePosixPath(name).name
        if kind is JobKind.FILE:
            if not is_archive(shown):
                check_name(shown)
            with file.open("rb") as opened:
                check_beginning(opened.read(_BEGINNING), shown)
        job = self.jobs.add(batch, kind, name, file.stat().st_size, actor, lambda job: self._files.put(file, job))
        self._news.set()
        return job

    def request(self, address: str, batch: str, actor: str) -> Job:
        """Queue a web page. Raises ReadingError when its host is not on the list."""
        self._room()
        check_host(address, self._hosts)
        job = self.jobs.add(batch, JobKind.WEB, address, 0, actor)
        self._news.set()
        return job

    def retry(self, job_id: int) -> Job:
        """Queue a job again. Raises NoSuchJob when its file is no longer kept."""
        job = self.jobs.get(job_id)
        if job.kind is not JobKind.WEB and not self._files.place(job).is_file():
            raise NoSuchJob(f"《{job.name}》的文件已不在，请重新上传。")
        job = self.jobs.retry(job_id)
        self._news.set()
        return job

    def cancel(self, job_id: int) -> Job:
        return self.jobs.cancel(job_id)

    def publish(self, job_id: int) -> Document:
        """Put a held version before the readers. Raises NoSuchJob when the job holds none."""
        job = self.jobs.get(job_id)
        if job.state is not JobState.HELD:
            raise NoSuchJob("这项任务没有待发布的新版本，请刷新页面。")
        file = self._files.incoming(job)
        file = replace(file, status=Status.PUBLISHED, prepared=self._files.understood(job, file, sha256_of(file.path)))
        [added] = self._library.take_in([file], company=self.jobs.company(job))
        if added.document_id is None:
            raise ReadingError(added.error or "新版本没有存下，请重试。")
        self._finish(job, added, job.report, job.sha256)
        self._files.forget(job)
        return self._library.document(added.document_id)

    def held_version(self, job: Job) -> tuple[NewVersion, int]:
        """The version that a held job would put before the readers, and its document. Raises NoSuchJob."""
        if job.state is not JobState.HELD or job.document_id is None or job.sha256 is None:
            raise NoSuchJob("这项任务没有待发布的新版本，请刷新页面。")
        new = self._files.understood(job, self._files.incoming(job), job.sha256)
        with self._library.database.read() as connection:
            return fitted(connection, new, job.document_id), job.document_id

    # The worker

    def _work(self) -> None:
        begun = False
        while not self._stop.is_set():
            try:
                if not self._turn.taken():
                    self._stop.wait(_IDLE_SECONDS)
                    continue
                if not begun:
                    self.jobs.recover()
                    begun = True
                job = self.jobs.take_next()
                if job is None and not self._library.database.is_file:
                    self.jobs.recover()  # of a process that is no more
            except KnowledgeError:
                _log.exception("导入队列读不了，稍后重试")
                job = None
            if job is None:
                self._news.wait(_IDLE_SECONDS)
                self._news.clear()
                continue
            self._deal_with(job)

    def _deal_with(self, job: Job) -> None:
        try:
            if job.kind is JobKind.LIBRARY:
                self._take_library(job)
            elif carries(job.name) and job.kind is JobKind.FILE:
                self._take_carried(job)
            else:
                if job.kind is JobKind.WEB:
                    self._fetch(job)
                self._take_in(job)
        except (_Stopped, Stopped):
            if self._stop.is_set():
                return  # the next start takes it up again
            self.jobs.finish(job.id, JobState.CANCELLED, message="已取消，什么都没有存下。")
        except Exception as error:  # whatever a parser stumbles over: this job fails, the others go on
            if not isinstance(error, KnowledgeError):
                _log.exception("导入任务 %s 失败", job.id)
            self.jobs.finish(job.id, JobState.FAILED, message=sentence_for(PurePosixPath(job.name).name, error))

    def _take_in(self, job: Job) -> None:
        library, file = self._library, self._files.incoming(job)
        digest, company = sha256_of(file.path), self.jobs.company(job)
        with library.database.read() as connection:
            known = known_as_is(connection, file.source, digest)
        new = plain = self._files.understood(job, file, digest, lambda: self._is_unwanted(job))
        if known is None:
            with library.database.read() as connection:
                taken, claimed = set(company.documents), {*company.sources, file.source}
                target = known_document(
                    connection, file.source, file.file_name, new.card, new.text, taken=taken, claimed=claimed
                )
                new = fitted(connection, new, target)
            texts = {passage.text_hash: passage.indexed for passage in new.passages}
            embed_ahead(library.database, library.encoder, texts, lambda done, total: self._advance(job, done, total))
            if target is not None and library.document(target).status is Status.PUBLISHED:
                report = self._report(new, target, held=True)
                self.jobs.finish(
                    job.id, JobState.HELD, outcome="updated", document_id=target, sha256=digest, report=report
                )
                return
        [added] = library.take_in([replace(file, prepared=plain)], company=company)
        if added.document_id is None:
            raise ReadingError(added.error or f"《{file.file_name}》没有存下，请重试。")
        self._finish(job, added, self._report(new, added.document_id, held=False), digest)
        self._files.forget(job)

    def _take_carried(self, job: Job) -> None:
        """Queue the files of an archive or a letter, each as a job of its own in the same batch."""
        place = self._files.place(job)

        def queue(file: Path, inner: str) -> None:
            self._advance(job, 0, 0)
            self.receive(file, job.batch, f"{job.name}/{inner}", job.actor)

        contents = shared().unpacked(
            place, place.parent / "contents", PurePosixPath(job.name).name, lambda: self._is_unwanted(job)
        )
        queued, left = handed_out(contents, queue)
        if contents.is_document:
            return self._take_in(job)
        self.jobs.finish(job.id, JobState.DONE, message=outcome(queued, left))
        self._files.forget(job)

    def _take_library(self, job: Job) -> None:
        """Take in an exported library, with cards, status and what is carried along."""
        place = self._files.place(job)
        folder = place.parent / "library"
        shutil.rmtree(folder, ignore_errors=True)
        unpack(place, folder)
        tops = [folder, *(one for one in folder.iterdir() if one.is_dir())]
        top = next((one for one in tops if any(one.glob(f"*{CARD_SUFFIX}"))), folder)

        def on_progress(step: Step) -> None:
            self._advance(job, step.done, step.total)

        results = import_folder(self._library, top, on_progress, self._carried)
        failed = [added.error for added in results if added.error]
        counts = {name: sum(added.status == name for added in results) for name in ("new", "updated", "unchanged")}
        message = f"新增 {counts['new']} 份，更新 {counts['updated']} 份，没有变化 {counts['unchanged']} 份"
        message += f"，失败 {len(failed)} 份：{'；'.join(failed[:5])}" if failed else "。"
        self.jobs.finish(job.id, JobState.DONE, message=message)
        self._files.forget(job)

    def _finish(self, job: Job, added: Added, report: Report | None, sha256: str | None) -> None:
        self.jobs.finish(
            job.id,
            JobState.DONE,
            outcome=added.status,
            document_id=added.document_id,
            sha256=sha256,
            message="；".join(added.notes) if added.status == "unchanged" and added.notes else None,
            report=report,
        )

    def _advance(self, job: Job, done: int, total: int) -> None:
        if self._stop.is_set() or self.jobs.advance(job.id, done, total) is JobState.STOPPING:
            raise _Stopped

    def _is_unwanted(self, job: Job) -> bool:
        return self._stop.is_set() or self.jobs.get(job.id).state is JobState.STOPPING

    def _report(self, new: NewVersion, document_id: int, *, held: bool) -> Report:
        library = self._library
        document = library.document(document_id)
        if held:
            found = library.preview(lambda change: store(change, new, document_id, Status.PUBLISHED))
        elif document.status is Status.PUBLISHED:
            found = None
        else:
            found = library.preview(lambda change: set_status(change, document_id, Status.PUBLISHED))
        series = document.series if not held else series_key(new.card.title)
        every = library.documents()
        return Report(
            title=new.card.title if held else document.card.title,
            read_as=read_as(new),
            structure=structure_of(new),
            characters=len(new.text),
            articles=new.outline.articles,
            passages=len(new.passages),
            fields=fields_of(new),
            notes=new.notes,
            twins=tuple(self._twins.find(new.text, series, document_id)),
            members=tuple(member(one) for one in every if one.series == series and one.id != document_id),
            effects=sentences(found, document_id) if found else (),
        )

    def _fetch(self, job: Job) -> None:
        self._files.forget(job)
        place = self._files.place(job).parent
        place.mkdir(parents=True)
        fetch(job.name, place, hosts=self._hosts)

    def _room(self) -> None:
        if self.jobs.waiting() >= MOST_WAITING:
            raise UnsafeFile(f"已有 {MOST_WAITING} 个文件在排队，请等一部分处理完再上传。")
