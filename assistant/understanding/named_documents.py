"""Which documents a question names: held in the library, or known to the register and missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.understanding.places import PLACE
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Entry, Register
from knowledge.metadata.validity import series_key
from knowledge.model import GUIDE, Document
from knowledge.text.normalise import searchable
from knowledge.text.quantities import ARABIC, CHINESE

_PREFIXES = ("中国共产党", "中华人民共和国", "中共中央", "国务院")
_BRACKETED = re.compile(r"《([^《》]{2,60})》")
_TRIAL = re.compile(r"(?:[（(]?(?:试行|暂行)[）)]?|[（(](?:19|20)\d{2}年?(?:版|修订|修正|修改)?[）)])$")
#: How the titles of documents end; what else stands in 《》 is a certificate, a form, a newspaper.
_A_DOCUMENT = re.compile(
    r"(?:条例|规定|办法|准则|细则|规则|章程|意见|法|宪法|通知|通报|公告|决定|决议|纲要|方案|规划|计划|标准|规范|制度|公报|报告|讲话|建议|清单|目录|"
    r"解释|批复|指引|指南|要点|守则|公约|协定|解答|要求|若干问题)(?:[（(][^（）()]*[）)])?$"
)
_UNQUOTED = re.compile(r"(?=([\u4e00-\u9fff()、]{2,20}?(?:条例|规定|办法|准则|细则|规则|章程|意见|法)))")


#: How a question speaks of a speech that it does not name: `那篇发言`, `发言里说`; `什么时候发言` is none.
_SPOKEN = re.compile(
    r"[这那本该][篇份](?:研讨)?(?:发言|讲话|材料|稿子?|文章)(?:材料|稿)?|[这那]个(?:发言|讲话)|[这那]篇(?=东西|里|讲|说)|研讨(?:发言)?材料|研讨发言|发言材料|发言稿|讲话稿|"
    r"发言人|讲话人|(?:发言|讲话|稿子)(?=[里中说提讲靠]|怎么[看说讲]|一共|总共|分[成为了几哪]|引用|开头|结尾|最后|认为|主张|强调|指出)|"
    r"(?<![\u4e00-\u9fff])材料(?=[里中]?(?:主张|认为|强调|指出|怎么[看说讲])|[里中](?:对|把|[说讲提给谈分举][^不]))"
)


def is_speech(kind: str | None, title: str) -> bool:
    """Whether a text is somebody's words and no rule."""
    return kind in ("讲话", "发言") or (kind is None and bool(re.search("讲话|发言|致辞", title)))


# What says nothing of a text's subject.
_COMMON = re.compile(r"管理|实施|暂行|试行|工作|若干|有关|具体|补充|规定|办法|条例|细则|规则|准则|意见|章程")
_WORDS_BEFORE = re.compile(
    r"(?:.*(?:[^\u4e00-\u9fff]|请问|根据|按照|依据|依照|关于|知道|什么是|[的在和与及对按据了看查问从]))?([\u4e00-\u9fff]{2,20})"
)
_POINTING = re.compile(r"本|该|这|那|哪|此|上述|前述|以上|有关|相关|我们|你们")
_ARTICLE_FOLLOWS = re.compile(rf"》?[的中里]?第?[{ARABIC}{CHINESE}]{{1,6}}条")


@dataclass(frozen=True, slots=True)
class Named:
    """A document that a text names at `start:end` (of the searchable copy). `documents` are its editions in the
    library, newest first, empty when the library lacks it; `entry` is what the register knows of it; `part` is the address
    of the text meant when a document holds several (a notice with two regulations attached)."""

    title: str
    start: int
    end: int
    documents: tuple[Document, ...]
    entry: Entry | None
    part: str = ""


