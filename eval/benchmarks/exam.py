"""Multiple-choice banks: which option the library supports best, and whether it supports one well enough to answer."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.errors import BadSuite
from eval.scoring.significance import Interval, interval, mcnemar
from knowledge.knowledge_base import KnowledgeBase
from knowledge.retrieval.search import Searcher
from knowledge.text.tokenizer import tokenize

#: Passages looked at per option.
DEPTH = 5
#: An option counts as answered when it leads the next one by this much (support is 0..1), and has at least this much.
MARGIN, FLOOR = 0.05, 0.3
#: Of several right options, those with at least this part of the best one's support are chosen.
PART = 0.8
#: A statement to be judged is called right from this support on.
TRUE = 0.7

_BLANK = re.compile(r"_{2,}|[（(]\s*[)）]")
_NEGATED = re.compile(r"(?:不正确|错误|不属于|不包括|不符合)[^。；]{0,12}。?$")
_YES, _NO = ("正确", "对", "是", "√"), ("错误", "错", "否", "×")


@dataclass(frozen=True, slots=True)
class Question:
    """`right` are the indexes of the right options; `several` says that more than one may be."""

    id: str
    stem: str
    options: tuple[str, ...]
    right: frozenset[int]
    several: bool = False

    @property
    def to_judge(self) -> bool:
        """Whether it states something that is true or not."""
        return len(self.options) == 2 and self.options[0] in _YES and self.options[1] in _NO

    @property
    def chance(self) -> float:
        """Probability of a blind guess: of one option, or of one non-empty set of options."""
        return 1 / (2 ** len(self.options) - 1 if self.several else len(self.options))


@dataclass(frozen=True, slots=True)
class Marked:
    """A question with what was chosen (`chosen` by the whole search, `lexical` by BM25 alone), the support of each option
    (0..1) and whether the choice stands out enough to be given as an answer."""

    question: Question
    chosen: frozenset[int]
    lexical: frozenset[int]
    support: tuple[float, ...]
    sure: bool

    @property
    def correct(self) -> bool:
        return self.chosen == self.question.right


@dataclass(frozen=True, slots=True)
class Result:
    """Accuracy of all questions and of the sure ones (`coverage` is their part), each with its 95 % interval; that of
    BM25 alone with the exact two-sided McNemar `p` of the difference; that of blind guessing."""

    questions: int
    accuracy: Interval
    lexical: Interval
    chance: float
    p: float
    coverage: float
    accuracy_when_sure: Interval | None


def read_bank(path: Path) -> tuple[list[Question], int]:
    """The questions with options, and how many lines have none (they are left out, as are those where two options read
    the same). The answer may be a key (`ABC`), an option's text or a list of texts. Raises BadSuite with the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "不是 UTF-8 文本"
        raise BadSuite(f"题库 {path} 读不出来（{reason}）。") from None
    questions, left_out = [], 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if not entry.get("options") or len(set(entry["options"])) < len(entry["options"]):
                left_out += 1
                continue
            questions.append(_question(entry, str(number)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSuite(
                f"题库 {path} 第 {number} 行读不懂（{error}）：要有 question、options 和 answer（如 B、ABD 或选项原文）。"
            ) from None
    if not questions:
        raise BadSuite(f"题库 {path} 里没有带选项的题。")
    return questions, left_out


def sample(questions: Sequence[Question], count: int | None, seed: int) -> list[Question]:
    """`count` questions drawn without replacement; all of them, in their order, without `count`."""
    if count is None or count >= len(questions):
        return list(questions)
    return random.Random(seed).sample(list(questions), count)


def sit(
    questions: Sequence[Question],
    kb: KnowledgeBase,
    searcher: Searcher,
    watch: Callable[[Sequence[Question]], Iterable[Question]] = iter,
) -> Iterator[Marked]:
    """Every question answered from `kb` with what `searcher` finds in it.

    An option's support is that of its best passage: the idf-weighted share of the stem's words found there, times that of
    the words that only this option brings, with the two-character words across the seam. The passages are those that the
    search finds for the stem filled in with any of the options. The baseline chooses the option whose filled-in stem has
    the highest BM25 score, as a share of what its words could reach.
    """
    for question in watch(questions):
        statements = _statements(question)
        support = _supports(kb, searcher, question.stem, statements)
        words = [tokenize(statement) for statement in statements]
        bm25 = [_share(kb, tokens) for tokens in words]
        chosen = _choose(question, support)
        yield Marked(question, chosen, _choose(question, bm25), tuple(support), _stands_out(question, support))


def result(marked: Sequence[Marked]) -> Result:
    """What `marked`, of at least one question, come to."""
    ours = [float(one.correct) for one in marked]
    lexical = [float(one.lexical == one.question.right) for one in marked]
    sure = [float(one.correct) for one in marked if one.sure]
    return Result(
        questions=len(marked),
        accuracy=interval(ours, range(len(ours))),
        lexical=interval(lexical, range(len(lexical))),
        chance=sum(one.question.chance for one in marked) / len(marked),
        p=mcnemar(lexical, ours),
        coverage=len(sure) / len(marked),
        accuracy_when_sure=interval(sure, range(len(sure))) if sure else None,
    )


def write_marked(marked: Sequence[Marked], path: Path) -> None:
    """One line per question, the wrong ones first, those called sure before the others: what was chosen, what is right."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        for one in sorted(marked, key=lambda one: (one.correct, not one.sure)):
            question = one.question
            line = {
                "id": question.id,
                "question": question.stem,
                "options": list(question.options),
                "right": _letters(question.right),
                "chosen": _letters(one.chosen),
                "lexical": _letters(one.lexical),
                "correct": one.correct,
                "sure": one.sure,
                "support": [round(value, 4) for value in one.support],
            }
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def _letters(options: Iterable[int]) -> str:
    return "".join(chr(ord("A") + index) for index in sorted(options))


def result_json(found: Result) -> dict[str, object]:
    """As `xuesi eval exam --json` prints it."""
    return asdict(found)


def filled(stem: str, option: str) -> str:
    """The stem with its first blank filled in; without a blank, the option follows it."""
    return _BLANK.sub(lambda _: option, stem, count=1) if _BLANK.search(stem) else f"{stem} {option}"


def _question(entry: Mapping[str, object], number: str) -> Question:
    options, answer = entry["options"], entry["answer"]
    if not isinstance(options, list):
        raise TypeError("options 不是列表")
    texts = tuple(str(option).strip() for option in options)
    given = [str(one).strip() for one in answer] if isinstance(answer, list) else [str(answer).strip()]
    if all(one in texts for one in given):
        right = frozenset(texts.index(one) for one in given)
    else:
        right = frozenset(ord(letter) - ord("A") for one in given for letter in one.upper())
    if not right or not all(0 <= index < len(texts) for index in right):
        raise ValueError(f"答案“{answer}”不是选项")
    several = str(entry.get("type", "")).startswith("multi") or len(right) > 1
    return Question(str(entry.get("id", number)), str(entry["question"]), texts, right, several)


def _statements(question: Question) -> list[str]:
    return [question.stem] if question.to_judge else [filled(question.stem, option) for option in question.options]


def _supports(kb: KnowledgeBase, searcher: Searcher, stem: str, statements: Sequence[str]) -> list[float]:
    found = {hit.passage.id: hit for statement in statements for hit in searcher.search(statement, DEPTH)}
    held = [frozenset(tokenize(f"{hit.document.card.title} {hit.passage.text}")) for hit in found.values()]
    # A space where the blank is: no word reaches over it.
    frame = frozenset(tokenize(_BLANK.sub(" ", stem)))
    words = [frozenset(tokenize(statement)) for statement in statements]
    idf = kb.lexical.idf(frame.union(*words))
    if len(words) == 1:
        return [max((_coverage(frame, passage, idf) for passage in held), default=0.0)]
    common = frozenset.intersection(*words)
    return [
        max(
            (_coverage(frame, passage, idf) * _coverage(own - common, passage, idf) for passage in held),
            default=0.0,
        )
        for own in words
    ]


def _coverage(words: frozenset[str], passage: frozenset[str], idf: Mapping[str, float]) -> float:
    return sum(idf[word] for word in words & passage) / (sum(idf[word] for word in words) or 1.0)


def _share(kb: KnowledgeBase, tokens: Sequence[str]) -> float:
    best = kb.lexical.search(tokens, 1)
    return best[0][1] / (kb.lexical.ceiling(tokens) or 1.0) if best else 0.0


def _choose(question: Question, support: Sequence[float]) -> frozenset[int]:
    """The first of equals."""
    if question.to_judge:
        return frozenset({0 if support[0] >= TRUE else 1})
    negated = bool(_NEGATED.search(_BLANK.sub("", question.stem)))
    if question.several and not negated:
        return frozenset(index for index, value in enumerate(support) if value >= PART * max(support))
    best = min(support) if negated else max(support)
    return frozenset({list(support).index(best)})


def _stands_out(question: Question, support: Sequence[float]) -> bool:
    if question.to_judge or question.several:
        return max(support) >= (TRUE if question.to_judge else FLOOR)
    first, second = sorted(support, reverse=True)[:2]
    return first >= FLOOR and first - second >= MARGIN
