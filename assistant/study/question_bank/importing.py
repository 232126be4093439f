"""Bringing a foreign question bank in: a file of any of four shapes, what of it can be read, and why the rest cannot."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from assistant.errors import InvalidEntry
from assistant.study.question_bank.content import LETTERS, Content, Kind, key_of, plain
from assistant.study.question_bank.rows import Row, Value, column, content_of
from knowledge.errors import KnowledgeError
from knowledge.parsing.loaders.encoding import decode
from knowledge.text.quantities import ITEM

MOST_ROWS = 20_000
LARGEST = 20 << 20  # bytes
SHAPES = (".jsonl", ".xlsx", ".csv", ".docx", ".txt")

_HEADING = re.compile(
    rf"^[{ITEM}]+\s*[、.．]?\s*(?:[一-鿿]{{0,4}})(单项?选|单选|多项?选|多选|判断|填空|简答|论述|问答|名词解释)"
)
_NUMBER = re.compile(r"^\s*[(（]?(\d{1,4})[)）]?\s*[.．、:：)）]\s*(?=\D)")
_OPTION = re.compile(r"(?:^|\s)[(（]?([A-J])[)）]?\s*[.．、:：]\s*(?=\S)")
_FIELD = re.compile(r"^\s*[【\[]?(答案|正确答案|参考答案|标准答案|解析|答案解析|专题|知识点)[】\]]?\s*[:：]?\s*")
_INSIDE = re.compile(r"[（(]\s*([A-J](?:[\s,，、]*[A-J])*|对|错|√|×|正确|错误)\s*[)）]")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be taken, in a few words of its own, and why."""

    place: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """A row that can be taken."""

    place: str
    content: Content


@dataclass(frozen=True, slots=True)
class Report:
    """What a file holds. `doubled` are the same item twice in the file; `differing` the same question with another answer,
    which are taken and must be looked at."""

    read: tuple[Read, ...]
    rejected: tuple[Rejected, ...]
    doubled: tuple[Rejected, ...]
    differing: tuple[Rejected, ...]


def read_bank(name: str, data: bytes) -> Report:
    """Every item of a file. Raises InvalidEntry for a file that is none of the shapes or cannot be read at all."""
    if len(data) > LARGEST:
        raise InvalidEntry(f"“{name}”有 {len(data) >> 20} MB，最大 {LARGEST >> 20} MB。")
    readers: Mapping[str, Callable[[bytes, str], list[Row | Rejected]]] = {
        ".jsonl": _jsonl,
        ".xlsx": _xlsx,
        ".csv": _csv,
        ".docx": _docx,
        ".txt": _txt,
    }
    suffix = PurePath(name).suffix.lower()
    if suffix not in readers:
        raise InvalidEntry(f"“{name}”不是题库文件，可以用 {'、'.join(SHAPES)}。")
    try:
        rows = readers[suffix](data, name)
    except KnowledgeError as error:
        raise InvalidEntry(str(error)) from error
    if not rows:
        raise InvalidEntry(f"“{name}”里没有找到题目；表格第一行要有“题型、题干、选项、答案”这样的列名。")
    return _report(rows[:MOST_ROWS], PurePath(name).name)


def _report(rows: Sequence[Row | Rejected], origin: str) -> Report:
    read: list[Read] = []
    rejected: list[Rejected] = []
    doubled: list[Rejected] = []
    differing: list[Rejected] = []
    keys: dict[str, str] = {}
    stems: dict[tuple[Kind, str], Read] = {}
    for row in rows:
        if isinstance(row, Rejected):
            rejected.append(row)
            continue
        words = next((str(value) for name, value in row.fields.items() if column(name) == "stem"), "")[:40]
        try:
            content = content_of(row, origin)
        except InvalidEntry as error:
            rejected.append(Rejected(row.place, words, str(error)))
            continue
        key = key_of(content)
        if key in keys:
            doubled.append(Rejected(row.place, words, f"与{keys[key]}是同一道题"))
            continue
        keys[key] = row.place
        one = Read(row.place, content)
        stem = (content.kind, plain(content.stem))
        if (before := stems.get(stem)) is not None and _answers(before.content) != _answers(content):
            differing.append(Rejected(row.place, words, f"与{before.place}题干相同，答案不同"))
        stems.setdefault(stem, one)
        read.append(one)
    return Report(tuple(read), tuple(rejected), tuple(doubled), tuple(differing))


def _answers(content: Content) -> frozenset[str]:
    return frozenset(map(plain, content.right_options or content.answer))


def _jsonl(data: bytes, name: str) -> list[Row | Rejected]:
    found: list[Row | Rejected] = []
    for number, line in enumerate(decode(data, name).splitlines(), start=1):
        if not line.strip():
            continue
        place = f"第 {number} 行"
        try:
            one = json.loads(line)
        except ValueError:
            found.append(Rejected(place, line[:40], "这一行不是 JSON。"))
            continue
        if not isinstance(one, dict):
            found.append(Rejected(place, line[:40], "这一行不是一道题（应是 JSON 对象）。"))
            continue
        found.append(Row(place, {str(key): value for key, raw in one.items() if (value := _value(raw)) is not None}))
    return found


