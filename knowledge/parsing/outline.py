"""The outline of a document: its 编章节条款项 or 一、（一）1., the texts in one file, what is body and what is not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from knowledge.model import Section, SourceText
from knowledge.parsing.clauses import Clause, clauses_of_article, run_ins
from knowledge.parsing.headings import (
    BARE,
    NAMED,
    TOP,
    Layout,
    heading_words,
    is_after_matter,
    is_bare_heading,
    title_goes_on,
)
from knowledge.parsing.labels import RANKS, Label
from knowledge.parsing.paragraphs import Paragraph, read_paragraphs
from knowledge.parsing.parts import Piece, divide
from knowledge.parsing.titles import clean_title

_CLOSING = re.compile(
    r"(?:各地区?|各级|各单位|全党|中央军委|军队).{0,40}(?:本(?:意见|通知|规定|办法|方案|决定)|团结在)"
)
_ARTICLE_TITLE = re.compile(r"[【〔（(]([^】〕）)。，]{2,20})[】〕）)]")


@dataclass(frozen=True, slots=True)
class Outline:
    """`sections` in reading order, parents before children. `articles` is the number of distinct 第X条 of the main
    text, None when it is not made of articles. `body` are the offsets of the main text without publication lines,
    lead and signature."""

    sections: tuple[Section, ...]
    articles: int | None
    body: tuple[int, int]


@dataclass(slots=True)
class _Node:
    """A section while the outline is being built."""

    level: str
    rank: float
    label: str
    step: str
    title: str
    start: int
    end: int
    children: list[_Node] = field(default_factory=list)


def outline(source: SourceText) -> Outline:
    """Never fails: a text without any structure has no sections, and its body is the whole text."""
    if source.sections:
        return Outline(source.sections, None, (0, len(source.text)))
    paragraphs = _without_quoted_articles(read_paragraphs(source))
    if not paragraphs:
        return Outline((), None, (0, len(source.text)))
    stated = source.card.get("title") or source.title
    pieces = divide(paragraphs, clean_title(stated)[0] if stated else None)
    roots: list[_Node] = []
    body = (paragraphs[0].start, paragraphs[-1].end)
    articles: int | None = None
    for piece in pieces:
        part = paragraphs[piece.first : piece.after]
        if not part:
            continue
        if piece.kind == "正文":
            body = (part[0].start, part[-1].end)
            numbers = {(p.label.number, p.label.sub) for p in part if p.label and p.label.level == "条"}
            articles = len(numbers) or None
            roots += _sections_of(part)
        else:
            roots.append(_framed(piece, part))
    return Outline(tuple(_flatten(roots)), articles, body)


def _without_quoted_articles(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Drop article labels of a text that only quotes a few articles: a commentary is no regulation."""
    numbers = [p.label.number for p in paragraphs if p.label and p.label.level == "条"]
    if len(numbers) >= 5 or (len(numbers) >= 2 and numbers[0] <= 3):
        return paragraphs
    return [replace(p, label=None) if p.label and p.label.level == "条" else p for p in paragraphs]


def _framed(piece: Piece, part: Sequence[Paragraph]) -> _Node:
    label = piece.kind + piece.name
    if piece.kind == "部分":
        label = piece.name or "其他材料"
        if piece.name and piece.name != "通知":
            label = piece.name if "《" in piece.name else f"《{piece.name}》"
    node = _Node(piece.kind, TOP - 9, label, label, "", part[0].start, part[-1].end)
    if piece.kind == "部分":
        skip = 0
        while skip < len(part) and part[skip].label is None and not part[skip].ends_sentence and skip < 4:
            skip += 1
        node.children = _sections_of(part[skip:], within=True) if skip < len(part) else []
    elif piece.kind == "附件":
        node.title = "" if len(part) < 2 or part[1].ends_sentence or part[1].label else part[1].text[:60]
        node.children = _sections_of(part[1:], within=True)
    return node


def _sections_of(part: Sequence[Paragraph], *, within: bool = False) -> list[_Node]:
    """The sections of one text."""
    roots: list[_Node] = []
    stack: list[_Node] = []
    layout = Layout.of(part)
    last: dict[str, int] = {}
    index = 0
    while index < len(part):
        node, used = _open(layout, index, last)
        if node is None and stack and stack[-1].level == "条":
            # Articles take all that is theirs; what is left after the last one is other matter.
            node = _Node("标题", BARE, "文后材料", "文后材料", "", part[index].start, part[index].end)
        if node is None:
            if not stack and not (within and not layout.has_articles):
                name = "序言" if layout.has_articles else "引言"
                stack.append(_Node(name, 99, name, name, "", part[index].start, 0))
                roots.append(stack[0])
        else:
            while stack and stack[-1].rank >= node.rank:
                stack.pop()
            (stack[-1].children if stack else roots).append(node)
            stack.append(node)
        for above in stack:
            above.end = max(above.end, part[index + used - 1].end)
        index += used
    if all(node.level in ("引言", "序言") for node in roots) and len(roots) <= 1:
        return [child for node in roots for child in _run_ins_of(part)]
    starts = [p.start for p in part]
    for node in roots:
        _add_run_ins(node, part, starts)
    return _with_closing(roots, part)


