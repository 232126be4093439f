"""Files that trainers bring in: a job each, a report each, and nothing before the readers until somebody publishes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from small_library import HashEncoder, open_library, regulation, write

from knowledge.errors import NoSuchJob, ReadingError, UnsafeFile, UnsupportedFormat
from knowledge.ingestion.reading.process import ReadingProcess
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Status, Sureness, Validity
from knowledge.operations.upload_queue import MOST_ATTEMPTS, Job, JobState, publishable
from knowledge.operations.upload_worker import Intake
from knowledge.operations.waiting_files import WaitingFiles

EDITION_2018 = regulation("阅览室管理办法", ["借书", "还书"], edition="2018", effective_on="2018-03-01")
EDITION_2023 = regulation("阅览室管理办法", ["借书", "还书", "赔偿"], edition="2023", effective_on="2023-03-01")
PATIENCE = 20.0


@pytest.fixture
def intake(library: KnowledgeBase) -> Iterator[Intake]:
    made = Intake(library)
    made.start()
    yield made
    made.close()


def bring(intake: Intake, folder: Path, name: str, text: str, batch: str = "b1", actor: str = "teacher") -> Job:
    return intake.receive(write(folder / "arriving", "upload.tmp", text), batch, name, actor)


def settled(intake: Intake, job: Job) -> Job:
    until = time.monotonic() + PATIENCE
    while intake.jobs.get(job.id).state in (JobState.QUEUED, JobState.RUNNING, JobState.STOPPING):
        assert time.monotonic() < until, "the job does not end"
        time.sleep(0.02)
    return intake.jobs.get(job.id)


def test_whoever_takes_a_job_finds_its_file(library: KnowledgeBase, tmp_path: Path) -> None:
    intake, files, found = Intake(library), WaitingFiles(library.data), []

    def take() -> None:
        until = time.monotonic() + PATIENCE
        while len(found) < 40 and time.monotonic() < until:
            if job := intake.jobs.take_next():
                found.append(files.place(job).is_file())

    taking = threading.Thread(target=take)
    taking.start()
    for number in range(40):
        bring(intake, tmp_path, f"{number}.md", EDITION_2018)
    taking.join()
    assert found == [True] * 40


def test_a_file_becomes_a_draft_with_a_report(library: KnowledgeBase, intake: Intake, tmp_path: Path) -> None:
    text = EDITION_2018.replace("第二条", "![图](a.png)\n\n| 项目 | 数量 |\n|---|---|\n| 书 | 3 |\n\n第二条")
    job = settled(intake, bring(intake, tmp_path, "规章/阅览室管理办法.md", text))
    assert (job.state, job.outcome) == (JobState.DONE, "new")
    assert job.document_id is not None
    assert library.document(job.document_id).status is Status.DRAFT
    assert library.published() == ()
    report = job.report
    assert report is not None
    assert (report.read_as, report.structure, report.articles) == ("Markdown 文本", "2 条", 2)
    assert {f.name: f.sureness for f in report.fields}["edition"] is Sureness.SURE
    assert {f.name: f.sureness for f in report.fields}["doc_no"] is Sureness.MISSING
    assert any("图片" in note for note in report.notes)
    assert any("表格" in note for note in report.notes)
    assert report.effects == ("本文件学员可以查到，时效是现行有效。",)


def test_the_report_says_which_series_a_file_joins_and_what_publishing_it_changes(
    library: KnowledgeBase, intake: Intake, tmp_path: Path
) -> None:
    library.add([write(tmp_path, "旧.md", EDITION_2018)], publish=True)
    job = settled(intake, bring(intake, tmp_path, "新.md", EDITION_2023))
    assert job.report is not None
    assert [(one.title, one.edition, one.validity) for one in job.report.members] == [
        ("阅览室管理办法", "2018", Validity.IN_FORCE)
    ]
    assert "《阅览室管理办法》2018年版由现行有效变为已被修订。" in job.report.effects
    assert library.document(1).validity is Validity.IN_FORCE  # a preview changes nothing
    library.publish(job.document_id or 0)
    assert library.document(1).validity is Validity.REVISED


def test_a_text_of_the_future_is_said_to_take_over_on_its_day(
    library: KnowledgeBase, intake: Intake, tmp_path: Path
) -> None:
    library.add([write(tmp_path, "旧.md", EDITION_2018)], publish=True)
    future = regulation("阅览室管理办法", ["借书", "还书"], edition="2026", effective_on="2026-09-01")
    job = settled(intake, bring(intake, tmp_path, "新.md", future))
    assert job.report is not None
    assert job.report.effects == (
        "本文件学员可以查到，时效是尚未施行。",
        "2026-09-01 起，《阅览室管理办法》2018年版由现行有效变为已被修订。",
        "2026-09-01 起，本文件由尚未施行变为现行有效。",
    )


def test_exact_and_near_duplicates_are_named(library: KnowledgeBase, intake: Intake, tmp_path: Path) -> None:
    first = settled(intake, bring(intake, tmp_path, "甲.md", EDITION_2018))
    same = settled(intake, bring(intake, tmp_path, "抄件.md", EDITION_2018, batch="b2"))
    assert (same.outcome, same.document_id) == ("unchanged", first.document_id)
    near = regulation("期刊室管理办法", ["借书", "还书"], edition="2018")
    job = settled(intake, bring(intake, tmp_path, "乙.md", near, batch="b3"))
    assert job.outcome == "new"
    assert job.report is not None
    [twin] = job.report.twins
    assert (twin.document_id, twin.same_series) == (first.document_id, False)
    assert twin.alike > 0.6
    other = settled(intake, bring(intake, tmp_path, "丙.md", "# 防火须知\n\n第一条　书库里严禁吸烟。\n", batch="b4"))
    assert other.report is not None
    assert other.report.twins == ()


def test_a_new_version_of_a_published_text_waits_for_a_person(
    library: KnowledgeBase, intake: Intake, tmp_path: Path
) -> None:
    library.add([write(tmp_path, "a.md", EDITION_2018)], publish=True)
    before = library.document(1)
    changed = EDITION_2018.replace("五个工作日", "三个工作日")
    job = settled(intake, bring(intake, tmp_path, "a.md", changed))
    assert (job.state, job.document_id) == (JobState.HELD, 1)
    assert library.document(1) == before
    published = intake.publish(job.id)
    assert "三个工作日" in library.text(published.version_id)
    assert published.status is Status.PUBLISHED
    assert intake.jobs.get(job.id).state is JobState.DONE
    with pytest.raises(NoSuchJob):
        intake.publish(job.id)


def test_two_files_of_one_batch_never_become_versions_of_each_other(
    library: KnowledgeBase, intake: Intake, tmp_path: Path
) -> None:
    jobs = [
        bring(intake, tmp_path, "law/a.md", EDITION_2018),
        bring(intake, tmp_path, "party/b.md", EDITION_2018.replace("五个工作日", "三个工作日")),
    ]
    assert [settled(intake, job).outcome for job in jobs] == ["new", "new"]
    assert len(publishable(intake.jobs.listing(batch="b1"))) == 2


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.docx", b"MZ this is a program", UnsafeFile),
        ("a.pdf", b"PK\x03\x04zip", UnsafeFile),
        ("a.exe", b"MZ", UnsupportedFormat),
        ("a.md", b"", ReadingError),
        ("没有扩展名", b"x", UnsupportedFormat),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_before_it_is_queued(
    intake: Intake, tmp_path: Path, name: str, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "upload.tmp"
    path.write_bytes(content)
    with pytest.raises(error, match=name):
        intake.receive(path, "b1", name, "teacher")
    assert intake.jobs.listing() == []


def test_a_file_that_cannot_be_read_fails_alone_and_can_be_tried_again(intake: Intake, tmp_path: Path) -> None:
    path = tmp_path / "upload.tmp"
    path.write_bytes(b"PK\x03\x04 broken")
    broken = intake.receive(path, "b1", "坏的.docx", "teacher")
    good = bring(intake, tmp_path, "好的.md", EDITION_2018)
    assert settled(intake, good).state is JobState.DONE
    failed = settled(intake, broken)
    assert failed.state is JobState.FAILED
    assert "坏的.docx" in (failed.message or "")
    assert settled(intake, intake.retry(broken.id)).state is JobState.FAILED
    with pytest.raises(NoSuchJob):
        intake.retry(good.id)


class SlowEncoder(HashEncoder):
    """Takes its time, so that a job can be stopped in the middle."""

    def embed_documents(self, texts):  # type: ignore[no-untyped-def]
        time.sleep(0.05)
        return super().embed_documents(texts)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data", SlowEncoder())
    yield made
    made.close()


def long_text() -> str:
    return "# 书目\n\n" + "\n\n".join(f"第{n}条　第{n}类图书由阅览室登记。" for n in range(1, 400))


def reached(intake: Intake, job: Job, passages: int) -> None:
    until = time.monotonic() + PATIENCE
    while intake.jobs.get(job.id).done < passages:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_running_job_tells_its_progress_and_can_be_cancelled(slow: KnowledgeBase, tmp_path: Path) -> None:
    intake = Intake(slow)
    intake.start()
    running, queued = bring(intake, tmp_path, "长.md", long_text()), bring(intake, tmp_path, "短.md", EDITION_2018)
    reached(intake, running, 8)
    assert intake.jobs.get(running.id).total == 399
    assert intake.cancel(queued.id).state is JobState.CANCELLED
    intake.cancel(running.id)
    assert settled(intake, running).state is JobState.CANCELLED
    assert slow.documents() == []
    assert settled(intake, intake.retry(queued.id)).state is JobState.DONE
    intake.close()


def test_a_restart_forgets_no_job_and_takes_up_what_was_cut_off(slow: KnowledgeBase, tmp_path: Path) -> None:
    intake = Intake(slow)
    intake.start()
    running, queued = bring(intake, tmp_path, "长.md", long_text()), bring(intake, tmp_path, "短.md", EDITION_2018)
    reached(intake, running, 8)
    intake.close()
    assert intake.jobs.get(running.id).state is JobState.RUNNING
    again = Intake(slow)
    again.start()
    taken_up = settled(again, running)
    assert (taken_up.state, taken_up.outcome, taken_up.attempts) == (JobState.DONE, "new", 2)
    assert settled(again, queued).state is JobState.DONE
    again.close()


def test_a_job_that_ends_its_process_each_time_is_given_up(library: KnowledgeBase, tmp_path: Path) -> None:
    jobs = Intake(library).jobs
    job = bring(Intake(library), tmp_path, "甲.md", EDITION_2018)
    for _ in range(MOST_ATTEMPTS):
        assert jobs.get(job.id).state is JobState.QUEUED
        assert jobs.take_next()
        library.database.presence.close()  # as if this process were no more
        deadline = time.monotonic() + 30  # PostgreSQL notices a moment later that a connection has ended
        while (recovered := jobs.recover()) == 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert recovered == 1
    given_up = jobs.get(job.id)
    assert given_up.state is JobState.INTERRUPTED
    assert "重试" in (given_up.message or "")
    assert jobs.take_next() is None
    assert jobs.retry(job.id).attempts == 0


def test_a_job_that_was_to_stop_is_not_taken_up_again(library: KnowledgeBase, tmp_path: Path) -> None:
    jobs = Intake(library).jobs
    job = bring(Intake(library), tmp_path, "甲.md", EDITION_2018)
    assert jobs.take_next()
    jobs.cancel(job.id)
    library.database.presence.close()
    assert jobs.recover() == 1
    assert jobs.get(job.id).state is JobState.CANCELLED


def test_who_brought_in_a_text_is_known(library: KnowledgeBase, intake: Intake, tmp_path: Path) -> None:
    job = settled(intake, bring(intake, tmp_path, "甲.md", EDITION_2018, actor="teacher"))
    settled(intake, bring(intake, tmp_path, "甲.md", EDITION_2018, batch="b2", actor="other"))
    document = library.document(job.document_id or 0)
    assert intake.jobs.bringers(document.id, document.sha256) == {"teacher"}


def test_a_page_of_a_host_that_is_not_listed_is_refused(library: KnowledgeBase) -> None:
    intake = Intake(library, hosts=("example.org",))
    for address in (
        "https://evil.example/a.html",
        "https://example.org.evil.example/",
        "ftp://example.org/a",
        "http://[::1",
    ):
        with pytest.raises(ReadingError):
            intake.request(address, "b1", "root1")
    assert intake.request("https://www.example.org/a.html", "b1", "root1").name == "https://www.example.org/a.html"


@contextmanager
def counting_reads() -> Iterator[list[str]]:
    """The names of the files that are read, in this thread and in those that begin meanwhile."""
    names: list[str] = []

    def watch(frame: FrameType, event: str, _value: object) -> None:
        if event == "call" and frame.f_code is ReadingProcess.understood.__code__:
            names.append(frame.f_locals["file"].file_name)

    threading.setprofile(watch)
    sys.setprofile(watch)
    try:
        yield names
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def test_a_file_is_read_once_from_its_arrival_to_its_publication(library: KnowledgeBase, tmp_path: Path) -> None:
    with counting_reads() as names:
        intake = Intake(library)
        intake.start()
        first = settled(intake, bring(intake, tmp_path, "甲.md", EDITION_2018))
        assert (first.state, names) == (JobState.DONE, ["甲.md"])
        library.publish(first.document_id or 0)
        changed = EDITION_2018.replace("五个工作日", "三个工作日")
        second = settled(intake, bring(intake, tmp_path, "甲.md", changed, batch="b2"))
        assert second.state is JobState.HELD
        new, document_id = intake.held_version(second)
        assert "三个工作日" in new.text
        assert intake.publish(second.id).id == document_id == first.document_id
        intake.close()
    assert names == ["甲.md", "甲.md"]
    assert "三个工作日" in library.text(library.document(document_id).version_id)


def test_what_waits_for_publication_is_read_again_after_a_restart(library: KnowledgeBase, tmp_path: Path) -> None:
    library.add([write(tmp_path, "甲.md", EDITION_2018)], publish=True)
    before = Intake(library)
    before.start()
    changed = EDITION_2018.replace("五个工作日", "三个工作日")
    waiting = settled(before, bring(before, tmp_path, "甲.md", changed))
    before.close()
    assert waiting.state is JobState.HELD
    with counting_reads() as names:
        assert Intake(library).publish(waiting.id).id == waiting.document_id
    assert names == ["甲.md"]
