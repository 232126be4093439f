"""Answers to be judged, and what people said of them: a JSONL file with one judgement on a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.model import Answer, Mode
from eval.errors import BadJudgements
from eval.scoring.result import Result

NOTHING = "库里没有答案"  # the reference of a question that is to be refused; prompts/judge.md has the same words


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with what it is judged by: the words of the rule, or NOTHING. `right` is what somebody said of it."""

    id: str
    question: str
    reference: str
    answer: str
    right: bool | None = None


def read_judgements(path: Path) -> list[Judged]:
    """The judgements of people in a file: `{"question","reference","answer","right"}` on each line, `id` if it has one.

    Raises BadJudgements.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise BadJudgements(f"人的判断读不出来：{path}（{error}）；请给出一个 UTF-8 的 JSONL 文件。") from None
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            found.append(_judged(line, f"{path.name} 第 {number} 行", number))
    if not found:
        raise BadJudgements(
            f"{path} 里一条判断也没有；每行写一个 question、reference、answer、right（true 或 false）。"
        )
    return found


def judgement_line(one: Judged) -> str:
    """A line of such a file."""
    values = {name: getattr(one, name) for name in ("id", "question", "reference", "answer", "right")}
    return json.dumps(values, ensure_ascii=False) + "\n"


def of_result(result: Result) -> Judged:
    """An answer of a run, judged by the evidence and key points of its case."""
    case = result.case
    if not case.answerable:
        return Judged(case.id, case.question, NOTHING, words_of(result.answer))
    quotes = [f"《{one.document}》{one.address or ''} {one.quote or ''}".strip() for one in case.evidence]
    points = [f"要点：{'，或 '.join(point)}" for point in case.key_points]
    return Judged(case.id, case.question, "\n".join([*quotes, *points]), words_of(result.answer))


def words_of(answer: Answer) -> str:
    """What a reader was told."""
    if answer.mode is Mode.REFUSE and answer.refusal:
        return f"没有作答：{answer.refusal.reason}"
    return answer.text


def _judged(line: str, place: str, number: int) -> Judged:
    try:
        values = json.loads(line)
    except ValueError:
        raise BadJudgements(f"{place}不是 JSON，请改正。") from None
    if not isinstance(values, dict):
        raise BadJudgements(f"{place}不是一个 JSON 对象，请改正。")
    question, reference, answer = (str(values.get(name) or "").strip() for name in ("question", "reference", "answer"))
    if not (question and reference and answer):
        raise BadJudgements(f"{place}缺少 question、reference 或 answer，请补上。")
    if not isinstance(values.get("right"), bool):
        raise BadJudgements(f"{place}的 right 应当是 true 或 false，请改正。")
    return Judged(str(values.get("id", number)), question, reference, answer, values["right"])
