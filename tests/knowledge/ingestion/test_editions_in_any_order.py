"""Editions of one text brought in in any order make one series, in the right order, with one of them in force."""

from __future__ import annotations

import random
import time
from datetime import date
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from small_library import open_library, write

from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import Document, Validity
from knowledge.operations.upload_queue import JobState
from knowledge.operations.upload_worker import Intake
from knowledge.parsing.comparison import Change, Revision, revision

OFFICIAL = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "official" / "party"
YEARS = ("1997", "2015", "2018", "2023")
DAYS = {"1997": "1997年2月1日", "2015": "2016年1月1日", "2018": "2018年10月1日", "2023": "2024年1月1日"}
SUBJECTS = ("借书", "还书", "赔偿", "催还", "装订")


def edition(year: str) -> str:
    """Each edition has one article more than the one before, put in first, and a longer time to report in."""
    number = YEARS.index(year) + 2
    articles = [f"{subject}由阅览室负责登记，并在{number}个工作日内报告馆长。" for subject in SUBJECTS[:number][::-1]]
    articles.append(f"本条例自{DAYS[year]}起施行。")
    numbered = [f"第{'一二三四五六七'[i]}条　{words}" for i, words in enumerate(articles)]
    return "\n\n".join(["图书管理条例", f"（{year}年1月20日某馆发布）", *numbered])


def bring_one_by_one(library: KnowledgeBase, files: list[Path]) -> None:
    """Each file is brought in, published, and only then the next one comes."""
    intake = Intake(library)
    intake.start()
    for place, path in enumerate(files):
        copy = library.data / "arriving"
        copy.write_bytes(path.read_bytes())
        job = intake.receive(copy, f"{place:016x}", path.name, "teacher")
        until = time.monotonic() + 60
        while (done := intake.jobs.get(job.id)).state not in (JobState.DONE, JobState.HELD, JobState.FAILED):
            assert time.monotonic() < until
            time.sleep(0.02)
        assert (done.state, done.outcome) == (JobState.DONE, "new"), done.message
        library.publish(done.document_id or 0)
    intake.close()


def compared(library: KnowledgeBase, old: Document, new: Document) -> Revision:
    return revision(
        library.text(old.version_id),
        library.outline(old.version_id),
        library.text(new.version_id),
        library.outline(new.version_id),
    )


def assert_one_series(library: KnowledgeBase) -> list[Document]:
    held = library.documents()
    assert len({document.series for document in held}) == 1
    assert [document.card.edition for document in held] == list(YEARS)
    assert [document.validity for document in held] == [Validity.REVISED] * 3 + [Validity.IN_FORCE]
    assert {held[2].id: Validity.IN_FORCE, held[3].id: Validity.NOT_YET}.items() <= library.validities_on(
        date(2023, 12, 31)
    ).items()
    return held


@pytest.mark.parametrize("order", list(permutations(YEARS)), ids="-".join)
def test_made_up_editions_in_every_order(tmp_path: Path, order: tuple[str, ...]) -> None:
    library = open_library(tmp_path / "data")
    bring_one_by_one(library, [write(tmp_path, f"图书管理条例({year}).txt", edition(year)) for year in order])
    held = assert_one_series(library)
    for old, new in pairwise(held):
        found = compared(library, old, new)
        assert found.count(Change.ADDED) == 1
        assert found.count(Change.DELETED) == 0
        first = next(pair for pair in found.pairs if pair.change is Change.ADDED)
        assert first.new is not None
        assert first.new.label == "第一条"
    library.close()


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="../shared 不在")
@pytest.mark.parametrize("seed", range(4))
def test_real_editions_in_random_order(tmp_path: Path, seed: int) -> None:
    files = sorted(OFFICIAL.glob("中国共产党纪律处分条例(*).md"))
    assert len(files) == 4
    random.Random(seed).shuffle(files)
    library = open_library(tmp_path / "data", register=Register.load())
    bring_one_by_one(library, files)
    held = assert_one_series(library)
    assert [document.articles for document in held] == [172, 133, 142, 158]
    found = compared(library, held[2], held[3])
    # Its issuer said: 16 articles put in, 76 changed.
    assert found.count(Change.ADDED) == 16
    assert abs(found.count(Change.CHANGED) - 76) <= 2
    library.close()
