"""Asks a language model whether an answer is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import GenerationFailed
from eval.errors import NoJudge
from eval.judging.judgements import Judged
from prompts import load

LONGEST = 4000  # characters of an answer or a reference that are sent
MOST_TOKENS = 1024  # a verdict is one word, but some models think before it
_VERDICT = re.compile(r"[\s“”\"'*：:（(]*(?:判断|结论|答案)?[\s“”\"'*：:是为]*(正确|错误|不对|对|错)")
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)


class Judge:
    """`model` is any chat model of LangChain behind `Endpoint(settings, model=…)`, which keeps its limits."""

    def __init__(self, model: Endpoint) -> None:
        self._model = model
        self._prompt = load("judge")

    @property
    def name(self) -> str:
        """The model and the version of the prompt, which figures are only good for."""
        return f"{self._model.settings.model} · {self._prompt.version}"

    def right(self, one: Judged) -> bool | None:
        """Whether the answer is right; None when the model did not say. Raises NoJudge."""
        told = self._prompt.fill(question=one.question, reference=one.reference[:LONGEST], answer=one.answer[:LONGEST])
        try:
            said = "".join(self._model.complete(told, max_tokens=MOST_TOKENS))
        except GenerationFailed as error:
            raise NoJudge(f"评卷的语言模型没有回答（{error}）；请用 xuesi llm test 检查后再试。") from None
        return verdict(said)


def verdict(said: str) -> bool | None:
    """What a model's words say; None for neither."""
    found = _VERDICT.match(_THOUGHT.sub("", said))
    return found[1] in ("对", "正确") if found else None


def judge_all(
    judge: Judge,
    answers: Sequence[Judged],
    watched: Callable[[Sequence[Judged]], Iterable[Judged]] = lambda given: given,
) -> list[bool | None]:
    """The verdicts of `answers`, in their order; `watched` sees them go by."""
    return [judge.right(one) for one in watched(answers)]
