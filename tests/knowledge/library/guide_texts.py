"""Study guides and official texts as the guide checker sees them: front matter, articles, 款, 项, figures, dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

NUMERAL = r"(?:\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千]+)"
WHOLE = ("条", "章", "编", "部分")  # counts that describe a text, never a guide's own counting
COUNT = ("方面", "档", "种", "项", "类", "次", "名", "人", "步", "级", "门", "款", "部", "个")
_TIME = ("工作日", "个月", "月", "年", "日", "天", "小时", "学时", "学分", "%", "岁", "万元", "元", "倍")
_FIGURE = re.compile(
    rf"(?<![第〇零一二两三四五六七八九十百千\d.])({NUMERAL})(年半|个?(?:{'|'.join(_TIME)})|周岁|个?部分"
    rf"|个?条(?=文|[^\u4e00-\u9fff]|$)|章|编|个?(?:{'|'.join(COUNT)})(?!条))|(半年)"
)
_DATE = re.compile(rf"({NUMERAL})年({NUMERAL})月(?:({NUMERAL})日)?|(\d{{4}})-(\d\d)-(\d\d)")
_AT_MOST = re.compile(r"(?:不得?(?:超过|多于)|至迟不晚于|最长|最迟|最多|以内|之内|以下|内$)")
_AT_LEAST = re.compile(r"(?:不(?:得|能)?(?:少于|低于)|不足|至少|以上|满$)")


@dataclass(frozen=True, slots=True)
class Official:
    """One edition of an official text. `articles` by number; `sections` by 一, 二 … and by 58 for （58）."""

    name: str
    edition: str
    text: str
    articles: dict[int, str]
    sections: dict[str, str]
    chapters: dict[int, int]  # number of articles by number of chapter
    dated: str  # date of issue and note on validity as the provenance table has them, or ""

    @property
    def key(self) -> str:
        return key(self.name)

    @property
    def years(self) -> set[str]:
        return set(re.findall(r"\d{4}", f"{self.edition} {self.dated}"))

    @property
    def front(self) -> str:
        """What stands before the first article, the last article and the date: where a text speaks of itself."""
        head = re.search(rf"(?m)^[\s#*]*第\s*{NUMERAL}\s*条", self.text)
        last = self.articles[max(self.articles)] if self.articles else ""
        return "\n".join([self.text[: head.start() if head else 800], last, self.dated, self.edition])

    def sizes(self, unit: str) -> set[int]:
        """Numbers of 条 (whole or of a chapter), 章, 编 or 部分."""
        if unit == "条":
            return {len(self.articles), *self.chapters.values()}
        if unit == "章":
            return {len(self.chapters)}
        if unit == "编":
            return {len(set(re.findall(rf"(?m)^[\s#*]*第({NUMERAL})编", self.text)))}
        return {len([s for s in self.sections if not s.isdigit()])}


@dataclass(frozen=True, slots=True)
class Source:
    """What a guide's front matter declares: which text, which articles or sections are reported."""

    document: str
    edition: str
    articles: tuple[int, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    path: Path
    title: str
    kind: str
    topic: str
    sources: tuple[Source, ...]
    written_on: date
    body: str

    @property
    def characters(self) -> int:
        """Length of the body without white space."""
        return len(re.sub(r"\s", "", self.body))


@dataclass(frozen=True, slots=True)
class Figure:
    value: float
    unit: str
    bound: str  # "≤", "≥" or "" as the words around it say
    words: str


# ---------------------------------------------------------------------------------------------- reading


def read_guide(path: Path) -> Guide:
    """Raises ValueError with the reason when the front matter is not what a guide needs."""
    match = re.match(r"---\n(.*?)\n---\n(.*)\Z", path.read_text(encoding="utf-8"), re.S)
    if not match:
        raise ValueError("no YAML front matter")
    card = yaml.safe_load(match[1])
    missing = {"title", "kind", "topic", "sources", "written_on"} - set(card)
    if missing:
        raise ValueError(f"front matter lacks {sorted(missing)}")
    sources = tuple(
        Source(
            str(s["document"]),
            str(s.get("edition", "")),
            tuple(int(a) for a in s.get("articles", ())),
            tuple(str(p) for p in s.get("sections", ())),
        )
        for s in card["sources"]
    )
    if not isinstance(card["written_on"], date):
        raise ValueError("written_on is not a date")
    return Guide(path, card["title"], card["kind"], card["topic"], sources, card["written_on"], match[2])


def read_officials(root: Path, provenance: str = "") -> list[Official]:
    """All texts under `root`; `provenance` is the content of PROVENANCE.tsv (dates of issue, notes on validity)."""
    dates = {}
    for line in provenance.splitlines():
        fields = line.split("\t")
        if len(fields) > 3:
            dates[fields[0].rsplit("/", 1)[-1]] = " ".join([fields[3], *fields[9:10]])
    files = sorted(root.rglob("*.md"))
    return [official(p.stem, p.read_text(encoding="utf-8-sig", errors="replace"), dates.get(p.name, "")) for p in files]


def official(name: str, text: str, dated: str = "") -> Official:
    """`name` is a file name without suffix: the edition is its year or date in brackets."""
    edition = re.search(r"\((\d{4}[\d-]*)\)$", name)
    text = re.sub(r"\(([一二三四五六七八九十]+)\)", r"（\1）", text)
    heads = list(re.finditer(rf"(?m)^[\s#*]*第\s*({NUMERAL})\s*条", text))
    limits = [m.start() for m in heads] + [len(text)]
    articles: dict[int, str] = {}
    for (start, end), head in zip(pairwise(limits), heads, strict=True):
        piece = re.split(rf"(?m)^[\s#*]*第\s*{NUMERAL}\s*[编章节][\s]", text[start:end])[0]
        articles.setdefault(to_int(head[1]), piece)
    chapters: dict[int, int] = {}
    titles = list(re.finditer(rf"(?m)^[\s#*]*第\s*({NUMERAL})\s*([编章])\s", text))
    ends = [*(m.start() for m in titles[1:]), len(text)]
    for title, end in zip(titles, ends, strict=False):
        inside = sum(title.start() < m.start() < end for m in heads)
        if title[2] == "章":
            number = to_int(title[1])  # comes twice when there is a table of contents, which holds no articles
            chapters[number] = max(inside, chapters.get(number, 0))
    sections: dict[str, str] = {}
    if not articles:
        marks = list(re.finditer(r"(?m)^[\s#*]*(?:([一二三四五六七八九十]+)、|（(\d+)）)", text))
        ends = [*(m.start() for m in marks[1:]), len(text)]
        for mark, end in zip(marks, ends, strict=False):
            sections.setdefault(mark[1] or mark[2], text[mark.start() : end])
    return Official(name, edition[1] if edition else "", text, articles, sections, chapters, dated)


def key(title: str) -> str:
    """A title without edition, brackets, separators and the two usual prefixes."""
    title = re.sub(r"\(\d{4}[\d-]*\)$", "", title.strip())
    title = re.sub(r"[\s_（）()《》〈〉“”、·]", "", title)
    return title.removeprefix("中华人民共和国").removeprefix("中国共产党")


# ---------------------------------------------------------------------------------------------- parts of a text


def paragraphs(article: str) -> list[str]:
    """The 款 of an article, each with its items."""
    found: list[str] = []
    for line in article.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if found and re.match(r"（[一二三四五六七八九十]+）", line):
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def items(text: str) -> dict[int, str]:
    """The 项 （一）（二）… of an article or 款; of several lists the first one with that number."""
    found: dict[int, str] = {}
    for m in re.finditer(r"(?m)^[\s　]*（([一二三四五六七八九十]+)）(.*)$", text):
        found.setdefault(to_int(m[1]), m[2])
    return found


def list_lengths(text: str, about: frozenset[str]) -> set[int]:
    """How many items the lists of a text have; a list inside a sentence counts when it shares words with `about`."""
    lengths, run = set(), 0
    for m in re.finditer(r"(?m)^[\s　]*（([一二三四五六七八九十]+)）", text):
        number = to_int(m[1])
        if number == 1 and run:
            lengths.add(run)
        run = number
    lengths |= {part.count("；") + 1 for part in re.split(r"[。：\n]", text) if part.count("；")}
    for clause in re.split(r"[。；：，\n]", text):
        names = clause.count("、") + 1
        conjunctions = len(re.findall(r"和|以及|或者|及", clause))
        if (names > 1 or conjunctions) and bigrams(clause) & about:
            lengths |= set(range(names, names + conjunctions + 1))
    return lengths | {run} - {0}


@cache
def figures(text: str) -> tuple[Figure, ...]:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("(", "（").replace(")", "）")
    found = []
    for m in _FIGURE.finditer(text):
        if m[3]:
            value, unit = 0.5, "年"
        else:
            value = float(m[1]) if "." in m[1] else float(to_int(m[1]))
            unit = {"个月": "个月", "周岁": "岁", "天": "日"}.get(m[2], m[2].removeprefix("个") or "个")
            if unit == "年半":
                value, unit = value + 0.5, "年"
        if unit == "部分" and text[max(0, m.start() - 1)] in "前后间同一的":
            continue  # 前三部分
        before, after = text[max(0, m.start() - 6) : m.start()], text[m.end() : m.end() + 3]
        near = re.split(r"[，。；：、]", before)[-1]
        tail = re.split(r"[，。；：、]", after)[0]
        bound = ""
        if _AT_LEAST.search(near) or tail.startswith("以上"):
            bound = "≥"
        if _AT_MOST.search(near) or re.match(r"(以内|之内|以下|内)", tail):
            bound = "≤"
        found.append(Figure(value, unit, bound, m[0]))
    return tuple(found)


def without_dates(text: str) -> str:
    return _DATE.sub("", text)


def dates(text: str) -> set[tuple[int, int, int]]:
    """(year, month, day), day 0 when only the month is said; every day is also given as its month."""
    flat = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    parts = [(m[1] or m[4], m[2] or m[5], m[3] or m[6] or "0") for m in _DATE.finditer(flat)]
    found = {(to_int(y), to_int(mo), to_int(d)) for y, mo, d in parts}
    return found | {(y, mo, 0) for y, mo, _ in found}


def letters(text: str) -> str:
    """Letters and digits only (and the bar that hides titles), so that punctuation cannot break a copied run."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum() or c == "|")


@cache
def bigrams(text: str) -> frozenset[str]:
    runs: Sequence[str] = re.findall(r"[\u4e00-\u9fff]+", text)
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


@cache
def to_int(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
    if not set(numeral) & set("十百千"):
        return int("".join(str(digits[c]) for c in numeral))
    total, current = 0, 0
    for c in numeral:
        if c in "十百千":
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            current = 0
        else:
            current = digits[c]
    return total + current


def to_chinese(number: int) -> str:
    """1 to 999 as articles are numbered: 一百零五, 一百一十."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
    hundreds, rest = divmod(number, 100)
    link = "零" if 0 < rest < 10 else "一" if 10 <= rest < 20 else ""
    return f"{digits[hundreds]}百{link}{to_chinese(rest) if rest else ''}"
