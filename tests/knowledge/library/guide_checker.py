"""Compares the statements of a study guide with the official texts that it names.

A guide says `《公务员法》第六十四条`: every figure, date and quoted term around it must then stand in that article, the
article (款, 项) must be the one that the words around it are about, and it must exist. What cites no article is held
against the whole texts named in the guide's front matter. Figures are read as (value, unit), so 六个月 and 6个月 are
one thing, and 半年 is another.

It cannot judge whether a paraphrase is fair: a person must still read guide and article side by side.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from guide_texts import (
    COUNT,
    NUMERAL,
    WHOLE,
    Guide,
    Official,
    Source,
    bigrams,
    dates,
    figures,
    items,
    key,
    letters,
    list_lengths,
    paragraphs,
    to_chinese,
    to_int,
    without_dates,
)

LONGEST_COPY = 24  # letters; titles and the fixed formulations below do not count
FIXED_FORMULATIONS = ("政治纪律组织纪律廉洁纪律群众纪律工作纪律生活纪律", "警告严重警告撤销党内职务留党察看开除党籍")
THEMES = frozenset({"不会", "不敢", "不想"})  # names of our three topics, quoted in guides but not from any text

_ARTICLE = re.compile(rf"第({NUMERAL})条(?:第({NUMERAL})款)?(?:第?（({NUMERAL})）项?|第({NUMERAL})项)?")
_TITLE = re.compile(
    r"(?:(\d{4})年版?的?)?《([^《》]+(?:〈[^〉]+〉)?[^《》]*)》(?:（(\d{4})年(?:版|文本|修订|修正)?）)?"
)
_ALIAS = re.compile(r"《([^《》]+)》(?:（\d{4}年[^）]*）)?（(?:以下|下)(?:简)?称《([^《》]+)》")
_QUOTED = re.compile(r"“([^”]+)”")
_PART = re.compile(rf"第({NUMERAL})(?:部分|(?=(?:[、和]第?{NUMERAL})+部分))")
_POINT = re.compile(r"（(\d+)）")
_CHAPTER = re.compile(rf"第({NUMERAL})章")
_TOKEN = re.compile(f"(?P<title>{_TITLE.pattern})|(?P<article>{_ARTICLE.pattern})|(?P<part>{_PART.pattern})"
                    f"|(?P<point>{_POINT.pattern})|(?P<chapter>{_CHAPTER.pattern})")  # fmt: skip
_JOINED = re.compile(
    r"[、和至到—，,\s|]*(?:《[^《》]+》)?(?:（\d{4}年[^）]*）)?"
)  # what may stand between citations of one group


@dataclass(frozen=True, slots=True)
class _Cited:
    """One place named in a sentence. `text` is the article or section; `loose` when inside a range (第三条至第九条)."""

    official: Official
    label: str
    text: str
    start: int
    end: int
    paragraph: int = 0
    item: int = 0
    loose: bool = False


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
    for sentence, inherits in _sentences(guide.body):
        findings += reader.check_sentence(sentence, inherits)
    return findings + reader.check_listing()


class _Reader:
    """Walks through a guide; remembers which text is spoken of and which articles were cited."""

    def __init__(self, guide: Guide, declared: Sequence[Official], everything: Sequence[str]) -> None:
        self.guide = guide
        self.declared = declared
        self.everything = everything
        self.said_year = {(o.name, o.edition): s.edition[:4] for o, s in zip(declared, guide.sources, strict=True)}
        self.aliases = {key(m[2]): key(m[1]) for m in _ALIAS.finditer(guide.body)}
        self.current = declared[0]
        self.cited: set[tuple[str, str, str]] = set()
        self.spanned: set[tuple[str, str, str]] = set()  # inside a range: may be listed, need not be
        self.lead: list[_Cited] = []

    def check_sentence(self, sentence: str, inherits: bool) -> list[str]:
        found: list[str] = []
        cited, named = self._citations(sentence, found)
        if not inherits:
            self.lead = cited
        found += _misplaced(sentence, cited)
        last = self.lead if inherits and not cited else cited
        for start, end in _clauses(sentence):
            own = [c for c in cited if start <= c.start < end]
            last = own or last
            found += self._check_clause(sentence[start:end], last, named)
        return [f"{text} ← {sentence.strip()}" for text in found]

    def check_listing(self) -> list[str]:
        """Articles cited and articles declared in the front matter must be the same."""
        found = []
        for source, text in zip(self.guide.sources, self.declared, strict=True):
            used = {place[2] for place in self.cited if place[:2] == (text.name, text.edition)}
            spanned = {place[2] for place in self.spanned if place[:2] == (text.name, text.edition)}
            listed = {str(a) for a in source.articles} | set(source.sections)
            found += [f"front matter omits 《{source.document}》 {label}" for label in sorted(used - listed)]
            unused = sorted(listed - used - spanned)
            found += [f"front matter lists 《{source.document}》 {label}, not cited" for label in unused]
        return found

    # ------------------------------------------------------------------------------------------ citations

    def _citations(self, sentence: str, found: list[str]) -> tuple[list[_Cited], list[Official]]:
        cited: list[_Cited] = []
        named: list[Official] = []
        known: Official | None = self.current
        for token in _TOKEN.finditer(sentence):
            words, start, end = token[0], token.start(), token.end()
            if token["title"]:
                match = _TITLE.match(words)
                assert match
                known = self._named(match[2], match[1] or match[3])
                if known:
                    self.current = known
                    named.append(known)
                elif self._named(match[2], None):
                    found.append(f"{words} is an edition that the front matter does not name")
                elif key(match[2]) not in self.aliases and not self._exists(match[2]):
                    found.append(f"《{match[2]}》 occurs in no text")
            elif token["article"] and known is None:
                found.append(f"{words} of a text that the front matter does not name")
            elif token["article"] and known:
                match = _ARTICLE.match(words)
                assert match
                number = to_int(match[1])
                text = known.articles.get(number)
                if text is None:
                    found.append(f"《{known.name}》 has no {words}")
                    continue
                before = cited[-1] if cited and cited[-1].official is known else None
                loose = bool(before and re.fullmatch(r"[至到—]+", sentence[before.end : start]))
                if before and loose:
                    cited[-1] = replace(before, loose=True)
                    inner = range(int(before.label) + 1, number)
                    cited += [_Cited(known, str(n), known.articles[n], start, end, loose=True) for n in inner]
                    self.spanned |= {(known.name, known.edition, str(n)) for n in inner}
                item = match[3] or match[4]
                place = _Cited(
                    known, str(number), text, start, end, to_int(match[2] or "0"), to_int(item or "0"), loose
                )
                found += _missing_parts(place, words)
                cited.append(place)
                self.cited.add((known.name, known.edition, str(number)))
            elif known and known.sections and (token["part"] or token["point"]):
                number = re.search(NUMERAL, words)[0]  # type: ignore[index]
                label = to_chinese(to_int(number)) if token["part"] else number
                if label in known.sections:
                    cited.append(_Cited(known, label, known.sections[label], start, end))
                    self.cited.add((known.name, known.edition, label))
                elif token["part"]:
                    found.append(f"《{known.name}》 has no {words}")
            elif token["chapter"] and known and known.chapters and to_int(words[1:-1]) not in known.chapters:
                found.append(f"《{known.name}》 has no {words}")
        return cited, named

    def _named(self, title: str, year: str | None) -> Official | None:
        wanted = self.aliases.get(key(title), key(title))
        wanted = "章程" if wanted == "党章" else wanted
        matching = [o for o in self.declared if o.key == wanted or o.key.endswith(wanted)]
        if year:
            matching = [
                o for o in matching if year in o.years | {self.said_year[o.name, o.edition]} or self._undated(o, year)
            ]
        return matching[0] if matching else None

    def _undated(self, text: Official, year: str) -> bool:
        """A text whose year neither its file, the provenance table nor the guide's front matter gives."""
        return not text.years and not self.said_year[text.name, text.edition] and year in text.text

    def _exists(self, title: str) -> bool:
        return any(title in text for text in self.everything)

    # ------------------------------------------------------------------------------------------ figures, dates, terms

    def _check_clause(self, clause: str, cited: Sequence[_Cited], named: Sequence[Official]) -> Iterator[str]:
        whole = list({o.name: o for o in [*named, *(c.official for c in cited)]}.values()) or list(self.declared)
        texts = [c.text for c in cited] or [o.text for o in whole]
        where = "the cited article" if cited else "any source"
        fronts = [o.front for o in whole]
        bare = _CHAPTER.sub("", _PART.sub("", _TITLE.sub("", _ARTICLE.sub("", clause))))
        for day in sorted(dates(bare) - dates("\n".join(texts + fronts))):
            yield f"no {'-'.join(str(part) for part in day if part)} in {where}"
        yield from self._odd_figures(without_dates(_QUOTED.sub("", bare)), texts, cited, whole)
        terms = letters("".join(texts + fronts)) if cited else letters("".join(o.text for o in self.declared))
        for term in _QUOTED.findall(clause):
            if letters(term) not in terms and term not in THEMES:
                yield f"“{term}” is not in {where}"

    def _odd_figures(
        self, clause: str, texts: Sequence[str], cited: Sequence[_Cited], whole: Sequence[Official]
    ) -> Iterator[str]:
        given = [f for t in texts for f in figures(t)]
        about = bigrams(clause)
        counts = {n for c in cited for n in list_lengths(c.text, about)} | {len(cited)}
        for figure in figures(clause):
            place = (figure.value, figure.unit)
            if figure.unit == "年" and figure.value >= 1000:
                years = {y for o in whole for y in o.years | {self.said_year.get((o.name, o.edition), "")}}
                written = any(place == (f.value, f.unit) for o in whole for f in figures(o.text))
                if str(int(figure.value)) not in years and not written:
                    yield figure.words
                continue
            if figure.unit in WHOLE:
                gaps = {abs(len(a.articles) - len(b.articles)) for a in whole for b in whole} - {0}
                if figure.value not in {n for o in whole for n in o.sizes(figure.unit)} | gaps | {1}:
                    yield f"{figure.words} is not the size of the text"
                continue
            if _is_count(figure.unit):
                own = not cited  # 三个问题 without a citation is the guide's own counting
                paragraph_count = figure.unit == "款" and figure.value in {len(paragraphs(t)) for t in texts}
                if own or figure.value == 1 or figure.value in counts or paragraph_count:
                    continue
            if place not in {(f.value, f.unit) for f in given}:
                yield f"{figure.words} is not in {'the cited article' if cited else 'any source'}"
                continue
            bounds = {f.bound for f in given if (f.value, f.unit) == place}
            if cited and figure.bound and figure.bound not in bounds and bounds != {""}:
                yield f"{figure.words}（{'最多' if figure.bound == '≤' else '至少'}）is not what the article says"


