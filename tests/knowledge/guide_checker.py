"""Compares the statements of a study guide with the official texts that it names.

A guide says `《公务员法》第六十四条`: every figure, date and quoted term of that sentence must then stand in that
article, the article must be one that the sentence is about, and its 款 and 项 must exist. Sentences that cite no
article are held against the whole texts named in the guide's front matter. The checker reads figures as
`（value, unit）`, so 六个月, 6个月 and 六 个 月 are one thing, and 半年 is another.

It cannot judge whether a paraphrase is fair: a person must still read guide and article side by side.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

LONGEST_COPY = 24  # letters; titles and the fixed formulations below do not count
FIXED_FORMULATIONS = ("政治纪律组织纪律廉洁纪律群众纪律工作纪律生活纪律", "警告严重警告撤销党内职务留党察看开除党籍")
THEMES = frozenset({"不会", "不敢", "不想"})  # names of our three topics, quoted in guides but not from any text

_NUMERAL = r"(?:\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千]+)"
_TIME = ("工作日", "个月", "月", "年", "日", "天", "小时", "学时", "学分", "%", "岁", "万元", "元", "倍")
_COUNT = ("方面", "档", "种", "项", "类", "次", "名", "人", "部", "步", "章", "编", "级", "门", "款", "个")
_FIGURE = re.compile(
    rf"(?<![第〇零一二两三四五六七八九十百千\d.])({_NUMERAL})(年半|个?(?:{'|'.join(_TIME)})|周岁|个?条(?=文|[^\u4e00-\u9fff]|$)"
    rf"|个?(?:{'|'.join(_COUNT)})(?!条))|(半年)"
)
_DATE = re.compile(rf"({_NUMERAL})年({_NUMERAL})月(?:({_NUMERAL})日)?|(\d{{4}})-(\d\d)-(\d\d)")
_ARTICLE = re.compile(rf"第({_NUMERAL})条(?:第({_NUMERAL})款)?(?:第?（({_NUMERAL})）项|第({_NUMERAL})项)?")
_TITLE = re.compile(
    r"(?:(\d{4})年版?的?)?《([^《》]+(?:〈[^〉]+〉)?[^《》]*)》(?:（(\d{4})年(?:版|文本|修订|修正)?）)?"
)
_ALIAS = re.compile(r"《([^《》]+)》(?:（\d{4}年[^）]*）)?（(?:以下|下)(?:简)?称《([^《》]+)》")
_QUOTED = re.compile(r"“([^”]+)”")
_PART = re.compile(rf"第({_NUMERAL})(?:部分|(?=(?:[、和]第?{_NUMERAL})+部分))")
_POINT = re.compile(r"（(\d+)）")
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
class _Cited:
    """One place named in a sentence. `loose` when it lies inside a range (第三条至第九条)."""

    official: Official
    label: str
    text: str
    loose: bool = False


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
    """All texts under `root`; `provenance` is the content of PROVENANCE.tsv (for dates of issue)."""
    dates = {}
    for line in provenance.splitlines():
        fields = line.split("\t")
        if len(fields) > 3:
            dates[fields[0].rsplit("/", 1)[-1]] = " ".join([fields[3], *fields[9:10]])  # date and note
    files = sorted(root.rglob("*.md"))
    return [official(p.stem, p.read_text(encoding="utf-8-sig", errors="replace"), dates.get(p.name, "")) for p in files]


def official(name: str, text: str, dated: str = "") -> Official:
    """`name` is a file name without suffix: the edition is its year or date in brackets."""
    edition = re.search(r"\((\d{4}[\d-]*)\)$", name)
    heads = list(re.finditer(rf"(?m)^[\s#*]*第\s*({_NUMERAL})\s*条", text))
    limits = [m.start() for m in heads] + [len(text)]
    articles: dict[int, str] = {}
    for (start, end), head in zip(pairwise(limits), heads, strict=True):
        piece = re.split(rf"(?m)^[\s#*]*第\s*{_NUMERAL}\s*[编章节][\s]", text[start:end])[0]
        articles.setdefault(to_int(head[1]), piece)
    chapters: dict[int, int] = {}
    titles = list(re.finditer(rf"(?m)^[\s#*]*第\s*({_NUMERAL})\s*([编章])\s", text))
    ends = [*(m.start() for m in titles[1:]), len(text)]
    for title, end in zip(titles, ends, strict=False):
        inside = sum(title.start() < m.start() < end for m in heads)
        if title[2] == "章":
            number = to_int(title[1])  # comes twice when there is a table of contents, which holds no articles
            chapters[number] = max(inside, chapters.get(number, 0))
    sections: dict[str, str] = {}
    if not articles:
        marks = list(re.finditer(r"(?m)^[\s#*]*(?:([一二三四五六七八九十]+)、|（(\d+)）)", text))
        for i, mark in enumerate(marks):
            label = mark[1] or mark[2]
            after = [m.start() for m in marks[i + 1 :] if m[1] or mark[2]]
            sections.setdefault(label, text[mark.start() : after[0] if after else len(text)])
    return Official(name, edition[1] if edition else "", text, articles, sections, chapters, dated)


def key(title: str) -> str:
    """A title without edition, brackets, separators and the two usual prefixes."""
    title = re.sub(r"\(\d{4}[\d-]*\)$", "", title.strip())
    title = re.sub(r"[\s_（）()《》〈〉“”、·]", "", title)
    return title.removeprefix("中华人民共和国").removeprefix("中国共产党")


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


# ---------------------------------------------------------------------------------------------- checking


def check(guide: Guide, officials: Sequence[Official], known_titles: str = "") -> list[str]:
    """Every finding as one sentence, in the order of the guide; empty when all statements hold. `known_titles` is any
    text that names further documents which a guide may mention without reporting them."""
    findings: list[str] = []
    declared: list[Official] = []
    for source in guide.sources:
        found = _resolve_source(source, officials)
        if isinstance(found, str):
            findings.append(found)
            continue
        declared.append(found)
        findings += [f"《{source.document}》 has no article {a}" for a in source.articles if a not in found.articles]
        findings += [f"《{source.document}》 has no section {s}" for s in source.sections if s not in found.sections]
    if findings or not declared:
        return findings or ["no source resolves"]
    reader = _Reader(guide, declared, [*(o.text for o in officials), known_titles])
    for sentence, inherited in _sentences(guide.body):
        findings += reader.check_sentence(sentence, inherited)
    findings += reader.check_listing()
    return findings


class _Reader:
    """Walks through a guide; remembers which text is spoken of and which articles were cited."""

    def __init__(self, guide: Guide, declared: Sequence[Official], everything: Sequence[str]) -> None:
        self.guide = guide
        self.declared = declared
        self.everything = everything
        self.said_edition = {(o.name, o.edition): s.edition for o, s in zip(declared, guide.sources, strict=True)}
        self.aliases = {key(m[2]): key(m[1]) for m in _ALIAS.finditer(guide.body)}
        self.current = declared[0]
        self.cited: set[tuple[str, str, str]] = set()
        self.spanned: set[tuple[str, str, str]] = set()  # inside a range: may be listed, need not be
        self.lead: list[_Cited] = []

    def check_sentence(self, sentence: str, inherits: bool) -> list[str]:
        found: list[str] = []
        cited, named = self._citations(sentence, found)
        own = bool(cited)
        if cited and not inherits:
            self.lead = cited
        elif not cited and inherits:
            cited = self.lead
        elif not inherits:
            self.lead = []
        texts = [c.text for c in cited]
        if texts:
            where = "the cited article"
            # titles, dates of adoption and the number of articles may be told in the same sentence
            fronts = [_front(c.official) for c in cited]
        else:
            where = "any source"
            texts = [o.text for o in (named or self.declared)]
            fronts = [_front(o) for o in (named or self.declared)]
        stripped = _TITLE.sub("", _ARTICLE.sub("", sentence))
        found += [
            f"no {_say(d)} in {where}" for d in _dates(stripped) - _dates("".join(texts + fronts)) - self._years()
        ]
        for figure in self._odd_figures(_DATE.sub("", _QUOTED.sub("", stripped)), texts, cited, named):
            found.append(f"{figure} is not in {where}")
        haystack = _letters("".join(texts + fronts)) if cited else _letters("".join(o.text for o in self.declared))
        for term in _QUOTED.findall(sentence):
            if _letters(term) not in haystack and term not in THEMES:
                found.append(f"“{term}” is not in {where}")
        if own:
            found += _misplaced(sentence, cited)
        return [f"{text} ← {sentence.strip()}" for text in found]

    def check_listing(self) -> list[str]:
        """Articles cited and articles declared in the front matter must be the same."""
        found = []
        for source, text in zip(self.guide.sources, self.declared, strict=True):
            used = {place[2] for place in self.cited if place[:2] == (text.name, text.edition)}
            spanned = {place[2] for place in self.spanned if place[:2] == (text.name, text.edition)}
            listed = {str(a) for a in source.articles} | set(source.sections)
            found += [f"front matter omits 《{source.document}》 {label}" for label in sorted(used - listed)]
            found += [
                f"front matter lists 《{source.document}》 {label}, not cited"
                for label in sorted(listed - used - spanned)
            ]
        return found

    def _citations(self, sentence: str, found: list[str]) -> tuple[list[_Cited], list[Official]]:
        cited: list[_Cited] = []
        named: list[Official] = []
        tokens = re.compile(f"(?P<title>{_TITLE.pattern})|(?P<article>{_ARTICLE.pattern})|(?P<part>{_PART.pattern})"
                            rf"|(?P<point>{_POINT.pattern})|(?P<to>[至到—])|(?P<chapter>第({_NUMERAL})章)")  # fmt: skip
        known: Official | None = self.current
        last: tuple[int, int] | None = None  # number and end offset of the article before a 至
        for token in tokens.finditer(sentence):
            if token["title"]:
                match = _TITLE.match(token["title"])
                assert match
                known = self._named(match[2], match[1] or match[3])
                if known:
                    self.current = known
                    named.append(known)
                elif key(match[2]) not in self.aliases and not self._exists(match[2]):
                    found.append(f"《{match[2]}》 occurs in no text")
                last = None
            elif token["article"] and known is None:
                found.append(f"{token['article']} of a text that the front matter does not name")
            elif token["article"] and known:
                match = _ARTICLE.match(token["article"])
                assert match
                number = to_int(match[1])
                text = known.articles.get(number)
                if text is None:
                    found.append(f"《{known.name}》 has no {token['article']}")
                    continue
                if last and re.fullmatch(r"[至到—]+", sentence[last[1] : token.start()]):
                    cited.pop()
                    cited += [_Cited(known, str(n), known.articles[n], True) for n in range(last[0], number)]
                    self.spanned |= {(known.name, known.edition, str(n)) for n in range(last[0], number)}
                found += _missing_parts(text, match, token["article"])
                cited.append(_Cited(known, str(number), text, bool(last) and cited != [] and cited[-1].loose))
                self.cited.add((known.name, known.edition, str(number)))
                last = (number, token.end())
            elif token["part"] and known and known.sections:
                numeral = _to_chinese(to_int(_PART.match(token["part"])[1]))  # type: ignore[index]
                self._section(known, numeral, token["part"], cited, found)
            elif token["point"] and known and known.sections and token["point"][1:-1] in known.sections:
                self._section(known, token["point"][1:-1], token["point"], cited, found)
            elif token["chapter"] and known and known.chapters:
                number = to_int(token["chapter"][1:-1])
                if number not in known.chapters:
                    found.append(f"《{known.name}》 has no {token['chapter']}")
        return cited, named

    def _section(self, text: Official, label: str, words: str, cited: list[_Cited], found: list[str]) -> None:
        if label not in text.sections:
            found.append(f"《{text.name}》 has no {words}")
            return
        cited.append(_Cited(text, label, text.sections[label]))
        self.cited.add((text.name, text.edition, label))

    def _named(self, title: str, year: str | None) -> Official | None:
        wanted = self.aliases.get(key(title), key(title))
        matching = [o for o in self.declared if o.key == wanted or o.key.endswith(wanted)]
        if wanted == "党章":
            matching = [o for o in self.declared if o.key == "章程"]
        if year:
            matching = [o for o in matching if year in _years_of(o) | {self.said_edition[o.name, o.edition][:4]}]
        return matching[0] if matching else None

    def _exists(self, title: str) -> bool:
        bare = re.sub(r"[〈〉]", "", title)
        return any(bare in text or f"《{title}》" in text for text in self.everything)

    def _years(self) -> set[tuple[int, int, int]]:
        return {(int(y), 0, 0) for o in self.declared for y in _years_of(o)} | {(self.guide.written_on.year, 0, 0)}

    def _odd_figures(
        self, sentence: str, texts: Sequence[str], cited: Sequence[_Cited], named: Sequence[Official]
    ) -> Iterator[str]:
        said = _figures(sentence)
        given = [f for t in texts for f in _figures(t)]
        pairs = {(f.value, f.unit) for f in given}
        whole = {o.name: o for o in [*named, *(c.official for c in cited), *([] if named or cited else self.declared)]}
        counts = {n for t in (c.text for c in cited) for n in _list_lengths(t)} | {len(cited)}
        for figure in said:
            if figure.unit == "年" and figure.value >= 1000:
                year = (figure.value, "年")
                if not any(
                    str(int(figure.value)) in _years_of(o) | {self.said_edition.get((o.name, o.edition), "")[:4]}
                    or year in {(f.value, f.unit) for f in _figures(o.text)}
                    for o in whole.values()
                ):
                    yield figure.words
                continue
            if figure.unit in (*_COUNT, "条"):
                if figure.value == 1 or figure.value in {n for o in whole.values() for n in _sizes(o, figure.unit)}:
                    continue
                if figure.unit in ("条", "章", "编"):
                    if figure.value in _differences([*whole.values()]):
                        continue
                elif not cited or figure.value in counts:  # 三个问题 without a citation: the guide's own counting
                    continue
            if (figure.value, figure.unit) not in pairs:
                yield figure.words
                continue
            bounds = {f.bound for f in given if (f.value, f.unit) == (figure.value, figure.unit)}
            if cited and figure.bound and figure.bound not in bounds and bounds != {""}:
                yield f"{figure.words}（{'最多' if figure.bound == '≤' else '至少'}）"


# ---------------------------------------------------------------------------------------------- copies


def longest_copies(guides: Sequence[Guide], officials: Sequence[Official]) -> dict[str, str]:
    """Per guide file name one run longer than LONGEST_COPY letters that also stands in an official text."""
    size = LONGEST_COPY + 1
    wanted: dict[str, tuple[str, ...]] = {}
    for guide in guides:
        letters = _letters(re.sub(r"《[^》]*》", "|", guide.body))
        for fixed in FIXED_FORMULATIONS:
            letters = letters.replace(fixed, "|")
        for i in range(len(letters) - size + 1):
            run = letters[i : i + size]
            if "|" not in run:
                wanted[run] = (*wanted.get(run, ()), guide.path.name)
    copies: dict[str, str] = {}
    for text in officials:
        letters = _letters(text.text)
        for i in range(len(letters) - size + 1):
            for name in wanted.get(letters[i : i + size], ()):
                copies.setdefault(name, letters[i : i + size])
    return copies


# ---------------------------------------------------------------------------------------------- parts


@dataclass(frozen=True, slots=True)
class _Figure:
    value: float
    unit: str
    bound: str  # "≤", "≥" or "" as the words around it say
    words: str


def _figures(text: str) -> list[_Figure]:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("(", "（").replace(")", "）")
    found = []
    for m in _FIGURE.finditer(text):
        if m[3]:
            value, unit = 0.5, "年"
        else:
            value, unit = (float(m[1]) if "." in m[1] else float(to_int(m[1]))), m[2].removeprefix("个") or "个"
            if unit == "年半":
                value, unit = value + 0.5, "年"
            unit = "个月" if m[2] == "个月" else {"周岁": "岁", "天": "日"}.get(unit, unit)
        before, after = text[max(0, m.start() - 6) : m.start()], text[m.end() : m.end() + 3]
        near = re.split(r"[，。；：、]", before)[-1]
        tail = re.split(r"[，。；：、]", after)[0]
        bound = ""
        if _AT_LEAST.search(near) or tail.startswith("以上"):
            bound = "≥"
        if _AT_MOST.search(near) or re.match(r"(以内|之内|以下|内)", tail):
            bound = "≤"
        found.append(_Figure(value, unit, bound, m[0]))
    return found


def _dates(text: str) -> set[tuple[int, int, int]]:
    flat = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    parts = [(m[1] or m[4], m[2] or m[5], m[3] or m[6] or "0") for m in _DATE.finditer(flat)]
    found = {(to_int(y), to_int(mo), to_int(d)) for y, mo, d in parts}
    return found | {(y, mo, 0) for y, mo, _ in found}


def _say(day: tuple[int, int, int]) -> str:
    return "-".join(str(part) for part in day if part)


def _letters(text: str) -> str:
    """Letters and digits only (and the bar that hides titles), so that punctuation cannot break a copied run."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum() or c == "|")


