"""The JSON of /api/v1 as pydantic models: what comes in, what goes out, and what the page about it shows."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.model import Answer, Citation
from assistant.web.api.programs import Asked, Place, history_of
from knowledge.cli.json_output import document_json
from knowledge.model import Document
from knowledge.parsing.comparison import Change, Pair, Revision


class Said(BaseModel):
    """上文里的一句话。"""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=20_000)


class Question(BaseModel):
    """一个问题，可以带上文和范围。"""

    model_config = ConfigDict(json_schema_extra={"example": {"question": "公务员法第五十九条"}})

    question: str = Field(description="问题，最多 2000 字", max_length=4_000)
    history: list[Said] = Field(default=[], description="上文，早的在前", max_length=100)
    as_of: date | None = Field(default=None, description="按这一天的时效回答")
    mode: Literal["auto", "extract", "generate"] = Field(
        default="auto", description="extract 原文摘录，generate AI生成"
    )
    topic: str = Field(default="", description="只在这个专题里找", max_length=300)
    document: str = Field(default="", description="只在这部文件（各版本）里找", max_length=300)

    def asked(self) -> Asked:
        said = history_of([(one.role, one.content) for one in self.history])
        return Asked(self.question, said, self.as_of, self.mode, self.topic, self.document)


class Cited(BaseModel):
    """引文所在的文件。"""

    id: int
    title: str
    doc_no: str | None
    issuer: str | None
    edition: str | None
    validity: str


class Quote(BaseModel):
    """一处引文；quote 与原文 start:end 逐字相同。"""

    model_config = ConfigDict(extra="allow")

    marker: int
    document: Cited
    address: str
    quote: str
    start: int
    end: int


class Sentence(BaseModel):
    """一句话和它的出处（citations 里的 marker）。"""

    model_config = ConfigDict(extra="allow")

    text: str
    citations: list[int]


class Reply(BaseModel):
    """一个回答；mode 是 extract 原文摘录、generate AI生成、possible 可能相关、refuse 未作回答。"""

    model_config = ConfigDict(extra="allow")

    question: str
    standalone: str
    mode: str
    text: str
    confidence: float
    refusal: dict[str, Any] | None
    sentences: list[Sentence]
    citations: list[Quote]
    notices: list[str]


class Found(BaseModel):
    """检索到的片段，好的在前，分数越高越相关。"""

    query: str
    hits: list[dict[str, Any]]


class Card(BaseModel):
    """一份文件的信息。"""

    id: int
    title: str
    edition: str | None
    kind: str | None
    doc_no: str | None
    issuer: str | None
    issued_on: str | None
    effective_on: str | None
    validity: str
    series: str
    topic: str | None
    articles: int | None
    passages: int


class Part(BaseModel):
    """文件的全文，或其中一条、一章；start:end 是在全文中的位置。"""

    document: Card
    address: str
    text: str
    start: int
    end: int


class Compared(BaseModel):
    """两个版本逐条对照；changes 只列有改动的。"""

    old: Card
    new: Card
    counts: dict[str, int]
    changes: list[dict[str, Any]]


class Trouble(BaseModel):
    """没有做成的原因，一句话。"""

    message: str


def card(document: Document) -> Card:
    fields = document_json(document)
    return Card(**{name: fields[name] for name in Card.model_fields})


def part(place: Place) -> Part:
    return Part(document=card(place.document), address=place.address, text=place.text, start=place.start, end=place.end)


def compared(old: Document, new: Document, found: Revision) -> Compared:
    changes = [_pair(pair) for pair in found.pairs if pair.change is not Change.UNCHANGED or pair.moved]
    counts = {str(change): found.count(change) for change in Change} | {"移动": found.moved}
    return Compared(old=card(old), new=card(new), counts=counts, changes=changes)


def address_of(citation: Citation, base: str) -> str:
    """Where the quote is marked in its document; `base` ends with a slash."""
    return f"{base}document/{citation.document.id}?at={citation.start}-{citation.end}#quote"


def sources_of(answer: Answer) -> tuple[Citation, ...]:
    """What an answer cites, or what came nearest where there is none."""
    return answer.citations or (answer.refusal.nearest if answer.refusal else ())


def _pair(pair: Pair) -> dict[str, Any]:
    sides = {"old": pair.old, "new": pair.new}
    shown = {name: {"label": one.label, "text": one.text} if one else None for name, one in sides.items()}
    return {"change": str(pair.change), "moved": pair.moved, **shown}
