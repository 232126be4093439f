"""The report of a file that was brought in: read as what, what is sure, what was left out, what it is like and does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from knowledge.ingestion.card_edits import FIELD_NAMES
from knowledge.ingestion.preview import Effect, Preview
from knowledge.model import CARD_FIELDS, Document, Status, Sureness, Validity
from knowledge.storage.catalog import card_values, plain
from knowledge.storage.new_version import NewVersion

_FORMATS = {
    ".docx": "Word 文档",
    ".doc": "旧版 Word 文档",
    ".wps": "WPS 文档",
    ".pdf": "PDF 文件",
    ".html": "网页",
    ".htm": "网页",
    ".md": "Markdown 文本",
    ".markdown": "Markdown 文本",
    ".txt": "纯文本",
    ".xlsx": "Excel 表格",
    ".xlsm": "Excel 表格",
    ".xls": "旧版 Excel 表格",
    ".et": "WPS 表格",
    ".csv": "CSV 表格",
    ".docm": "Word 文档",
    ".dotx": "Word 模板",
    ".pptx": "PPT 演示文稿",
    ".ppsx": "PPT 演示文稿",
    ".ofd": "OFD 公文",
    ".eml": "邮件",
    ".mht": "单文件网页",
    ".mhtml": "单文件网页",
    ".epub": "EPUB 电子书",
    ".odt": "ODT 文档",
    ".rtf": "RTF 文档",
}
_APPEARS = {Status.PUBLISHED: "学员可以查到", Status.WITHDRAWN: "学员不再查到", Status.DRAFT: "回到草稿"}
_TOLD_SINGLY = 5


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the identity card, with the words it rests on."""

    name: str
    label: str
    value: str | None
    sureness: Sureness
    evidence: str


@dataclass(frozen=True, slots=True)
class Twin:
    """A held document with the same or nearly the same words. `alike` and `inside` as `knowledge.text.similarity.Likeness`."""

    document_id: int
    title: str
    edition: str | None
    alike: float
    inside: float
    same_series: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Another document of the series that the file joins."""

    document_id: int
    title: str
    edition: str | None
    validity: str
    status: Status


@dataclass(frozen=True, slots=True)
class Report:
    """What was found out about one file. `effects` are sentences: what publishing it changes, now and later."""

    title: str
    read_as: str
    structure: str
    characters: int
    articles: int | None
    passages: int
    fields: tuple[Field, ...]
    notes: tuple[str, ...]
    twins: tuple[Twin, ...]
    members: tuple[Member, ...]
    effects: tuple[str, ...]

    def counted(self, sureness: Sureness) -> int:
        return sum(field.sureness is sureness for field in self.fields)


def read_as(new: NewVersion) -> str:
    suffix = "." + new.file_name.rpartition(".")[2].lower()
    return _FORMATS.get(suffix, "文件")


def structure_of(new: NewVersion) -> str:
    """`8 章 24 节 133 条`, `6 个一级标题`; what a reader would count."""
    levels = Counter(section.level for section in new.outline.sections)
    counts = [f"{levels[level]} {level}" for level in ("编", "章", "节") if levels[level]]
    if new.outline.articles:
        counts.append(f"{new.outline.articles} 条")
    if levels["一"]:
        counts.append(f"{levels['一']} 个一级标题")
    if levels["附件"]:
        counts.append(f"{levels['附件']} 个附件")
    return " ".join(counts) or "没有章条或层级，按段落切分"


def fields_of(new: NewVersion) -> tuple[Field, ...]:
    """The fields of the parser's card in the order in which people read them."""
    values = plain(card_values(new.card))
    return tuple(
        Field(
            name,
            FIELD_NAMES[name],
            values[name],
            new.card.sureness.get(name, Sureness.SURE if values[name] else Sureness.MISSING),
            new.card.evidence.get(name, ""),
        )
        for name in CARD_FIELDS
    )


def member(document: Document) -> Member:
    return Member(document.id, document.card.title, document.card.edition, document.validity.value, document.status)


def sentences(found: Preview, own: int | None) -> tuple[str, ...]:
    """What a preview says: first what happens to `own`, the document that is being changed, then what else. Many
    documents that only become visible are told in one sentence."""
    plain = [effect for effect in found.now if effect.document_id != own and _only_appears(effect)]
    grouped = {effect.document_id for effect in plain} if len(plain) > _TOLD_SINGLY else set()
    said = [f"{len(grouped)} 份现行有效的文件学员可以查到。"] if grouped else []
    order = sorted(found.now, key=lambda effect: effect.document_id != own)
    said += [_sentence(effect, own) for effect in order if effect.document_id not in grouped]
    for day in found.later:
        said += [f"{day.day:%Y-%m-%d} 起，{_sentence(effect, own)}" for effect in day.effects]
    return tuple(one for one in said if one)


def shared_out(
    found: Preview, own: Collection[int], series: Mapping[int, str]
) -> tuple[dict[int, list[str]], list[str]]:
    """What a preview of changes to several documents says of each of `own`, with the other editions of its series; and
    what it says of documents that belong to none of them. `series` is that of every document, by id."""
    by_series = {series[number]: number for number in own}
    told: dict[int, list[str]] = {number: [] for number in own}
    rest: list[str] = []
    for day, effects in [(None, found.now), *((day.day, day.effects) for day in found.later)]:
        for effect in effects:
            number = effect.document_id if effect.document_id in told else by_series.get(series[effect.document_id])
            said = _sentence(effect, number)
            if said:
                (rest if number is None else told[number]).append(f"{day} 起，{said}" if day else said)
    return told, rest


def named(title: str, edition: str | None) -> str:
    return f"《{title}》{edition}年版" if edition and edition.isdigit() else f"《{title}》{edition or ''}"


def _only_appears(effect: Effect) -> bool:
    return effect.status[1] is Status.PUBLISHED and effect.validity == (Validity.IN_FORCE, Validity.IN_FORCE)


def _sentence(effect: Effect, own: int | None) -> str:
    name = "本文件" if effect.document_id == own else named(effect.title, effect.edition)
    before, after = effect.validity
    parts = []
    if effect.status[0] is not effect.status[1]:
        parts.append(_APPEARS[effect.status[1]] if effect.status[1] else "从库里移除")
    if after and before is not after:
        parts.append(f"由{before}变为{after}" if before else f"时效是{after}")
    elif after and parts and (effect.document_id == own or after is not Validity.IN_FORCE):
        parts.append(f"时效是{after}")
    return f"{name}{'，'.join(parts)}。" if parts else ""


def report_json(report: Report) -> dict[str, Any]:
    return asdict(report)


def report_from_json(stored: Mapping[str, Any]) -> Report:
    """What `report_json` kept; raises KeyError for what it did not write."""
    return Report(
        **{name: stored[name] for name in ("title", "read_as", "structure", "characters", "articles", "passages")},
        fields=tuple(Field(**{**one, "sureness": Sureness(one["sureness"])}) for one in stored["fields"]),
        notes=tuple(stored["notes"]),
        twins=tuple(Twin(**one) for one in stored["twins"]),
        members=tuple(Member(**{**one, "status": Status(one["status"])}) for one in stored["members"]),
        effects=tuple(stored["effects"]),
    )