def _front(text: Official) -> str:
    head = re.search(rf"(?m)^[\s#*]*第\s*{_NUMERAL}\s*条", text.text)
    last = text.articles[max(text.articles)] if text.articles else ""
    year = re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\1年\2月\3日", text.dated)
    return text.text[: head.start() if head else 800] + last + year + text.edition


def _years_of(text: Official) -> set[str]:
    return set(re.findall(r"\d{4}", f"{text.edition} {text.dated}"))


def _sizes(text: Official, unit: str) -> set[int]:
    if unit == "条":
        return {len(text.articles), *text.chapters.values()}
    if unit == "章":
        return {len(text.chapters)}
    if unit == "编":
        return {len(set(re.findall(rf"(?m)^[\s#*]*第({_NUMERAL})编", text.text)))}
    return {len([s for s in text.sections if not s.isdigit()])} if unit in ("部分", "个", "部", "方面") else set()


def _differences(texts: Sequence[Official]) -> set[int]:
    return {abs(len(a.articles) - len(b.articles)) for a in texts for b in texts} - {0}


def _list_lengths(text: str) -> set[int]:
    """How many items each list （一）（二）… of an article has, and how many 款 the article has."""
    lengths, run = set(), 0
    for m in re.finditer(r"(?m)^[\s　]*（([一二三四五六七八九十]+)）", text):
        number = to_int(m[1])
        if number == 1 and run:
            lengths.add(run)
        run = number
    lengths |= {part.count("；") + 1 for part in re.split(r"[。：\n]", text)}
    for clause in re.split(r"[。；：，\n]", text):
        names = clause.count("、") + 1
        lengths |= {names, names + len(re.findall(r"和|以及|或者|及", clause))}
    return lengths | {run, len(_paragraphs(text))} - {0}


