"""Main points, editions compared and outlines: written by a scripted model, and quoted without one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_endpoint import Reply, Request, ScriptedEndpoint, fails, says

sys.path.insert(0, str(Path(__file__).parents[2] / "web"))
from made_up_library import write_library

from assistant.errors import InvalidQuestion
from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.endpoint import Endpoint
from assistant.generation.tasks import Tasks
from assistant.generation.writer import Writer
from assistant.model import Answer, Mode
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    data = tmp_path_factory.mktemp("tasks") / "data"
    kb = KnowledgeBase.open(data, lambda: open_encoder("builtin"), register=Register.load())
    kb.add([write_library(data.parent / "files")], publish=True)
    yield kb
    kb.close()


@pytest.fixture
def model() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as running:
        yield running


@pytest.fixture
def written(library: KnowledgeBase, model: ScriptedEndpoint) -> Tasks:
    return Tasks(library, Writer(Endpoint(EndpointSettings(model.url, "scripted", timeout=3))))


def document(library: KnowledgeBase, title: str, edition: str | None = None) -> int:
    return next(
        one.id for one in library.documents() if title in one.card.title and edition in (None, one.card.edition)
    )


def is_quoted(answer: Answer) -> bool:
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    quoted = [one for one in answer.sentences if one.citations]
    return bool(quoted) and all(one.text in quotes[one.citations[0]] for one in quoted)


def number_of(request: Request, words: str) -> str:
    return next(line.split("]")[0][1:] for line in request.prompt.splitlines() if words in line and line[0] == "[")


def test_without_a_model_the_points_are_quoted_with_their_addresses(library: KnowledgeBase) -> None:
    answer = Tasks(library).summarise(document(library, "来访接待"))
    assert answer.mode is Mode.EXTRACT
    assert is_quoted(answer)
    assert {"第一章", "第二章"} <= {citation.address.split("/")[0] for citation in answer.citations}


def test_a_model_writes_the_points_and_each_is_checked(
    library: KnowledgeBase, written: Tasks, model: ScriptedEndpoint
) -> None:
    def points(request: Request) -> Reply:
        a = number_of(request, "热情周到")
        return says(f"来访接待遵循热情周到、依规办理、及时答复的原则[{a}]。\n应当在九十九日内答复[{a}]。")

    model.play(points)
    answer = written.summarise(document(library, "来访接待"))
    assert answer.mode is Mode.GENERATE
    assert "九十九" not in answer.text
    assert "热情周到" in answer.citations[0].quote


def test_without_a_model_two_editions_are_set_side_by_side(library: KnowledgeBase) -> None:
    old, new = (document(library, "休假管理", year) for year in ("2018", "2023"))
    answer = Tasks(library).compare(new, old)
    assert answer.table is not None
    assert "2018" in answer.table.headers[0]


def test_a_model_tells_the_difference_from_both_editions(
    library: KnowledgeBase, written: Tasks, model: ScriptedEndpoint
) -> None:
    def difference(request: Request) -> Reply:
        a, b = number_of(request, "享受年休假五天"), number_of(request, "享受年休假八天")
        return says(f"机关工作人员连续工作满一年的，享受年休假五天[{a}]；享受年休假八天[{b}]。")

    model.play(difference)
    answer = written.compare(document(library, "休假管理", "2018"), document(library, "休假管理", "2023"))
    assert answer.mode in (Mode.GENERATE, Mode.EXTRACT)  # the checker decides; both editions must have been sent
    assert "享受年休假五天" in model.requests[0].prompt
    assert "享受年休假八天" in model.requests[0].prompt


def test_an_outline_uses_the_chosen_passages_only(
    library: KnowledgeBase, written: Tasks, model: ScriptedEndpoint
) -> None:
    reception = library.document(document(library, "来访接待"))
    chosen = [one.id for one in library.passages(reception.version_id) if "佩戴工作证" in one.text]
    quoted = Tasks(library).outline("怎样接待来访", chosen)
    assert is_quoted(quoted)
    model.play(lambda request: says(f"着装整洁，佩戴工作证[{number_of(request, '佩戴工作证')}]。"))
    answer = written.outline("怎样接待来访", chosen)
    assert answer.mode is Mode.GENERATE
    assert "十二日" not in model.requests[0].prompt


def test_when_the_model_fails_the_quotes_stand_in_and_say_so(
    library: KnowledgeBase, written: Tasks, model: ScriptedEndpoint
) -> None:
    model.play(fails(500))
    answer = written.summarise(document(library, "来访接待"))
    assert answer.mode is Mode.EXTRACT
    assert is_quoted(answer)
    assert answer.notices[0].text.endswith("以下是原文摘录。")


def test_what_cannot_be_done_is_said(library: KnowledgeBase) -> None:
    with pytest.raises(InvalidQuestion, match="同一个"):
        Tasks(library).compare(1, 1)
    with pytest.raises(InvalidQuestion, match="99999"):
        Tasks(library).outline("题目", [99999])
    with pytest.raises(InvalidQuestion, match="题目"):
        Tasks(library).outline(" ", [1])
