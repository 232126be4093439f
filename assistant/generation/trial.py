"""Does the configured model answer, stream and cite? One small question, asked for real, with timings."""

from __future__ import annotations

from dataclasses import dataclass

import prompts
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import GenerationFailed
from assistant.generation.output import NO_ANSWER, without_thoughts
from assistant.verification.checker import Checked, Checker, Support
from assistant.verification.sources import Source

_QUESTION = "阅览室的书损坏了怎么处理，逾期几天要报告？"
_SOURCES = tuple(
    Source(number, text, "青禾市阅览室管理办法", f"第{numeral}条", None, "现行有效")
    for number, numeral, text in (
        (1, "三", "阅览室每日开放九小时。"),
        (2, "六", "损坏图书的，应当照价赔偿。"),
        (3, "七", "逾期十五日不还的，管理员应当向馆长报告。"),
    )
)


@dataclass(frozen=True, slots=True)
class Trial:
    """How a model did in the trial; `trouble` says why there was no answer. Times in ms."""

    model: str
    base_url: str
    provider: str
    filing_number: str
    answers: bool
    streams: bool
    cites: bool
    supported: int = 0
    sentences: int = 0
    first_ms: float = 0.0
    total_ms: float = 0.0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    text: str = ""
    trouble: str = ""

    @property
    def passed(self) -> bool:
        return self.answers and self.streams and self.cites


def try_out(endpoint: Endpoint) -> Trial:
    """One question on three made-up sentences, asked for real. Does not raise."""
    settings = endpoint.settings
    card = (settings.model, settings.base_url, settings.provider, settings.filing_number)
    written = "\n".join(f"[{source.id}] {source.text}" for source in _SOURCES)
    told = prompts.load("answer").fill(question=_QUESTION, sources=written, no_answer=NO_ANSWER)
    endpoint.warm()  # its import is not the model's time
    completion = endpoint.complete(told)
    checker = Checker(_SOURCES)
    pieces: list[str] = []
    checked: list[Checked] = []
    try:
        for piece in without_thoughts(iter(completion)):
            pieces.append(piece)
            checked += checker.feed(piece)
        checked += checker.finish()
    except GenerationFailed as error:
        return Trial(*card, answers=False, streams=False, cites=False, text="".join(pieces), trouble=str(error))
    return Trial(
        *card,
        answers=bool("".join(pieces).strip()),
        streams=len(pieces) > 1,
        cites=any(one.citations for one in checked),
        supported=sum(one.support is Support.SUPPORTED for one in checked),
        sentences=len(checked),
        first_ms=round(completion.first_ms),
        total_ms=round(completion.total_ms),
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        text="".join(pieces),
    )