def _paragraphs(article: str) -> list[str]:
    lines = [line.strip() for line in article.splitlines() if line.strip() and not line.strip().startswith("#")]
    return [line for line in lines if not re.match(r"（[一二三四五六七八九十]+）", line)]


def _missing_parts(article: str, match: re.Match[str], words: str) -> list[str]:
    found = []
    paragraphs = _paragraphs(article)
    if match[2] and to_int(match[2]) > len(paragraphs):
        found.append(f"{words}: the article has {len(paragraphs)} 款")
    item = match[3] or match[4]
    if item and f"（{_to_chinese(to_int(item))}）" not in article:
        found.append(f"{words}: no such 项")
    return found


def _to_chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        words = f"{'零' if 0 < rest < 10 else ''}{'一' if 10 <= rest < 20 else ''}{_to_chinese(rest) if rest else ''}"
        return f"{digits[hundreds]}百{words}"
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def _sentences(body: str) -> Iterator[tuple[str, bool]]:
    """Sentences with True when they stand in a list (and so belong to the paragraph that leads in)."""
    for line in body.splitlines():
        if not line.strip() or re.fullmatch(r"[|\s:-]+", line):
            continue
        listed = bool(re.match(r"\s*(?:[-*|]|\d+[.、])", line))
        text = re.sub(r"^\s*(?:[-*]\s|\d+[.、]|#+)\s*", "", line).replace("**", "")
        for sentence in [text] if text.startswith("|") else re.split(r"(?<=[。！？])(?![”）])", text):
            if sentence.strip():
                yield sentence, listed


