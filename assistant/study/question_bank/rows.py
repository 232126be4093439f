"""From one row of a foreign bank to an item: what its columns are called, how kinds and answers are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import InvalidEntry
from assistant.study.question_bank.content import (
    BLANK,
    BLANKS,
    FALSE,
    LETTERS,
    TRUE,
    Content,
    Kind,
    checked,
    letters,
    plain,
)
from knowledge.text import searchable

Value = str | Sequence[str]

_NAMES: Mapping[str, tuple[str, ...]] = {
    "kind": ("题型", "类型", "题目类型", "试题类型", "type", "kind"),
    "stem": ("题干", "题目", "问题", "试题", "题目内容", "试题内容", "question", "stem"),
    "options": ("选项", "备选项", "备选答案", "options", "choices"),
    "answer": ("答案", "正确答案", "参考答案", "标准答案", "answer", "key"),
    "answer_text": ("答案内容", "answer_text"),
    "explanation": ("解析", "答案解析", "试题解析", "依据", "explanation", "analysis"),
    "topic": ("专题", "分类", "类别", "知识点", "topic", "category"),
}
_BY_NAME = {name: field for field, names in _NAMES.items() for name in names}
_OPTION_COLUMN = re.compile(r"(?:选项|备选项|option_?)\s*([a-j])|([a-j])(?:选项|项)?", re.IGNORECASE)
_KINDS: tuple[tuple[Kind, str], ...] = (
    (Kind.SINGLE, r"单|single|radio"),
    (Kind.MULTIPLE, r"多|不定项|multi|checkbox"),
    (Kind.JUDGE, r"判断|是非|对错|judge|true.?false|bool"),
    (Kind.FILL, r"填|fill|blank|cloze"),
    (Kind.SHORT, r"简|论述|问答|主观|案例|short|essay"),
)
_SPLIT_OPTIONS = re.compile(r"(?:^|[\s;；|])\s*[(（]?([A-Ja-j])[)）]?\s*[.．、:：)）]\s*")
_LETTERED = re.compile(r"^\s*[(（]?[A-Ja-j][)）]?\s*[.．、:：)）]\s*")
_ONLY_LETTERS = re.compile(r"[A-J](?:[\s,，、;；/]*[A-J])*")
_YES = frozenset({"对", "正确", "是", "√", "✓", "t", "true", "1", "y", "yes", "v"})
_NO = frozenset({"错", "错误", "否", "不对", "不正确", "×", "✗", "f", "false", "0", "n", "no", "x"})
#: Topics as the well-known banks on the net call them.
_TOPICS = {
    "party": "党建",
    "law": "法律法规",
    "discipline": "纪律作风",
    "cadre": "干部工作",
    "theory": "理论学习",
    "general": "综合",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One item as a file has it; `place` tells where (第 3 行), fields have the file's own names."""

    place: str
    fields: Mapping[str, Value]


def column(name: str) -> str | None:
    """The field that a column is, `option A` for an option of its own; None for a column we do not use."""
    word = searchable(name).strip(" :：*")
    if word in _BY_NAME:
        return _BY_NAME[word]
    if (found := _OPTION_COLUMN.fullmatch(word)) is not None:
        return f"option {(found[1] or found[2]).upper()}"
    return None


def content_of(row: Row, origin: str) -> Content:
    """The item of a row. Raises InvalidEntry with the reason when it cannot be read."""
    fields = _named(row.fields)
    stem = _text(fields.get("stem", "")).strip()
    options = _options(fields)
    answer = fields.get("answer", "")
    if not stem:
        raise InvalidEntry("没有题干。")
    if not _text(answer).strip():
        raise InvalidEntry("没有答案。")
    kind = _kind(_text(fields.get("kind", "")), options, answer)
    given: tuple[str, ...]
    if kind is Kind.JUDGE:
        given = (_verdict(answer, options),)
        options = ()
    elif kind in (Kind.SINGLE, Kind.MULTIPLE):
        given = _chosen(answer, options)
        _compare(fields.get("answer_text"), given, options)
    elif kind is Kind.FILL:
        stem, given = _blanks_of(stem, [answer] if isinstance(answer, str) else list(answer))
    else:
        given = (_text(answer).replace("\\n", "\n"),)
    topic = _text(fields.get("topic", ""))
    return checked(
        Content(
            kind,
            stem,
            tuple(options),
            given,
            _text(fields.get("explanation", "")).replace("\\n", "\n"),
            _TOPICS.get(topic, topic),
            origin,
        )
    )


