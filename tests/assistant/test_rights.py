"""A document kept to a department or a class is found, quoted and named by its readers only: inside the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from small_library import HashEncoder, open_library, regulation, write

from assistant.answerer import Answerer
from assistant.curation.reloading import LiveAnswerer, ReadersAnswers
from assistant.model import Answer, Finished
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.exchange import export, import_folder
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.readers_view import Groups, ReadersView
from knowledge.retrieval.search import CANDIDATES, Scope

WORK = ["登记", "报告", "盖章", "值班", "巡查", "采购", "维修", "接待", "培训", "考核"]
THINGS = ["钥匙", "印章", "档案", "车辆", "图书", "设备", "门票", "表格", "证件", "经费"]
READERS: dict[str, Groups] = {"甲": frozenset({"人事处"}), "乙": frozenset({"财务处"}), "外": frozenset(), "教员": None}


@dataclass
class House:
    """A library with texts of two departments and of nobody in particular, and who answers from it."""

    library: KnowledgeBase
    answers: ReadersAnswers
    owners: dict[int, str]  # by document id; "" is everybody's

    def ask(self, reader: str, question: str) -> Answer:
        events = self.answers.stream(question, reader=reader)
        return next(event.answer for event in events if isinstance(event, Finished))

    def seen(self, reader: str, question: str) -> set[str]:
        """Whose texts the search gives `reader`, and his answer quotes or names."""
        library, answerer = self.answers.of(reader)
        hits = [*library.search(question), *answerer.found(question)]
        answer = self.ask(reader, question)
        nearest = answer.refusal.nearest if answer.refusal else ()
        ids = [hit.document.id for hit in hits] + [one.document.id for one in (*answer.citations, *nearest)]
        ids += [notice.document for notice in answer.notices if notice.document]
        return {self.owners[one] for one in ids}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("rights")
    encoder = HashEncoder()
    library = open_library(folder / "data", encoder)
    owners = {}
    for owner in ("人事处", "财务处", ""):
        for number, work in enumerate(WORK):
            title = f"{owner or '全馆'}{work}管理办法"
            path = write(folder, f"{owner}{number}.md", regulation(title, [f"{work}{thing}" for thing in THINGS[:9]]))
            (added,) = library.add([path], publish=True)
            assert added.document_id is not None
            owners[added.document_id] = owner
            if owner:
                library.set_card(added.document_id, audience=owner)
    live = LiveAnswerer(lambda: Answerer(library, library.register, Lexicon.load()), lambda: 0)
    yield House(library, ReadersAnswers(live, library, lambda reader: READERS[reader]), owners)
    library.close()


@pytest.mark.parametrize("reader", list(READERS))
def test_a_follow_up_is_told_by_what_its_reader_may_see(house: House, reader: str) -> None:
    library, answerer = house.answers.of(reader)
    for question in ("人事处登记钥匙", "财务处报告印章"):
        best = answerer.searcher.search(question, 1)[0]
        assert best.document.id in {document.id for document in library.published()}
        assert answerer.follow_ups.leaning(question, question, question).alone == best.score


def test_a_thousand_questions_of_two_departments_show_no_passage_of_the_other(house: House) -> None:
    shown: dict[str, set[str]] = {"甲": set(), "乙": set()}
    asked = 0
    for reader in shown:
        for owner in ("人事处", "财务处", "全馆", ""):
            for work in WORK:
                for thing in THINGS:
                    asked += 1
                    question = f"{owner}{work}{thing}由谁负责" if asked % 2 else f"《{owner}{work}管理办法》第三条"
                    shown[reader] |= house.seen(reader, question) if asked % 8 == 0 else _cheap(house, reader, question)
    for reader in ("甲", "乙", "外"):
        for number in range(100):
            asked += 1
            question = f"{WORK[number % 10]}{THINGS[number // 10]}怎么办"
            shown[reader] = shown.get(reader, set()) | _cheap(house, reader, question)
    assert asked >= 1000
    assert shown == {"甲": {"人事处", ""}, "乙": {"财务处", ""}, "外": {""}}


def _cheap(house: House, reader: str, question: str) -> set[str]:
    library, _ = house.answers.of(reader)
    return {house.owners[hit.document.id] for hit in library.search(question)}


def test_who_may_see_everything_does(house: House) -> None:
    assert house.seen("教员", "人事处登记钥匙由谁负责") >= {"人事处"}


def test_no_place_among_the_best_is_lost_to_what_a_reader_may_not_see(house: House, tmp_path: Path) -> None:
    """More passages of another department than a search looks at stand nearer to the question."""
    library = open_library(tmp_path / "data")
    many = "\n\n".join(f"第{number}条　登记钥匙由人事处负责，登记钥匙。" for number in _numerals(CANDIDATES + 50))
    hidden = library.add([write(tmp_path, "hidden.md", f"# 人事处钥匙办法\n\n{many}\n")], publish=True)[0]
    library.add([write(tmp_path, "seen.md", regulation("钥匙保管办法", ["钥匙丢失", "钥匙配制"]))], publish=True)
    assert hidden.document_id is not None
    library.set_card(hidden.document_id, audience="人事处")
    view = ReadersView(library, lambda: frozenset({"财务处"}))
    assert {hit.document.card.title for hit in view.search("登记钥匙", 10)} == {"钥匙保管办法"}
    library.close()


def _numerals(count: int) -> list[str]:
    digits = "零一二三四五六七八九"
    return [
        "".join([digits[n // 100] + "百" if n >= 100 else "", digits[n // 10 % 10] + "十" if n >= 10 else "", digits[n % 10]])
        for n in range(1, count + 1)
    ]  # fmt: skip


def test_another_edition_is_kept_to_whom_the_series_is(tmp_path: Path) -> None:
    library = open_library(tmp_path / "data")
    old = library.add([write(tmp_path, "1.md", regulation("会议办法", ["开会"], edition="2020"))], publish=True)[0]
    assert old.document_id is not None
    library.set_card(old.document_id, audience="办公室")
    new = library.add([write(tmp_path, "2.md", regulation("会议办法", ["散会"], edition="2024"))], publish=True)[0]
    assert new.document_id is not None
    others, own = (ReadersView(library, lambda group=group: frozenset({group})) for group in ("财务处", "办公室"))  # type: ignore[misc]
    assert others.published() == ()
    assert len(own.published()) == 2
    with pytest.raises(NotInLibrary):
        others.document(new.document_id)
    with pytest.raises(NotInLibrary):
        others.published_version(library.document(new.document_id).version_id)
    library.set_card(old.document_id, audience="")
    assert len(others.published()) == 2
    library.close()


def test_a_limit_of_the_question_opens_nothing(house: House) -> None:
    hidden = frozenset(one for one, owner in house.owners.items() if owner == "人事处")
    events = house.answers.stream("登记钥匙由谁负责", scope=Scope(hidden), reader="乙")
    answer = next(event.answer for event in events if isinstance(event, Finished))
    assert answer.citations == ()
    assert answer.refusal is not None
    assert answer.refusal.nearest == ()


def test_what_a_document_is_kept_to_goes_along_with_an_export(house: House, tmp_path: Path) -> None:
    export(house.library, tmp_path / "out")
    other = open_library(tmp_path / "other")
    import_folder(other, tmp_path / "out")
    kept = {document.card.title: set(document.audience) for document in other.documents()}
    assert kept["人事处登记管理办法"] == {"人事处"}
    assert kept["全馆登记管理办法"] == set()
    other.close()