def longest_copies(guides: Sequence[Guide], officials: Sequence[Official]) -> dict[str, str]:
    """Per guide file name one run longer than LONGEST_COPY letters that also stands in an official text."""
    size = LONGEST_COPY + 1
    wanted: dict[str, tuple[str, ...]] = {}
    for guide in guides:
        text = letters(re.sub(r"《[^》]*》", "|", guide.body))
        for fixed in FIXED_FORMULATIONS:
            text = text.replace(fixed, "|")
        for i in range(len(text) - size + 1):
            run = text[i : i + size]
            if "|" not in run:
                wanted[run] = (*wanted.get(run, ()), guide.path.name)
    copies: dict[str, str] = {}
    for one in officials:
        text = letters(one.text)
        for i in range(len(text) - size + 1):
            for name in wanted.get(text[i : i + size], ()):
                copies.setdefault(name, text[i : i + size])
    return copies


# ---------------------------------------------------------------------------------------------- sentences


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


def _clauses(sentence: str) -> Iterator[tuple[int, int]]:
    """Spans between semicolons; a row of a table is one clause."""
    if sentence.startswith("|"):
        yield 0, len(sentence)
        return
    start = 0
    for m in re.finditer(r"；|$", sentence):
        yield start, m.end()
        start = m.end()