def _misplaced(sentence: str, cited: Sequence[_Cited]) -> list[str]:
    """Articles that share far less with the sentence than many other articles of the same text do."""
    found = []
    words = _bigrams(_TITLE.sub(" ", _ARTICLE.sub(" ", sentence)))
    if len(words) < 12:
        return []
    for place in cited:
        if place.loose or not place.official.articles:
            continue
        reference = f"第{_to_chinese(int(place.label))}条"
        if any(reference in other.text for other in cited if other.label != place.label):
            continue  # 第七十条 itself refers to 第二十六条
        weights = _weights(place.official)
        score = {n: sum(weights[w] for w in words & _bigrams(t)) for n, t in place.official.articles.items()}
        better = sum(1 for s in score.values() if s > score[int(place.label)])
        if better > 6 + 3 * len(cited):
            found.append(f"第{place.label}条 has little to do with the sentence ({better} articles are nearer)")
    return found


@cache
def _bigrams(text: str) -> frozenset[str]:
    runs = re.findall(r"[\u4e00-\u9fff]+", text)
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


_WEIGHTS: dict[tuple[str, str], Counter[str]] = {}


def _weights(text: Official) -> Counter[str]:
    """Inverse document frequency of every bigram among the articles of one text."""
    name = (text.name, text.edition)
    if name not in _WEIGHTS:
        seen = Counter(w for t in text.articles.values() for w in _bigrams(t))
        total = len(text.articles)
        _WEIGHTS[name] = Counter({w: math.log((total + 1) / n) for w, n in seen.items()})  # type: ignore[misc]
    return _WEIGHTS[name]


def _resolve_source(source: Source, officials: Sequence[Official]) -> Official | str:
    wanted = key(source.document)
    same = [o for o in officials if o.key == wanted] or [o for o in officials if o.key.endswith(wanted)]
    if not same:
        return f"no official text is called 《{source.document}》"
    if source.edition:
        year = source.edition[:4]
        named = [o for o in same if o.edition.startswith(source.edition) or source.edition.startswith(o.edition or "?")]
        named = named or [o for o in same if not o.edition and (o.dated.startswith(year) or year in _front(o))]
        if not named:
            return f"《{source.document}》 has no edition {source.edition}"
        return named[0]
    if len({o.edition for o in same}) > 1:
        return f"《{source.document}》 has several editions; say which"
    return same[0]