def _named(fields: Mapping[str, Value]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in fields.items():
        if (field := column(name)) is not None and value:
            found.setdefault(field, value)
    return found


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "；".join(value)


def _options(fields: Mapping[str, Value]) -> tuple[str, ...]:
    columns = [_text(fields[f"option {letter}"]) for letter in LETTERS if f"option {letter}" in fields]
    written = fields.get("options", "")
    if not columns and not isinstance(written, str):
        columns = list(written)
    if not columns and isinstance(written, str) and written.strip():
        parts = _SPLIT_OPTIONS.split(written.replace("\n", " ; "))
        columns = parts[2::2] if len(parts) > 3 else re.split(r"[\n;；|]+", written)
    return tuple(_LETTERED.sub("", one).strip(" ;；") for one in columns if one.strip(" ;；"))


def _kind(written: str, options: Sequence[str], answer: Value) -> Kind:
    word = searchable(written)
    for kind, pattern in _KINDS:
        if re.search(pattern, word):
            return kind
    if word:
        raise InvalidEntry(f"不认识题型“{written}”。")
    if not options:
        raise InvalidEntry("没有写题型，也没有选项。")
    many = len(_chosen(answer, options)) > 1
    return Kind.MULTIPLE if many else Kind.SINGLE


def _chosen(answer: Value, options: Sequence[str]) -> tuple[str, ...]:
    """The letters of an answer that is written as letters, or as the words of options."""
    if not options:
        raise InvalidEntry("没有选项。")
    if isinstance(answer, str):
        compact = answer.strip().upper()
        if _ONLY_LETTERS.fullmatch(compact) and answer not in options:
            return tuple(sorted(re.findall("[A-J]", compact)))
        parts: Sequence[str] = [answer] if plain(answer) in map(plain, options) else re.split(r"[;；|\n]+", answer)
    else:
        parts = answer
    places = {plain(option): place for place, option in reversed(list(enumerate(options)))}
    found: list[int] = []
    for part in parts:
        words = part.strip()
        if re.fullmatch("[A-Ja-j]", words) and words not in options:
            found.append(LETTERS.index(words.upper()))
            continue
        place = places.get(plain(words), places.get(plain(_LETTERED.sub("", words))))
        if place is None:
            raise InvalidEntry(f"答案“{words[:30]}”不在选项里。")
        found.append(place)
    if found and max(found) >= len(options):
        raise InvalidEntry(f"答案“{LETTERS[max(found)]}”不在选项里。")
    return letters(sorted(set(found)))


def _compare(told: Value | None, given: Sequence[str], options: Sequence[str]) -> None:
    """Some banks write the answer twice; where the two differ, nobody knows which is meant."""
    if not told or any(letter not in LETTERS[: len(options)] for letter in given):
        return
    words = "".join(plain(options[LETTERS.index(letter)]) for letter in given)
    if plain(_text(told)) != words:
        raise InvalidEntry(f"答案字母 {''.join(given)} 与答案文字“{_text(told)[:30]}”不一致。")


def _verdict(answer: Value, options: Sequence[str]) -> str:
    word = searchable(_text(answer)).strip(" 。.")
    if len(word) == 1 and word.upper() in LETTERS[: len(options)] and options:
        word = searchable(options[LETTERS.index(word.upper())])
    elif len(word) == 1 and not options and word in "ab":
        word = "对" if word == "a" else "错"
    if word in _YES:
        return TRUE
    if word in _NO:
        return FALSE
    raise InvalidEntry(f"判断题的答案“{_text(answer)[:20]}”看不出是对是错。")


def _blanks_of(stem: str, parts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The stem with `____` and one answer for each. Some banks number their blanks with bare figures: 最大优势是1。"""
    marked = BLANKS.sub(BLANK, stem)
    count = marked.count(BLANK)
    if count == 0:
        for number in range(1, len(parts) + 1):
            pattern = rf"(?<![0-9]){number}(?![0-9年月日个次届条])"
            if len(re.findall(pattern, marked)) != 1:
                raise InvalidEntry("题干里找不到空的位置，请用 ____ 标出。")
            marked = re.sub(pattern, BLANK, marked)
        return marked, tuple(parts)
    if count > 1 and len(parts) == 1:
        parts = [one for one in re.split(r"[;；\n]+", parts[0]) if one.strip()]
    if count == 1 and len(parts) > 1:
        raise InvalidEntry(f"题干有 1 个空，答案有 {len(parts)} 个；一个空有几种写法时请用 | 隔开。")
    return marked, tuple(parts)
