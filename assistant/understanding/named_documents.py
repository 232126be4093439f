"""Which documents a question names: held in the library, or known to the register and missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.metadata.register import Entry, Register
from knowledge.metadata.validity import series_key
from knowledge.model import GUIDE, Document
from knowledge.text.normalise import searchable

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
    r"[这那本该]篇(?:研讨)?(?:发言|讲话)(?:材料|稿)?|研讨发言(?:材料)?|发言材料|发言稿|讲话稿|发言人|讲话人|"
    r"(?:发言|讲话)(?=[里中说提讲靠]|开头|结尾|最后|认为|主张|强调|指出)"
)


def is_speech(kind: str | None, title: str) -> bool:
    """Whether a text is somebody's words and no rule."""
    return kind in ("讲话", "发言") or (kind is None and bool(re.search("讲话|发言|致辞", title)))


@dataclass(frozen=True, slots=True)
class Named:
    """A document that a text names at `start:end` (of the searchable copy). `documents` are its editions in the
    library, newest first, empty when the library lacks it; `entry` is what the register knows of it."""

    title: str
    start: int
    end: int
    documents: tuple[Document, ...]
    entry: Entry | None


class Names:
    """Every way the library's and the register's titles are written, ready for look-up in a question."""

    def __init__(self, documents: Sequence[Document], register: Register, guides: Iterable[str] = ()) -> None:
        """`guides` are the texts of the library's study guides: what they report counts as covered."""
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
        self._plain_titles = [
            (key, _TRIAL.sub("", searchable(editions[0].card.title))) for key, editions in self._held.items()
        ]
        self._longest_first = sorted(self._aliases, key=len, reverse=True)

    def find(self, text: str) -> tuple[Named, ...]:
        """The documents that `text` names, in reading order; of overlapping names the longest counts."""
        plain = searchable(text)
        taken: list[Named] = []

        def free(start: int, end: int) -> bool:
            return all(end <= other.start or start >= other.end for other in taken)

        for match in _BRACKETED.finditer(plain):
            key = self._resolve(match[1])
            if key is not None or _A_DOCUMENT.search(match[1]):
                taken.append(self._named(key, match[1], match.start(), match.end()))
        for alias in self._longest_first:
            start = plain.find(alias)
            while start >= 0:
                end = start + len(alias)
                if free(start, end):
                    taken.append(self._named(self._aliases[alias], alias, start, end))
                start = plain.find(alias, end)
        for match in _UNQUOTED.finditer(plain):
            if free(match.start(1), match.end(1)) and (key := self._loosely(match[1])):
                taken.append(self._named(key, match[1], match.start(1), match.end(1)))
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

    def covers(self, series: str) -> bool:
        """Whether the library holds a text of `series`, or a study guide that reports one."""
        return series in self._held or series in self._reported

    def _named(self, key: str | None, alias: str, start: int, end: int) -> Named:
        documents = tuple(self._held.get(key, ())) if key else ()
        entry = self._entries.get(key) if key else None
        title = documents[0].card.title if documents else entry.title if entry else alias
        return Named(title, start, end, documents, entry)

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
