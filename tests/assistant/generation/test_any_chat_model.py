"""The language model may be any chat model of LangChain: its words are streamed, limited and checked like all others."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

sys.path.insert(0, str(Path(__file__).parents[2] / "web"))
from made_up_library import write_library

from assistant.answerer import Answerer
from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import Failure, GenerationFailed
from assistant.generation.writer import Writer
from assistant.model import Mode
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

SETTINGS = EndpointSettings("http://127.0.0.1:1/v1", "one-of-ours", timeout=3, first_token=0.6, between_tokens=0.6)
ASKED = (SystemMessage("按原文回答。"), HumanMessage("借阅期限是多久？"))


class Scripted(BaseChatModel):
    """Streams what it is given: messages, pauses in seconds, errors."""

    steps: Sequence[Any]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            if isinstance(step, float):
                time.sleep(step)
            else:
                yield ChatGenerationChunk(message=step)


class Quoting(Scripted):
    """Says the first source that holds `words`, and a figure that no source holds."""

    words: str
    steps: Sequence[Any] = ()

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        line = next(line for line in messages[-1].text.splitlines() if self.words in line and line.startswith("["))
        number, words = line[1:].split("]", 1)
        yield ChatGenerationChunk(message=said(f"{words.strip().rstrip('。')}[{number}]。"))
        yield ChatGenerationChunk(message=said(f"全部工作应当在九十九日内完成[{number}]。"))


def said(text: str, **metadata: str) -> AIMessageChunk:
    return AIMessageChunk(content=text, response_metadata=metadata)


def test_an_answer_is_written_and_checked_by_a_model_of_ones_own(tmp_path: Path) -> None:
    library = KnowledgeBase.open(tmp_path / "data", open_encoder, register=Register.load())
    library.add([write_library(tmp_path / "files")], publish=True)
    model = Quoting(words="热情周到")
    answerer = Answerer(library, Register.load(), Lexicon.load(), writer=Writer(Endpoint(SETTINGS, model=model)))
    answer = answerer.answer("来访接待规则规定的接待原则是什么？")
    library.close()
    assert answer.generation is not None
    assert answer.generation.model == "one-of-ours"
    assert answer.mode is Mode.GENERATE
    assert "热情周到" in answer.text
    assert "九十九" not in answer.text
    assert answer.generation.removed == 1


def test_a_model_that_does_not_stream_gives_its_answer_whole() -> None:
    completion = Endpoint(SETTINGS, model=GenericFakeChatModel(messages=iter([AIMessage("三十日")]))).complete(ASKED)
    assert "".join(completion) == "三十日"
    assert completion.whole


@pytest.mark.parametrize(
    ("metadata", "whole"),
    [
        ({"stop_reason": "end_turn"}, True),
        ({"stop_reason": "max_tokens"}, False),
        ({"done_reason": "stop"}, True),
        ({"done_reason": "length"}, False),
        ({"finish_reason": "STOP"}, True),
        ({"finish_reason": "MAX_TOKENS"}, False),
    ],
    ids=str,
)
def test_providers_say_in_their_own_words_whether_an_answer_is_whole(metadata: dict[str, str], whole: bool) -> None:
    completion = Endpoint(SETTINGS, model=Scripted(steps=[said("三十"), said("日", **metadata)])).complete(ASKED)
    assert list(completion) == ["三十", "日"]
    assert completion.whole is whole


@pytest.mark.parametrize(
    ("steps", "failure"),
    [
        ([1.2, said("太迟")], Failure.TIMEOUT),
        ([said("开了头"), 1.2, said("太迟")], Failure.STALLED),
        ([ConnectionRefusedError("nobody there")], Failure.DOWN),
        ([TimeoutError("too long")], Failure.TIMEOUT),
        ([said("开了头"), ConnectionResetError("cut")], Failure.BROKEN),
        ([KeyError("some error of its own")], Failure.BROKEN),
    ],
    ids=str,
)
def test_its_faults_end_in_the_same_named_failures(steps: list[Any], failure: Failure) -> None:
    with pytest.raises(GenerationFailed) as raised:
        list(Endpoint(SETTINGS, model=Scripted(steps=steps)).complete(ASKED))
    assert raised.value.failure is failure
