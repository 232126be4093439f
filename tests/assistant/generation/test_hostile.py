"""Three hundred hostile answers through the real path: nothing without grounds is shown as supported, nothing hangs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pytest
from hostile import COMMANDS, DOCUMENT, Attack, attacks, cut
from scripted_endpoint import Reply, Request, ScriptedEndpoint

from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.context import Candidate
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import NotWritten
from assistant.generation.writer import Writer
from assistant.model import Sentence
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register

ATTACKS = tuple(attacks())
PATIENCE = 4.0  # seconds for one answer, however the endpoint behaves; the pauses in the scripts are longer
_WORDS = {1: "每日开放", 2: "借期为", 3: "照价赔偿", 4: "逾期", 5: "古籍", 6: "采购", 7: "同时废止"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("hostile")
    commands = "".join(
        f"第{number}条　{command}\n\n" for number, command in zip("一二三四五六七八九十", COMMANDS, strict=True)
    )
    (folder / "files").mkdir()
    (folder / "files" / "青禾市阅览室管理办法.txt").write_text(DOCUMENT, encoding="utf-8")
    (folder / "files" / "青禾市阅览室补充规定.txt").write_text(f"青禾市阅览室补充规定\n\n{commands}", encoding="utf-8")
    kb = KnowledgeBase.open(folder / "data", lambda: open_encoder("builtin"), register=Register.load())
    kb.add([folder / "files"], publish=True)
    yield kb
    kb.close()


@pytest.fixture(scope="module")
def candidates(library: KnowledgeBase) -> list[Candidate]:
    return [
        Candidate(passage, document)
        for document in library.published()
        for passage in library.passages(document.version_id)
    ]


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as running:
        Endpoint(EndpointSettings(running.url, "scripted")).warm()  # its import takes a second or more
        yield running


def test_there_are_three_hundred_of_them() -> None:
    assert len(ATTACKS) >= 300
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("start", range(0, len(ATTACKS), 20))
def test_nothing_without_grounds_is_shown_as_supported(
    start: int, library: KnowledgeBase, candidates: Sequence[Candidate], model: ScriptedEndpoint
) -> None:
    troubles: list[str] = []
    for number, attack in enumerate(ATTACKS[start : start + 20], start):
        model.requests.clear()
        model.play(lambda request, attack=attack, number=number: _reply(attack, request, number % 3 + 1))  # type: ignore[misc]
        impatient = attack.name.startswith("broken")  # the others wait for a busy machine, never for the script
        settings = EndpointSettings(
            model.url,
            "scripted",
            timeout=2 if impatient else 20,
            first_token=0.5 if impatient else 10,
            between_tokens=0.3 if impatient else 10,
        )
        began = time.monotonic()
        shown, finished = _shown(Writer(Endpoint(settings)), attack.question, library, candidates)
        took = time.monotonic() - began
        supported = [one.text.rstrip("。") for one in shown if one.supported]
        if strange := [text for text in supported if text not in attack.true]:
            troubles.append(f"{attack.name}: shown as supported: {strange}")
        if any(one.supported and not one.citations for one in shown):
            troubles.append(f"{attack.name}: supported without a citation")
        if attack.arrives and not supported:
            troubles.append(f"{attack.name}: the true sentence is lost")
        if impatient and took > PATIENCE:
            troubles.append(f"{attack.name}: took {took:.1f} s")
        if not finished and not model.requests:
            troubles.append(f"{attack.name}: the model was never asked")
        if any(
            command.rstrip("。") in request.prompt.partition("<资料>")[2].partition("</资料>")[0]
            for command in COMMANDS
            for request in model.requests
        ):
            troubles.append(f"{attack.name}: a command of a document was sent")
    assert not troubles, "\n".join(troubles)


def _reply(attack: Attack, request: Request, size: int) -> Reply:
    numbers = {
        article: next(
            line.split("]")[0][1:] for line in request.prompt.splitlines() if words in line and line[:1] == "["
        )
        for article, words in _WORDS.items()
    }
    reply = attack.reply(numbers)
    if attack.status != 200:
        return reply
    steps = [
        piece
        for step in reply.steps
        for piece in (
            cut(step, size) if isinstance(step, str) and len(step) < 400 and len(reply.steps) < 100 else (step,)
        )
    ]
    return Reply(steps, ends=reply.ends)


def _shown(
    writer: Writer, question: str, library: KnowledgeBase, candidates: Sequence[Candidate]
) -> tuple[list[Sentence], bool]:
    """Every sentence that was on the screen at any time, and whether the answer was taken."""
    shown: list[Sentence] = []
    writing = writer.write("answer", {"question": question}, candidates, library.text)
    try:
        for said in writing:
            shown.append(said.sentence)
    except NotWritten:
        return shown, False
    return shown, True
