"""Prompts are checked before any model is called."""

from __future__ import annotations

import pytest

import prompts
from prompts import VARIABLES, PromptError


@pytest.mark.parametrize("name", VARIABLES)
def test_every_prompt_fills_in_all_its_variables(name: str) -> None:
    values = {variable: f"〈{variable}〉" for variable in VARIABLES[name]}
    told = "".join(message.text for message in prompts.load(name).fill(**values))
    assert "$" not in told
    assert all(value in told for value in values.values())


def test_every_file_is_a_prompt_that_the_loader_knows() -> None:
    files = {path.stem for path in prompts.FOLDER.glob("*.md")} - {"README"}
    assert files == set(VARIABLES)


def test_a_worked_example_stands_between_the_rules_and_the_question() -> None:
    told = prompts.check("condense", "规则\n---\n例题\n---\n例答\n---\n$history $question").fill(
        history="史", question="问"
    )
    assert [(message.type, message.text) for message in told] == [
        ("system", "规则"),
        ("human", "例题"),
        ("ai", "例答"),
        ("human", "史 问"),
    ]


def test_a_missing_or_unknown_variable_raises() -> None:
    condense = prompts.load("condense")
    with pytest.raises(PromptError, match="question"):
        condense.fill(history="")
    with pytest.raises(PromptError, match="extra"):
        condense.fill(history="", question="", extra="")


@pytest.mark.parametrize(
    "text",
    [
        "规则\n---\n$question",
        "规则\n---\n$question $history $more",
        "规则 $question $history",
        "规则\n---\n只有问的示例\n---\n$question $history",
        "规则\n---\n$question $history 5$",
    ],
)
def test_a_text_that_does_not_fit_its_variables_is_refused(text: str) -> None:
    with pytest.raises(PromptError, match=r"condense\.md"):
        prompts.check("condense", text)


def test_a_prompt_that_does_not_exist_is_named() -> None:
    with pytest.raises(PromptError, match="translate"):
        prompts.load("translate")


def test_a_dollar_inside_a_value_is_left_alone() -> None:
    _, user = prompts.load("condense").fill(history="$question $$", question="五元？")
    assert "$question $$" in user.text


def test_the_version_changes_with_a_single_character() -> None:
    first = prompts.check("condense", "规则\n---\n$question $history")
    second = prompts.check("condense", "规则\n---\n$question$history")
    assert first.version != second.version
    assert len(first.version) == 12
