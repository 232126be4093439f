"""What is a heading and what is not: numbered, marked by the file, or known only by its look."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.parsing.labels import RANKS
from knowledge.parsing.line_kinds import is_date_line, is_publication_line
from knowledge.parsing.paragraphs import Paragraph

NAMED = re.compile(
    r"总[ 　]*纲|序[ 　]*言|前[ 　]*言|引[ 　]*言|总[ 　]*则|附[ 　]*则|导[ 　]*[语言]|结[ 　]*束?[ 　]*语|后[ 　]*记"
)
_NO_HEADING = re.compile(r"[，。；：！？,;:!?|=＝]")
_COMMAND = re.compile(r"应当|应按|不得|必须|严禁|禁止|自.{2,12}起|本(?:规定|办法|通知|细则|意见)")
_IN_FORCE = re.compile(r"(?:自.{4,20}|之日)起(?:施行|实行|执行|生效)")
_TRANSITION = re.compile(
    r"施行|执行|废止|同时|此前|以前|过去|本(?:条例|规定|办法|规则|细则|准则|法|标准)|军队|参照|^注"
)
_REFERENCE = re.compile(r"参见|见|参照|按照|根据")
_LONGEST_RUN_IN = 36  # characters of a first sentence that still counts as a heading
_LONGEST_HEADING = 60  # characters of a numbered heading on its own line
TOP = -5.0  # rank of a markup heading that stands above all numbers
BARE = -4.0  # rank of a heading known only by its look


@dataclass(frozen=True, slots=True)
class Layout:
    """The paragraphs of one text and what is known of them as a whole: where its last article and its last chapter
    stand (-1: it has none), where its last article says that it is in force, and the ranks of markup headings."""

    part: Sequence[Paragraph]
    ranks: Mapping[int, float]
    last_article: int
    last_chapter: int
    in_force: int

    @classmethod
    def of(cls, part: Sequence[Paragraph]) -> Layout:
        articles = [i for i, p in enumerate(part) if p.label and p.label.level == "条"]
        chapters = [i for i, p in enumerate(part) if p.label and p.label.rank < RANKS["条"]]
        last = articles[-1] if articles else -1
        said = next((i for i in range(last, len(part)) if _IN_FORCE.search(part[i].text)), len(part)) if articles else 0
        return cls(part, _heading_ranks(part), last, chapters[-1] if chapters else -1, said)

    @property
    def has_articles(self) -> bool:
        return self.last_article >= 0


def heading_words(part: Sequence[Paragraph], index: int) -> str:
    """The heading in a numbered paragraph: the whole line, or a first sentence with more after it."""
    rest = part[index].rest.strip()
    if len(rest) <= _LONGEST_HEADING and not re.search(r"[。；：，！;:]$|。", rest):
        return rest
    found = re.match(rf"([^。！？；：，]{{2,{_LONGEST_RUN_IN}}})。", rest)
    if not found or _COMMAND.search(found[1]):
        return ""
    enumerated = index + 1 < len(part) and part[index + 1].text.startswith("—")
    return found[1] if len(rest) > found.end() or enumerated else ""


def title_goes_on(part: Sequence[Paragraph], index: int) -> bool:
    """Whether the title of a chapter goes on, or stands, on the next line."""
    if index + 2 >= len(part):
        return False
    following, beyond = part[index + 1], part[index + 2]
    short = len(following.text) <= 30 and following.label is None and not _NO_HEADING.search(following.text)
    return short and beyond.label is not None and not NAMED.fullmatch(following.text)


def is_bare_heading(layout: Layout, index: int) -> bool:
    """A short line without number or punctuation that heads what follows."""
    part = layout.part
    paragraph = part[index]
    text = paragraph.text
    if paragraph.label or not 2 <= len(text) <= 24 or _NO_HEADING.search(text) or index + 1 >= len(part):
        return False
    if is_date_line(text) or is_publication_line(text) or "  " in text or text[0] in "【—" or text[-1] in "、）)":
        return False
    following = part[index + 1]
    if index < layout.last_article:
        return following.label is not None and following.label.rank <= RANKS["条"]
    if index < layout.last_chapter or _REFERENCE.match(text) or (index and not part[index - 1].ends_sentence):
        return False
    if following.label:
        return following.label.number == 1 and following.label.level not in ("1", "（1）", "①", "a")
    return len(following.text) >= 40 and following.ends_sentence


def is_after_matter(layout: Layout, index: int) -> bool:
    """Whether the file goes on with something else after the article that says 自…起施行."""
    paragraph = layout.part[index]
    return layout.in_force < index and paragraph.label is None and not _TRANSITION.search(paragraph.text)


def _heading_ranks(part: Sequence[Paragraph]) -> dict[int, float]:
    """Rank of each markup heading level: that of the numbers at this level, else between its neighbours'."""
    known: dict[int, float] = {}
    levels = sorted({p.heading for p in part if p.heading})
    for paragraph in part:
        if paragraph.heading and paragraph.label:
            known.setdefault(paragraph.heading, paragraph.label.rank)
    ranks: dict[int, float] = {}
    for level in levels:
        if level in known:
            ranks[level] = known[level]
            continue
        above = [k for k in known if k < level]
        below = [k for k in known if k > level]
        if above:
            ranks[level] = known[max(above)] + 0.1 * (level - max(above))
        elif below:
            ranks[level] = known[min(below)] - 0.1 * (min(below) - level)
        else:
            ranks[level] = TOP + level / 10
    return ranks
