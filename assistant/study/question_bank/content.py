"""What an item of the question bank consists of, and what makes it one that can be asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.errors import InvalidEntry
from assistant.study.excerpt import Excerpt
from knowledge.text import searchable

BLANK = "____"
LETTERS = "ABCDEFGHIJ"
TRUE, FALSE = "对", "错"
VARIANTS = "|"  # between the wordings that a blank accepts

LONGEST_STEM = 1000  # characters
LONGEST_ANSWER = 4000
_MARKS = re.compile(r"[^\w]+|_+")
BLANKS = re.compile(r"[_＿]{2,}|[（(]\s*[）)]|【\s*】")


class Kind(StrEnum):
    """题型."""

    SINGLE = "单选"
    MULTIPLE = "多选"
    JUDGE = "判断"
    FILL = "填空"
    SHORT = "简答"


class Status(StrEnum):
    """Only APPROVED items reach trainees."""

    DRAFT = "草稿"
    APPROVED = "已审"
    STOPPED = "停用"


class Finding(StrEnum):
    """What the search for an item's source found; only CONFIRMED is a trainer's word, or the item was cut from the text."""

    UNSEARCHED = "未查"
    CONFIRMED = "已确认"
    FOUND = "找到依据"
    CONTRADICTS = "与库内原文不符"
    OUTDATED = "依据已失效"
    MISSING = "没有找到"


@dataclass(frozen=True, slots=True)
class Content:
    """One item. `answer`: letters of the right options; 对 or 错; for each blank what it accepts, wordings apart by `|`;
    for 简答 the reference answer. `stem` has `____` where a blank is."""

    kind: Kind
    stem: str
    options: tuple[str, ...]
    answer: tuple[str, ...]
    explanation: str = ""
    topic: str = ""
    origin: str = ""
    source: Excerpt | None = None

    @property
    def right_options(self) -> tuple[str, ...]:
        """The words of the right options."""
        return tuple(self.options[LETTERS.index(letter)] for letter in self.answer if letter in LETTERS)

    @property
    def answer_in_words(self) -> str:
        """As the explanation shows it: `B．三年`, `对`, `二百元；五年`."""
        if self.options:
            words = zip(self.answer, self.right_options, strict=True)
            return "；".join(f"{letter}．{option}" for letter, option in words)
        return "；".join(one.split(VARIANTS)[0] for one in self.answer)


def checked(content: Content) -> Content:
    """`content` without the space around its parts. Raises InvalidEntry with the reason when it cannot be asked."""
    content = replace(
        content,
        stem=_with_blanks(content),
        options=tuple(one.strip() for one in content.options),
        answer=tuple(one.strip() for one in content.answer),
        explanation=content.explanation.strip()[:LONGEST_ANSWER],
        topic=content.topic.strip()[:40],
    )
    if not content.stem:
        raise InvalidEntry("题干是空的。")
    if len(content.stem) > LONGEST_STEM:
        raise InvalidEntry(f"题干有 {len(content.stem)} 个字，最多 {LONGEST_STEM} 个字。")
    if not content.answer or not all(content.answer):
        raise InvalidEntry("没有答案。")
    if max(map(len, content.answer)) > LONGEST_ANSWER:
        raise InvalidEntry(f"答案最多 {LONGEST_ANSWER} 个字。")
    if content.kind in (Kind.SINGLE, Kind.MULTIPLE):
        _check_options(content)
    elif content.options:
        raise InvalidEntry(f"{content.kind}题不应有选项。")
    if content.kind is Kind.JUDGE and content.answer not in ((TRUE,), (FALSE,)):
        raise InvalidEntry("判断题的答案应是“对”或“错”。")
    if content.kind is Kind.FILL and content.stem.count(BLANK) != len(content.answer):
        raise InvalidEntry(f"题干有 {content.stem.count(BLANK)} 个空，答案有 {len(content.answer)} 个。")
    if content.kind is Kind.SHORT and len(content.answer) != 1:
        raise InvalidEntry("简答题只有一个参考答案。")
    return content


def key_of(content: Content) -> str:
    """Two items with one key are the same: stem and choices without marks and spaces, whatever the order of options."""
    options = sorted(plain(one) for one in content.options)
    return "\n".join((str(content.kind), plain(content.stem), *options))


def plain(words: str) -> str:
    """`words` in one width and script, without marks."""
    return _MARKS.sub("", searchable(words))


def letters(places: Sequence[int]) -> tuple[str, ...]:
    """`(0, 2)` -> `("A", "C")`."""
    return tuple(LETTERS[place] for place in sorted(places))


def _with_blanks(content: Content) -> str:
    stem = "\n".join(line.strip() for line in content.stem.strip().splitlines() if line.strip())
    return BLANKS.sub(BLANK, stem) if content.kind is not Kind.SHORT else stem


def _check_options(content: Content) -> None:
    if not 2 <= len(content.options) <= len(LETTERS):
        raise InvalidEntry(f"有 {len(content.options)} 个选项，应有 2 到 {len(LETTERS)} 个。")
    if not all(content.options):
        raise InvalidEntry(f"选项 {LETTERS[content.options.index('')]} 是空的。")
    seen: dict[str, str] = {}
    for letter, option in zip(LETTERS, content.options, strict=False):
        word = plain(option) or option
        if word in seen:
            raise InvalidEntry(f"选项 {seen[word]} 和 {letter} 相同。")
        seen[word] = letter
    beyond = [one for one in content.answer if one not in LETTERS[: len(content.options)]]
    if beyond:
        raise InvalidEntry(f"答案“{beyond[0]}”不在选项里。")
    if len(set(content.answer)) != len(content.answer):
        raise InvalidEntry("答案里有重复的选项。")
    if content.kind is Kind.SINGLE and len(content.answer) != 1:
        raise InvalidEntry(f"单选题有 {len(content.answer)} 个答案。")
    if content.kind is Kind.MULTIPLE and len(content.answer) < 2:
        raise InvalidEntry("多选题只有一个答案，应作为单选题。")