def _misplaced(sentence: str, cited: Sequence[_Cited]) -> list[str]:
    """Citations that have less to do with the words around them than other articles (款, 项) of the same text have."""
    found = []
    for group, words in _groups(sentence, cited):
        if len(words) < 5:
            continue
        for place in group:
            if place.loose or not place.official.articles:
                continue
            if any(f"第{to_chinese(int(place.label))}条" in c.text for c in cited if c.label != place.label):
                continue  # the other article itself refers to this one
            if any(c.official.key == place.official.key and c.official is not place.official for c in cited):
                continue  # editions side by side: "2017年第三十三条没有"
            weights = _weights(place.official)
            if _outdone(
                int(place.label), place.official.articles, words, weights, 1 if len(group) == 1 else 4 * len(group), 12
            ):
                found.append(f"第{place.label}条 has less to do with the words around it than other articles")
            if len(group) > 1:
                continue
            clauses = dict(enumerate(paragraphs(place.text), 1))
            if place.paragraph and _outdone(place.paragraph, clauses, words, weights, 0, 4):
                found.append(f"第{place.label}条第{place.paragraph}款 is not the nearest 款")
            parts = items(clauses.get(place.paragraph, place.text))
            several = re.match(r"[、和]第", sentence[place.end :])
            if place.item and not several and _outdone(place.item, parts, words, weights, 0, 4):
                found.append(f"第{place.label}条第{place.item}项 is not the nearest 项")
    return found