def _value(raw: object) -> Value | None:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "对" if raw else "错"
    if isinstance(raw, (int, float)):
        return str(raw)
    if isinstance(raw, list):
        return tuple(str(one) for one in raw)
    if isinstance(raw, dict):  # {"A": "…", "B": "…"}
        return tuple(str(raw[key]) for key in sorted(raw))
    return None


def _csv(data: bytes, name: str) -> list[Row | Rejected]:
    text = decode(data, name)
    separator = max(",\t;", key=text.split("\n", 1)[0].count)
    return _table(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)), "")


def _xlsx(data: bytes, name: str) -> list[Row | Rejected]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found: list[Row | Rejected] = []
        for sheet in book.worksheets:
            cells: list[list[str]] = []
            for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=60, values_only=True):
                cells.append(["" if one is None else _shown(one) for one in row])
            found += _table(cells, f"“{sheet.title}”" if len(book.worksheets) > 1 else "")
    except Exception as error:  # the library raises whatever a damaged file brings it to
        raise InvalidEntry(f"“{name}”打不开，请用 Excel 或 WPS 另存为 .xlsx 再试。") from error
    return found


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "对" if value is True else "错" if value is False else str(value)


def _table(cells: Sequence[Sequence[str]], sheet: str) -> list[Row | Rejected]:
    """Rows under the first line that names a stem and an answer; what stands above it is a title."""
    names: list[str] = []
    found: list[Row | Rejected] = []
    for number, line in enumerate(cells, start=1):
        if not names:
            fields = [column(one) for one in line]
            names = list(line) if "stem" in fields and "answer" in fields else []
            continue
        if any(one.strip() for one in line):
            place = f"{sheet}第 {number} 行"
            found.append(Row(place, {name: one for name, one in zip(names, line, strict=False) if one.strip()}))
    return found


def _docx(data: bytes, name: str) -> list[Row | Rejected]:
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        lines = [one.text for one in document.paragraphs]
        tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    except Exception as error:  # likewise
        raise InvalidEntry(f"“{name}”打不开，请用 Word 或 WPS 另存为 .docx 再试。") from error
    found: list[Row | Rejected] = list(_running("\n".join(lines).splitlines()))
    for number, table in enumerate(tables, start=1):
        found += _table(table, f"表 {number} ")
    return found


def _txt(data: bytes, name: str) -> list[Row | Rejected]:
    return list(_running(decode(data, name).splitlines()))


def _running(lines: Sequence[str]) -> Iterator[Row]:
    """Items of a running text: a number, the stem, lines A. B. C., then 答案： and 解析：. A heading tells the kind."""
    kind = ""
    fields: dict[str, list[str]] = {}
    into, place, expected = "", "", 1

    def row() -> Iterator[Row]:
        if fields.get("题干"):
            yield Row(place, _fields(fields, kind))

    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if not line:
            continue
        if heading := _HEADING.match(line):
            yield from row()
            fields, into, kind = {}, "", heading[1]
            continue
        begins = _NUMBER.match(line)
        if begins and (int(begins[1]) in (1, expected) or into != "题干"):
            yield from row()
            expected = int(begins[1]) + 1
            fields, into, place = {"题干": [line[begins.end() :]]}, "题干", f"第 {number} 行"
            continue
        if not fields:
            continue
        if told := _FIELD.match(line):
            into = {
                "正确答案": "答案",
                "参考答案": "答案",
                "标准答案": "答案",
                "答案解析": "解析",
                "知识点": "专题",
            }.get(told[1], told[1])
            line = line[told.end() :]
        elif _OPTION.match(line):
            into = "选项"
        fields.setdefault(into, []).append(line)
    yield from row()


def _fields(fields: Mapping[str, Sequence[str]], kind: str) -> dict[str, Value]:
    found: dict[str, Value] = {name: "\n".join(lines) for name, lines in fields.items()}
    stem, options = str(found.get("题干", "")), "\n".join(fields.get("选项", ()))
    if not options and len(pieces := _OPTION.split(stem)) > 4:  # A. B. C. in the line of the stem
        stem, options = pieces[0], stem[len(pieces[0]) :]
    if options:
        parts = _OPTION.split("\n" + options)
        if parts[1::2] == list(LETTERS[: len(parts) // 2]):
            found["选项"] = tuple(one.strip() for one in parts[2::2])
    if "答案" not in found and len(inside := _INSIDE.findall(stem)) == 1:
        stem, found["答案"] = _INSIDE.sub("（ ）", stem), inside[0]
    found["题干"] = stem
    if kind:
        found["题型"] = kind if kind != "名词解释" else str(Kind.SHORT)
    return found
