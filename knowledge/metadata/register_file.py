"""The register's file: what an entry holds, how its title is folded, and how mistakes in the file are told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

import yaml

from knowledge.errors import KnowledgeError
from knowledge.text.normalise import searchable

KINDS: Final = (
    *("党章", "章程", "宪法", "法律", "行政法规", "监察法规", "规章", "准则", "条例", "规定", "办法", "规则", "细则"),
    *("意见", "决定", "决议", "通知", "公报", "报告", "方案", "标准", "规划纲要"),
)

_FIELDS: Final = ("title", "short", "issuer", "kind", "editions", "status", "superseded_by", "subjects", "terms")
_STATUSES: Final = ("in_force", "repealed")
_PREFIXES: Final = ("中国共产党", "中华人民共和国", "中共中央国务院", "中共中央办公厅国务院办公厅印发")
_TRIAL: Final = re.compile(r"(?:\((?:试行|暂行|草案|修订|修正|全文)\)|试行|全文)$")
_YEAR: Final = re.compile(r"\(?(?:19|20)\d{2}(?:年?[-—~至.][\d\-.—]{1,7}年?)?(?:年?(?:版|修[订正]版?)|年)?\)?$")
SILENT: Final = re.compile(r"[\s《》〈〉<>\"'“”‘’「」()（）〔〕\[\]、,，:：·_\-－—]")


class InvalidRegister(KnowledgeError):
    """The register file cannot be read: which entry, which field, what to do."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a text; `issued_on` and `effective_on` are None when they are not known for certain."""

    year: int
    issued_on: date | None = None
    effective_on: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A document known to exist. `editions` are oldest first; `subjects` and `terms` are phrases as written in the
    file, the words of a phrase separated by spaces; `superseded_by` is a title of the register."""

    title: str
    short: tuple[str, ...]
    issuer: str | None
    kind: str
    topic: str
    editions: tuple[Edition, ...]
    in_force: bool
    superseded_by: str | None
    subjects: tuple[str, ...]
    terms: tuple[str, ...]

    @property
    def newest(self) -> int | None:
        """Year of the newest edition; None when no year is known."""
        return self.editions[-1].year if self.editions else None


def fold(title: str) -> str:
    """`《中华人民共和国公务员法》（2018年修订）` → `公务员法`: a title without decoration, for comparison only."""
    plain = re.sub(r"\s", "", searchable(title)).replace("《", "").replace("》", "")
    for _ in range(2):
        plain = _TRIAL.sub("", _YEAR.sub("", plain) or plain)
    plain = SILENT.sub("", plain)
    for prefix in _PREFIXES:
        rest = plain.removeprefix(prefix)
        if rest != plain and (len(rest) > 3 or prefix == "中华人民共和国"):
            return rest
    return plain


def read_entries(path: Path) -> list[Entry]:
    """The entries of a register file, in the order of the file.

    Raises InvalidRegister, naming the entry and the field, when something in it cannot be.
    """
    try:
        topics = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as problem:
        raise InvalidRegister(f"名录文件 {path} 读不出来（{problem}），请检查路径和编码（UTF-8）。") from problem
    except yaml.YAMLError as problem:
        where = getattr(problem, "problem_mark", None)
        line = f"第 {where.line + 1} 行" if where else "某处"
        raise InvalidRegister(f"名录文件 {path.name} {line}不符合 YAML 格式，请检查缩进、冒号和引号。") from problem
    if not isinstance(topics, dict):
        raise InvalidRegister(f"名录文件 {path.name} 的顶层应当是“专题: 文件列表”。")
    seen: dict[str, str] = {}
    entries: list[Entry] = []
    for topic, listed in topics.items():
        if not isinstance(listed, list):
            raise InvalidRegister(f"名录专题“{topic}”下面应当是文件列表，每个文件以“- title:”开头。")
        for fields in listed:
            entry = _entry(fields, str(topic))
            if (other := seen.setdefault(fold(entry.title), entry.title)) is not entry.title:
                raise InvalidRegister(
                    f"名录里《{entry.title}》与《{other}》是同一个文件，title 不能重复，请合并成一条。"
                )
            entries.append(entry)
    in_force = {fold(entry.title) for entry in entries if entry.in_force}
    for entry in entries:
        if entry.superseded_by and fold(entry.superseded_by) not in in_force:
            raise _wrong(
                entry.title, "superseded_by", f"“{entry.superseded_by}”不是名录里的现行文件，请写现行文件的全称"
            )
    return entries


def _entry(fields: object, topic: str) -> Entry:
    if not isinstance(fields, dict) or not isinstance(fields.get("title"), str) or len(fold(fields["title"])) < 2:
        raise InvalidRegister(f"名录专题“{topic}”里有一条没有 title（文件全称），内容是：{str(fields)[:60]}。")
    title = fields["title"].strip()
    for name in fields:
        if name not in _FIELDS:
            raise _wrong(title, str(name), f"不是名录的字段，可用的有 {'、'.join(_FIELDS)}")
    if fields.get("kind") not in KINDS:
        raise _wrong(title, "kind", f"“{fields.get('kind')}”不是文种，可用的有 {'、'.join(KINDS)}")
    status = fields.get("status", "in_force")
    if status not in _STATUSES:
        raise _wrong(title, "status", f"“{status}”应当是 in_force 或 repealed")
    successor = fields.get("superseded_by")
    if successor is not None and (not isinstance(successor, str) or status == "in_force"):
        raise _wrong(title, "superseded_by", "只有 status 是 repealed 的文件才写，写取代它的文件全称")
    subjects, terms = _phrases(title, fields, "subjects"), _phrases(title, fields, "terms")
    if status == "in_force" and not subjects:
        raise _wrong(title, "subjects", "现行文件至少要写一项，写这个文件管什么")
    issuer = fields.get("issuer")
    if issuer is not None and not isinstance(issuer, str):
        raise _wrong(title, "issuer", "应当是机关名称")
    return Entry(
        title=title,
        short=_listed(title, fields, "short"),
        issuer=issuer,
        kind=fields["kind"],
        topic=topic,
        editions=_editions(title, fields.get("editions")),
        in_force=status == "in_force",
        superseded_by=successor,
        subjects=subjects if status == "in_force" else (),
        terms=terms if status == "in_force" else (),
    )


def _listed(title: str, fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = fields.get(name)
    items = value.split("、") if isinstance(value, str) else value or []
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise _wrong(title, name, "应当是用顿号隔开的词语")
    return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))


def _phrases(title: str, fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    phrases = _listed(title, fields, name)
    for phrase in phrases:
        if any(len(word) < 2 for word in phrase.split()):
            raise _wrong(title, name, f"“{phrase}”里有单个字的词，每个词至少两个字")
    return phrases


def _editions(title: str, value: object) -> tuple[Edition, ...]:
    editions = tuple(_edition(title, item) for item in (value if isinstance(value, list) else [value] if value else []))
    if any(earlier.year > later.year for earlier, later in pairwise(editions)):
        raise _wrong(title, "editions", "应当从旧到新排列")
    return editions


def _edition(title: str, item: object) -> Edition:
    """2019, 2019-03-03 or {year: …, issued_on: …, effective_on: …}."""
    fields = item if isinstance(item, dict) else {"year" if isinstance(item, int) else "issued_on": item}
    issued, effective = fields.get("issued_on"), fields.get("effective_on")
    year = fields.get("year", issued.year if isinstance(issued, date) else None)
    if (
        isinstance(year, int)
        and 1921 <= year <= 2100
        and isinstance(issued, date | None)
        and isinstance(effective, date | None)
        and set(fields) <= {"year", "issued_on", "effective_on"}
    ):
        return Edition(year, issued, effective)
    forms = "年份（2019）、成文日期（2019-03-03）或 {issued_on: 日期, effective_on: 日期}"
    raise _wrong(title, "editions", f"“{item}”应当是{forms}")


def _wrong(title: str, field: str, why: str) -> InvalidRegister:
    return InvalidRegister(f"名录里《{title}》的 {field}：{why}。")