def _outdone(
    label: int, texts: Mapping[int, str], words: frozenset[str], weights: Counter[str], allowed: int, telling: float
) -> bool:
    """True when more than `allowed` other texts fit the words better and the best fits them much better; a best fit
    below `telling` (a sum of inverse document frequencies) says too little to judge."""
    score = {n: sum(weights[w] for w in words & bigrams(t)) for n, t in texts.items()}
    mine = score.get(label, 0.0)
    better = sum(s > mine for s in score.values())
    best = max(score.values(), default=0.0)
    return best >= telling and better > allowed and mine < best / (4 if allowed > 1 else 2)  # a group shares its words


def _groups(sentence: str, cited: Sequence[_Cited]) -> Iterator[tuple[list[_Cited], frozenset[str]]]:
    """Citations that stand together, with the word pairs said about them: before them when they stand in brackets at
    the end of a statement, else before and after them, within the clause."""
    groups: list[list[_Cited]] = []
    for place in cited:
        joined = groups and _JOINED.fullmatch(sentence[groups[-1][-1].end : place.start])
        if joined or (groups and place.start == groups[-1][-1].start):
            groups[-1].append(place)
        else:
            groups.append([place])
    edges = [0, *(end for _, end in _clauses(sentence)), len(sentence)]
    for i, group in enumerate(groups):
        start, end = group[0].start, group[-1].end
        left = max([e for e in edges if e <= start] + [g[-1].end for g in groups[:i]])
        right = min([e for e in edges if e >= end] + [g[0].start for g in groups[i + 1 :]])
        bracketed = re.match(r"[^（）]*）", sentence[end:right]) is not None and "（" in sentence[left:start]
        said = sentence[left:start] if bracketed else sentence[left:right]
        yield group, bigrams(re.sub(r"第[^，。]{1,8}条", " ", _TITLE.sub(" ", said)))


_WEIGHTS: dict[tuple[str, str], Counter[str]] = {}


def _weights(text: Official) -> Counter[str]:
    """Inverse document frequency of every word pair among the articles of one text."""
    name = (text.name, text.edition)
    if name not in _WEIGHTS:
        seen = Counter(w for t in text.articles.values() for w in bigrams(t))
        total = len(text.articles)
        _WEIGHTS[name] = Counter({w: math.log((total + 1) / n) for w, n in seen.items()})  # type: ignore[misc]
    return _WEIGHTS[name]


def _missing_parts(place: _Cited, words: str) -> list[str]:
    found = []
    clauses = paragraphs(place.text)
    if place.paragraph > len(clauses):
        found.append(f"{words}: the article has {len(clauses)} 款")
    if place.item and place.item not in items(place.text):
        found.append(f"{words}: no such 项")
    return found


def _is_count(unit: str) -> bool:
    return unit in COUNT


def _resolve_source(source: Source, officials: Sequence[Official]) -> Official | str:
    wanted = key(source.document)
    same = [o for o in officials if o.key == wanted] or [o for o in officials if o.key.endswith(wanted)]
    if not same:
        return f"no official text is called 《{source.document}》"
    if source.edition:
        year = source.edition[:4]
        named = [o for o in same if o.edition.startswith(source.edition) or source.edition.startswith(o.edition or "?")]
        named = named or [o for o in same if not o.edition and (o.dated.startswith(year) or year in o.front)]
        return named[0] if named else f"《{source.document}》 has no edition {source.edition}"
    if len({o.edition for o in same}) > 1:
        return f"《{source.document}》 has several editions; say which"
    return same[0]