class Names:
    """Every way the library's and the register's titles are written, ready for look-up in a question."""

    def __init__(
        self,
        documents: Sequence[Document],
        register: Register,
        guides: Iterable[str] = (),
        parts: Iterable[tuple[str, Document, str]] = (),
    ) -> None:
        """`guides` are the texts of the library's study guides: what they report counts as covered. `parts` are the further
        texts inside documents: title, document, address."""
        self._reported = {series_key(title) for text in guides for title in _BRACKETED.findall(text)}
        self._held: dict[str, list[Document]] = {}
        for document in documents:
            if document.card.kind != GUIDE:
                self._held.setdefault(document.series, []).append(document)
        for editions in self._held.values():
            editions.sort(key=lambda document: document.card.edition or "", reverse=True)
        self._entries = {series_key(entry.title): entry for entry in register.entries}
        self._aliases: dict[str, str] = {}
        for key, entry in self._entries.items():
            for alias in _variants(entry.title):
                self._aliases.setdefault(alias, key)
        for key, editions in self._held.items():
            for alias in _variants(editions[0].card.title):
                self._aliases[alias] = key
        self._aliases.pop("", None)  # a document without a title is named by nothing; "" would be found for ever
        for key, entry in self._entries.items():
            for short in entry.short:
                alias = searchable(short)
                if alias not in self._aliases or (key in self._held and self._aliases[alias] not in self._held):
                    self._aliases[alias] = key
        self._parts: dict[str, tuple[Document, str]] = {}
        for title, document, path in parts:
            for alias in _variants(title):
                if alias and alias not in self._aliases:
                    self._parts.setdefault(alias, (document, path))
        self._plain_titles = [
            (key, _TRIAL.sub("", searchable(editions[0].card.title))) for key, editions in self._held.items()
        ]
        self._longest_first = sorted((*self._aliases, *self._parts), key=len, reverse=True)

    def find(self, text: str) -> tuple[Named, ...]:
        """The documents that `text` names, in reading order; of overlapping names the longest counts."""
        plain = searchable(text)
        taken: list[Named] = []

        def free(start: int, end: int) -> bool:
            return all(end <= other.start or start >= other.end for other in taken)

        for match in _BRACKETED.finditer(plain):
            key = self._resolve(match[1])
            part = self._part(_TRIAL.sub("", match[1]), match.start(), match.end())
            if part is not None:
                taken.append(part)
            elif key is not None or _A_DOCUMENT.search(match[1]):
                taken.append(self._named(key, match[1], match.start(), match.end()))
        for alias in self._longest_first:
            start = plain.find(alias)
            while start >= 0:
                end = start + len(alias)
                if free(start, end):
                    part = self._part(alias, start, end)
                    taken.append(part or self._named(self._aliases.get(alias), alias, start, end))
                start = plain.find(alias, end)
        for match in _UNQUOTED.finditer(plain):
            start, end = match.span(1)
            if not free(start, end) or not (key := self._loosely(match[1])):
                continue
            more = _qualifier(plain[:start], match[1])
            if not more or in_order(more, self._held[key][0].card.title + (self._held[key][0].card.issuer or "")):
                taken.append(self._named(key, match[1], start, end))
            elif free(start - len(more), end) and (_is_place(more, match[1]) or _ARTICLE_FOLLOWS.match(plain, end)):
                # Another text of a like name (养犬管理办法, 云岭市…): the library lacks it.
                taken.append(Named(more + match[1], start - len(more), end, (), None))
        for match in _UNQUOTED.finditer(plain):
            start, end = match.span(1)
            if free(start, end) and _ARTICLE_FOLLOWS.match(plain, end) and (name := _whole_name(plain[:end])):
                taken.append(Named(name, end - len(name), end, (), None))
        return tuple(sorted(taken, key=lambda named: named.start))

    def speech(self, text: str) -> Named | None:
        """The one speech that the library holds, where `text` speaks of a speech (`那篇发言`, `讲话里`) without naming any."""
        found = _SPOKEN.search(searchable(text))
        speeches = [
            editions for editions in self._held.values() if is_speech(editions[0].card.kind, editions[0].card.title)
        ]
        if found is None or len(speeches) != 1:
            return None
        return Named(speeches[0][0].card.title, found.start(), found.end(), tuple(speeches[0]), None)

    def held(self, title: str) -> tuple[Document, ...]:
        """Editions in the library of the text called `title`, newest first; empty when there are none."""
        return tuple(self._held.get(series_key(title), ()))

    def lacking(self) -> list[str]:
        """The titles of known documents that the library neither holds nor reports."""
        return [entry.title for key, entry in self._entries.items() if not self.covers(key)]

    def covers(self, series: str) -> bool:
        """Whether the library holds a text of `series`, or a study guide that reports one."""
        return series in self._held or series in self._reported

    def _named(self, key: str | None, alias: str, start: int, end: int) -> Named:
        documents = tuple(self._held.get(key, ())) if key else ()
        entry = self._entries.get(key) if key else None
        title = documents[0].card.title if documents else entry.title if entry else alias
        return Named(title, start, end, documents, entry)

    def _part(self, alias: str, start: int, end: int) -> Named | None:
        """The text called `alias` that a document holds beside its main one."""
        found = self._parts.get(alias) if alias not in self._aliases else None
        return Named(alias, start, end, (found[0],), None, found[1]) if found else None

    def _resolve(self, title: str) -> str | None:
        plain = _TRIAL.sub("", title)
        return self._aliases.get(title) or self._aliases.get(plain) or self._loosely(plain)

    def _loosely(self, name: str) -> str | None:
        """The one held series whose title ends alike and has the characters of `name` in order (`干部档案工作条例`,
        `纪处条例`); None when none or several do. A name of under four characters is too little to go by."""
        if len(name) < 4 or name[0] in "有的在按据对是和与":
            return None
        fitting = [key for key, title in self._plain_titles if title.endswith(name[-2:]) and in_order(name, title)]
        return fitting[0] if len(fitting) == 1 else None


