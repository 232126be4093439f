"""The way of OpenAI's chat completions under /v1: any client of theirs asks here and gets answers with citations."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.accounts.api_keys import Scope
from assistant.answering.editions import standing_in_words
from assistant.conversations.answer_json import citation_json
from assistant.errors import AssistantError, InvalidQuestion
from assistant.model import LABELS, Answer, Citation, Event, Finished, Mode, Said, Sentence
from assistant.web.answer_layout import address_in_words, confidence_in_words
from assistant.web.api.programs import Asked, Programs, history_of
from assistant.web.api.rights import may
from assistant.web.api.shapes import address_of, sources_of
from knowledge.errors import KnowledgeError

PATH = "/v1/chat/completions"
LARGEST = 1 << 20  # bytes of a request, with the whole history
MODELS = {"xuesi": "auto", "xuesi-extract": "extract"}

_MARKER = re.compile(r"\[(\d+)\]")


class Part(BaseModel):
    """A piece of a message; of others than text nothing is taken."""

    model_config = ConfigDict(extra="allow")

    type: str = "text"
    text: str = ""


class Spoken(BaseModel):
    """One message of the conversation."""

    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class Completion(BaseModel):
    """What is used of a request; sampling and the like mean nothing here and are passed over."""

    model_config = ConfigDict(extra="allow")

    model: str = "xuesi"
    messages: list[Spoken] = Field(max_length=500)
    stream: bool = False
    n: Literal[1] | None = None

    def asked(self) -> Asked:
        """The last message of the user, and what was said before it. Raises InvalidQuestion."""
        if self.model not in MODELS:
            raise InvalidQuestion(f"没有名为“{self.model}”的模型，请用 {'、'.join(MODELS)}。")
        last = next((i for i in reversed(range(len(self.messages))) if self.messages[i].role == "user"), None)
        if last is None:
            raise InvalidQuestion("messages 里没有用户的话（role 为 user），请把问题写进去。")
        before = history_of([(one.role, one.words) for one in self.messages[:last]])
        return Asked(self.messages[last].words, before, mode=MODELS[self.model])


def routes(programs: Programs) -> APIRouter:
    """`/v1/models` and `/v1/chat/completions`."""
    router = APIRouter(prefix="/v1")

    @router.get("/models")
    def models(_reader: Annotated[str, Depends(may(Scope.ASK))]) -> dict[str, Any]:
        return {"object": "list", "data": [{"id": name, "object": "model", "owned_by": "xuesi"} for name in MODELS]}

    @router.post("/chat/completions")
    def complete(request: Request, wanted: Completion, reader: Annotated[str, Depends(may(Scope.ASK))]) -> Response:
        base, asked = str(request.base_url), wanted.asked()
        head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": wanted.model}
        if wanted.stream:
            events = programs.stream(reader, asked)
            first = next(events)  # what is wrong with the question is said with the status
            return StreamingResponse(_chunks(head, first, events, base), media_type="text/event-stream")
        answer = programs.answer(reader, asked)
        content = answer.text + tail(answer, base)
        message = {"role": "assistant", "content": content, "refusal": None, **_cited(answer, content, base)}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return JSONResponse(
            {"object": "chat.completion", **head, "choices": [choice], "usage": _usage(answer), "xuesi": _about(answer)}
        )

    return router


def tail(answer: Answer, base: str) -> str:
    """What follows the words of an answer: what a reader must be told, the sources, and how it was made."""
    lines = [f"注意：{notice.text}" for notice in answer.notices]
    sources = sources_of(answer)
    if sources:
        lines += ["", "最接近的原文：" if answer.refusal else "出处："]
        lines += [f"[{one.marker}] {_named(one)} {address_of(one, base)}" for one in sources]
    sure = f" · {confidence_in_words(answer.confidence)}" if answer.mode.answers else ""
    return "\n" + "\n".join([*lines, "", f"—— {LABELS[answer.mode]}{sure}"])


def _named(citation: Citation) -> str:
    document = citation.document
    edition = f"（{document.edition}）" if document.edition else ""
    return f"《{document.title}》{edition} {address_in_words(citation.address)} · {standing_in_words(document)}"


def _cited(answer: Answer, content: str, base: str) -> dict[str, Any]:
    """Citations twice: as OpenAI annotates text, and whole."""
    by_marker = {one.marker: one for one in answer.citations}
    spoken = content[: len(answer.text)]
    annotations = [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": found.start(),
                "end_index": found.end(),
                "title": _named(by_marker[int(found[1])]),
                "url": address_of(by_marker[int(found[1])], base),
            },
        }
        for found in _MARKER.finditer(spoken)
        if int(found[1]) in by_marker
    ]
    whole = [{**citation_json(one), "url": address_of(one, base)} for one in sources_of(answer)]
    return {"annotations": annotations, "citations": whole}


def _about(answer: Answer) -> dict[str, Any]:
    code = answer.refusal.code if answer.refusal else None
    return {"mode": str(answer.mode), "confidence": answer.confidence, "refusal": code, "standalone": answer.standalone}


def _usage(answer: Answer) -> dict[str, int]:
    made = answer.generation
    prompt, completion = (made.prompt_tokens or 0, made.completion_tokens or 0) if made else (0, 0)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _chunks(head: dict[str, Any], first: Event, rest: Iterator[Event], base: str) -> Iterator[str]:
    """The answer sentence by sentence as server-sent events; the last piece brings sources and citations."""

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        body = {"object": "chat.completion.chunk", **head, "choices": [choice], **more}
        return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"

    def events() -> Iterator[Event]:
        yield first
        yield from rest

    yield chunk({"role": "assistant", "content": ""})
    said = ""
    sentences: list[Sentence] = []
    try:
        for event in events():
            if isinstance(event, Said):
                sentences.append(event.sentence)
                text = _so_far(sentences)
                if text.startswith(said) and text != said:
                    yield chunk({"content": text[len(said) :]})
                    said = text
            elif isinstance(event, Finished):
                answer = event.answer
                whole = answer.text + tail(answer, base)
                # A model's words may be taken back at the end: then the whole answer follows under a line of its own.
                left = whole[len(said) :] if whole.startswith(said) else f"\n\n以下为核对后的回答：\n{whole}"
                yield chunk({"content": left})
                yield chunk(_cited(answer, whole, base), "stop", xuesi=_about(answer), usage=_usage(answer))
    except (AssistantError, KnowledgeError) as error:
        yield f"data: {json.dumps({'error': {'message': str(error), 'type': 'server_error'}}, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"


def _so_far(sentences: list[Sentence]) -> str:
    return Answer("", "", Mode.EXTRACT, tuple(sentences), (), 0.0).text
