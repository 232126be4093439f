"""The nouns of the library: identity card, document, section, passage, hit.

Offsets are counts of Unicode characters into a version's canonical text; `end` is exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

#: 文种 of the study guides: texts that report what documents say.
GUIDE = "学习导读"


class Validity(StrEnum):
    """时效 of an edition on a given day."""

    IN_FORCE = "现行有效"
    NOT_YET = "尚未施行"
    REVISED = "已被修订"
    REPEALED = "已废止"
    EXPIRED = "已失效"  # its own term has run out


class Status(StrEnum):
    """Whether readers may see a document."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Sureness(StrEnum):
    """How sure the parser is of one field of an identity card."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that the file's own markup calls a heading; `level` 1 is the highest."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of a file that is not in its canonical text: what it was (图片, 页眉, 隐藏的文字) and its words, when it
    has any."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a file says, before anything is understood: the canonical text and what markup told.

    `text` has one paragraph per line, no markup, no trailing spaces, and every character of the wording.
    `notes` are sentences in Chinese for the trainer about what was left out (a scanned page, an image); `left_out` are
    the pieces themselves: every visible character of the file is in `text` or in one of them.
    `card` holds identity-card fields that the file itself states (YAML front matter, docx properties). `sections` are
    there when the file's own cells say how it is divided (sheets and their rows), so that nothing has to be guessed.
    """

    text: str
    headings: tuple[Heading, ...] = ()
    title: str | None = None
    notes: tuple[str, ...] = ()
    card: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityCard:
    """文件信息: who issued what, when, in which edition. A field that is not known is None."""

    title: str
    kind: str | None = None
    doc_no: str | None = None
    issuer: str | None = None
    edition: str | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    repealed_on: date | None = None
    valid_until: date | None = None  # the last day that counts
    topic: str | None = None
    sureness: Mapping[str, Sureness] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)


#: Fields of an identity card, in the order in which people read them.
CARD_FIELDS: Final = (
    "title",
    "kind",
    "doc_no",
    "issuer",
    "edition",
    "issued_on",
    "effective_on",
    "repealed_on",
    "valid_until",
    "topic",
)


@dataclass(frozen=True, slots=True)
class Section:
    """One 层级 of a document. `start:end` spans the section with all that stands under it, `path` is its
    address (`第一章/第三条/第二款/（一）`), `label` its number as written (`第三条`), `title` the words of a
    heading (`总则`) or "". `depth` 0 is the outermost. Sections are in reading order, parents before children.
    """

    path: str
    label: str
    title: str
    level: str  # 部分 编 章 节 条 款 项 目 | 一 （一） 1 （1） 一是 | 序言 附件 落款 | 表 组 行
    depth: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A passage as cut from a text, before it is stored. `context` is the section path in words
    (`第二章 教育内容`), shown and embedded with the passage but not part of it."""

    address: str
    start: int
    end: int
    context: str


@dataclass(frozen=True, slots=True)
class Document:
    """One edition of one text as the catalogue knows it, with its newest complete version. `audience` are the groups that
    a trainer has kept it to (`metadata.audience`), none for everybody."""

    id: int
    version_id: int
    card: IdentityCard
    status: Status
    validity: Validity
    series: str
    articles: int | None
    passages: int
    sha256: str
    file_name: str
    added_at: datetime
    audience: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Passage:
    """条文片段: the unit that is retrieved. `text` equals the canonical text at `start:end`."""

    id: int
    document_id: int
    version_id: int
    ordinal: int
    address: str
    context: str
    text: str
    start: int
    end: int
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Met:
    """An everyday situation that is close to a question, with their cosine."""

    cosine: float
    situation: str


@dataclass(frozen=True, slots=True)
class Hit:
    """命中: a passage with a score; higher is better, always. `folded` are the same provision in other editions; `closest`
    is the cosine of its sentence closest to the question, 0 where sentences were not compared; `relevance` says token by token how
    well it answers, 0 where that was not asked; `met` is the situation
    that brought it nearer than its own wording did, None for none; `worded` is what words of a situation add to the score."""

    passage: Passage
    document: Document
    score: float
    dense: float
    lexical: float
    folded: tuple[Passage, ...] = ()
    closest: float = 0.0
    relevance: float = 0.0
    met: Met | None = None
    worded: float = 0.0
