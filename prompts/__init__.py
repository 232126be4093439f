"""Prompt texts as files with $variables, and the loader that checks them.

The parts of a file are divided by lines `---`: the rules that the model is told once, worked examples if there are any
(a question, then its answer), and what it is told with each question. `load("answer").fill(question=…, sources=…)` fills
in the variables and gives messages for a chat model of LangChain; README.md says how to change a prompt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

__all__ = ["FOLDER", "VARIABLES", "Prompt", "PromptError", "check", "load"]

FOLDER = Path(__file__).parent
_RULE = "\n---\n"

#: Every prompt with the variables that its text must use, no more and no fewer.
VARIABLES: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"question", "sources", "no_answer"}),
    "condense": frozenset({"history", "question"}),
    "summarise": frozenset({"title", "sources", "points", "no_answer"}),
    "compare": frozenset({"first", "second", "sources", "no_answer"}),
    "outline": frozenset({"topic", "sources", "no_answer"}),
    "judge": frozenset({"question", "reference", "answer"}),
}


class PromptError(ValueError):
    """A prompt's text and its variables do not fit together, or there is no such prompt."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `version` is the beginning of the text's SHA-256: it changes when a single character does."""

    name: str
    text: str
    version: str

    def fill(self, **values: str) -> list[BaseMessage]:
        """The prompt as messages with the variables filled in: the rules for the system, then by turns what a human and
        the model say, the question last. A `$` inside a value stays as it is.

        Raises PromptError when a variable is missing or unknown.
        """
        wanted = VARIABLES[self.name]
        if missing := wanted - values.keys():
            raise PromptError(f"prompts/{self.name}.md 还缺变量 {'、'.join(sorted(missing))}。")
        if unknown := values.keys() - wanted:
            raise PromptError(f"prompts/{self.name}.md 里没有变量 {'、'.join(sorted(unknown))}。")
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage  # slow to import

        rules, *turns = (Template(part).substitute(values).strip() for part in self.text.split(_RULE))
        said = [AIMessage(text) if place % 2 else HumanMessage(text) for place, text in enumerate(turns)]
        return [SystemMessage(rules), *said]


@cache
def load(name: str) -> Prompt:
    """The prompt of `prompts/<name>.md`. Raises PromptError when its text does not use exactly its variables."""
    if name not in VARIABLES:
        raise PromptError(f"没有名为“{name}”的提示词，有的是 {'、'.join(sorted(VARIABLES))}。")
    return check(name, (FOLDER / f"{name}.md").read_text(encoding="utf-8"))


def check(name: str, text: str) -> Prompt:
    """`text` as the prompt `name`. Raises PromptError as `load` does."""
    template = Template(text)
    if not template.is_valid():
        raise PromptError(f"prompts/{name}.md 里有写得不对的 $，要写 $ 本身请用 $$。")
    used = set(template.get_identifiers())
    if used != VARIABLES[name]:
        wrong = "、".join(sorted(used ^ VARIABLES[name]))
        raise PromptError(f"prompts/{name}.md 的变量不对（多了或少了 {wrong}）。")
    if text.count(_RULE) % 2 == 0:
        raise PromptError(f"prompts/{name}.md 应以 --- 分成规则、示例（一问一答，可以没有）和每次的内容。")
    return Prompt(name, text, hashlib.sha256(text.encode()).hexdigest()[:12])