def _qualifier(before: str, name: str) -> str:
    """The words right before `name` that belong to it: a place, and before a name of common words (管理办法) what it is
    about."""
    found = _WORDS_BEFORE.fullmatch(before)
    words = found[1] if found else ""
    return words if _is_place(words, name) or not _COMMON.sub("", name) else ""


def _whole_name(before: str) -> str:
    """The name of a text that `before` ends with, when it says of what: 养犬管理办法, not 本办法 or 管理办法."""
    found = _WORDS_BEFORE.fullmatch(before)
    name = found[1] if found and not _POINTING.match(found[1]) else ""
    return name if len(_COMMON.sub("", name)) > 1 else ""


def _is_place(words: str, name: str) -> bool:
    """Whether `words` before a name are a place, 云岭市 or the 云岭 of 云岭|市图书借阅条例."""
    return PLACE.fullmatch(words) is not None or PLACE.fullmatch(words + name[0]) is not None


def _variants(title: str) -> Iterator[str]:
    """`title` as people write it: without the trial mark, without the body it is addressed to."""
    plain = re.sub(r"[《》\s]", "", searchable(title))
    for form in dict.fromkeys((plain, _TRIAL.sub("", plain))):
        yield form
        for prefix in _PREFIXES:
            rest = form.removeprefix(prefix)
            if rest != form and len(rest) >= 3:
                yield rest
                break
        if form.startswith("中共中央"):
            yield form.removeprefix("中共")


def in_order(name: str, title: str) -> bool:
    """Whether the characters of `name` all stand in `title`, in that order: `纪处条例` in `纪律处分条例`."""
    characters = iter(title)
    return all(character in characters for character in name)


def parts_of(kb: KnowledgeBase, documents: Sequence[Document]) -> Iterator[tuple[str, Document, str]]:
    """The further texts that documents hold, each with its title and address."""
    for document in documents:
        for section in kb.outline(document.version_id).sections:
            if section.level == "部分" and section.label.startswith("《"):
                yield section.label.strip("《》"), document, section.path