def _open(layout: Layout, index: int, last: dict[str, int]) -> tuple[_Node | None, int]:
    """The section that the paragraph at `index` opens, if any, and how many paragraphs that takes. `last` are
    the numbers seen so far by level: a number that goes back opens nothing."""
    part = layout.part
    paragraph = part[index]
    label = paragraph.label
    if label and label.level == "条":
        return _article(layout, index)
    if label and label.rank < 5:
        used = 2 if title_goes_on(part, index) else 1
        title = paragraph.rest + (part[index + 1].text if used == 2 else "")
        return _node(label, title, paragraph), used
    if label and (label.number == 1 or label.number > last.get(label.level, 0)) and not paragraph.text.startswith("|"):
        last[label.level] = label.number
        return _node(label, heading_words(part, index), paragraph), 1
    if NAMED.fullmatch(paragraph.text):
        words = "".join(paragraph.text.split())
        rank = layout.ranks.get(paragraph.heading or 0, float(RANKS["章" if layout.has_articles else "一"]))
        return _Node("序言", rank, words, words, "", paragraph.start, paragraph.end), 1
    if paragraph.heading and not paragraph.ends_sentence:
        words = paragraph.text
        return _Node(
            "标题", layout.ranks[paragraph.heading], words, _step(words), "", paragraph.start, paragraph.end
        ), 1
    if is_bare_heading(layout, index):
        rank = 3.5 if index < layout.last_article else BARE
        words = paragraph.text
        return _Node("标题", rank, words, _step(words), "", paragraph.start, paragraph.end), 1
    return None, 1


def _article(layout: Layout, index: int) -> tuple[_Node, int]:
    part = layout.part
    after = index + 1
    while after < len(part) and not _ends_article(layout, after):
        after += 1
    own = part[index:after]
    label = own[0].label
    assert label is not None
    found = _ARTICLE_TITLE.match(own[0].rest)
    node = _node(label, found[1] if found else "", own[0])
    node.end = own[-1].end
    node.children = [_from_clause(clause) for clause in clauses_of_article(own)]
    return node, len(own)


def _ends_article(layout: Layout, index: int) -> bool:
    paragraph = layout.part[index]
    if paragraph.label and paragraph.label.rank <= RANKS["条"]:
        return True
    if paragraph.heading and not paragraph.label and not paragraph.ends_sentence:
        return True
    if NAMED.fullmatch(paragraph.text) or is_bare_heading(layout, index):
        return True
    return index > layout.last_article and is_after_matter(layout, index)


def _node(label: Label, title: str, paragraph: Paragraph) -> _Node:
    return _Node(label.level, label.rank, label.written, label.step, title.strip(), paragraph.start, paragraph.end)


def _step(words: str) -> str:
    return words.replace("/", "／").strip()


def _from_clause(clause: Clause) -> _Node:
    children = [_from_clause(child) for child in clause.children]
    return _Node(clause.level, 99, clause.label, clause.step, "", clause.start, clause.end, children)


def _with_closing(roots: list[_Node], part: Sequence[Paragraph]) -> list[_Node]:
    """Take the closing appeal of a notice or decision out of its last section."""
    if not roots or roots[-1].level not in ("一", "（一）", "1"):
        return roots
    paragraph = part[-1]
    if paragraph.label or not _CLOSING.match(paragraph.text) or paragraph.start <= roots[-1].start:
        return roots
    _shorten(roots[-1], part[-2].end, paragraph.start)
    closing = _Node("结语", TOP, "结语", "结语", "", paragraph.start, paragraph.end)
    return [*roots, closing]


def _shorten(node: _Node, end: int, limit: int) -> None:
    if node.end > limit:
        node.end = end
        node.children = [child for child in node.children if child.start < limit]
        for child in node.children:
            _shorten(child, end, limit)


def _add_run_ins(node: _Node, part: Sequence[Paragraph], starts: Sequence[int]) -> None:
    """Find 一是/二是 in the paragraphs of sections that hold nothing smaller. `starts` are the offsets of `part`."""
    if node.level == "条":
        return
    for child in node.children:
        _add_run_ins(child, part, starts)
    if not node.children:
        node.children = _run_ins_of(part[bisect_left(starts, node.start) : bisect_left(starts, node.end)])


def _run_ins_of(part: Sequence[Paragraph]) -> list[_Node]:
    return [_from_clause(clause) for paragraph in part for clause in run_ins(paragraph.text, paragraph.start)]


def _flatten(roots: Sequence[_Node]) -> list[Section]:
    """Sections in reading order, each with a path of its own: `（一）`, and `（一）〔2〕` where a number comes again."""
    sections: list[Section] = []
    taken: Counter[str] = Counter()

    def add(node: _Node, above: str, depth: int) -> None:
        wanted = f"{above}/{node.step}" if above else node.step
        taken[wanted] += 1
        path = wanted if taken[wanted] == 1 else f"{wanted}〔{taken[wanted]}〕"
        sections.append(Section(path, node.label, node.title, node.level, depth, node.start, node.end))
        for child in node.children:
            add(child, path, depth + 1)

    for root in roots:
        add(root, "", 0)
    return sections
