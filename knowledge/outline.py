"""The outline of a document: its 编章节条款项 or 一、（一）1., the texts in one file, what is body and what is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from knowledge.clauses import Clause, clauses_of_article, run_ins
from knowledge.frame import Piece, divide
from knowledge.headings import (
    BARE,
    NAMED,
    TOP,
    heading_ranks,
    heading_words,
    is_after_matter,
    is_bare_heading,
    title_goes_on,
)
from knowledge.labels import RANKS, Label
from knowledge.model import Section, SourceText
from knowledge.paragraphs import Paragraph, read_paragraphs
from knowledge.titles import clean_title

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
    ranks = heading_ranks(part)
    last: dict[str, int] = {}
    has_articles = any(p.label and p.label.level == "条" for p in part)
    last_article = max((i for i, p in enumerate(part) if p.label and p.label.level == "条"), default=-1)
    index = 0
    while index < len(part):
        node, used = _open(part, index, ranks, last, has_articles=has_articles, last_article=last_article)
        if node is None and stack and stack[-1].level == "条":
            # Articles take all that is theirs; what is left after the last one is other matter.
            node = _Node("标题", BARE, "文后材料", "文后材料", "", part[index].start, part[index].end)
        if node is None:
            if not stack and not (within and not has_articles):
                stack.append(_Node("序言" if has_articles else "引言", 99, "", "", "", part[index].start, 0))
                stack[0].label = stack[0].step = "序言" if has_articles else "引言"
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
    for node in roots:
        _add_run_ins(node, part)
    return _with_closing(roots, part)


def _open(
    part: Sequence[Paragraph],
    index: int,
    ranks: dict[int, float],
    last: dict[str, int],
    *,
    has_articles: bool,
    last_article: int,
) -> tuple[_Node | None, int]:
    """The section that the paragraph at `index` opens, if any, and how many paragraphs that takes."""
    paragraph = part[index]
    label = paragraph.label
    if label and label.level == "条":
        return _article(part, index, has_articles=has_articles, last_article=last_article)
    if label and label.rank < 5:
        used = 2 if title_goes_on(part, index) else 1
        title = paragraph.rest + (part[index + 1].text if used == 2 else "")
        return _node(label, title, paragraph), used
    if label and (label.number == 1 or label.number > last.get(label.level, 0)) and not paragraph.text.startswith("|"):
        last[label.level] = label.number
        return _node(label, heading_words(part, index), paragraph), 1
    if NAMED.fullmatch(paragraph.text):
        words = "".join(paragraph.text.split())
        rank = ranks.get(paragraph.heading or 0, float(RANKS["章"]) if has_articles else float(RANKS["一"]))
        return _Node("序言", rank, words, words, "", paragraph.start, paragraph.end), 1
    if paragraph.heading and not paragraph.ends_sentence:
        words = paragraph.text
        return _Node("标题", ranks[paragraph.heading], words, _step(words), "", paragraph.start, paragraph.end), 1
    if is_bare_heading(part, index, before_articles=index < last_article):
        rank = 3.5 if index < last_article else BARE
        words = paragraph.text
        return _Node("标题", rank, words, _step(words), "", paragraph.start, paragraph.end), 1
    return None, 1


def _article(part: Sequence[Paragraph], index: int, *, has_articles: bool, last_article: int) -> tuple[_Node, int]:
    after = index + 1
    while after < len(part) and not _ends_article(part, after, last_article):
        after += 1
    own = part[index:after]
    label = own[0].label
    assert label is not None
    found = _ARTICLE_TITLE.match(own[0].rest)
    node = _node(label, found[1] if found else "", own[0])
    node.end = own[-1].end
    node.children = [_from_clause(clause) for clause in clauses_of_article(own)]
    return node, len(own)


def _ends_article(part: Sequence[Paragraph], index: int, last_article: int) -> bool:
    paragraph = part[index]
    if paragraph.label and paragraph.label.rank <= RANKS["条"]:
        return True
    if paragraph.heading and not paragraph.label and not paragraph.ends_sentence:
        return True
    if NAMED.fullmatch(paragraph.text):
        return True
    if is_bare_heading(part, index, before_articles=index < last_article):
        return True
    return index > last_article and is_after_matter(part, index, last_article)


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


def _add_run_ins(node: _Node, part: Sequence[Paragraph]) -> None:
    """Find 一是/二是 in the paragraphs of sections that hold nothing smaller."""
    if node.level == "条":
        return
    for child in node.children:
        _add_run_ins(child, part)
    if not node.children:
        own = [p for p in part if node.start <= p.start and p.end <= node.end]
        node.children = _run_ins_of(own)


def _run_ins_of(part: Sequence[Paragraph]) -> list[_Node]:
    return [_from_clause(clause) for paragraph in part for clause in run_ins(paragraph.text, paragraph.start)]


def _flatten(roots: Sequence[_Node]) -> list[Section]:
    sections: list[Section] = []
    taken: set[str] = set()

    def add(node: _Node, above: str, depth: int) -> None:
        wanted = f"{above}/{node.step}" if above else node.step
        path, again = wanted, 1
        while path in taken:
            again += 1
            path = f"{wanted}〔{again}〕"
        taken.add(path)
        sections.append(Section(path, node.label, node.title, node.level, depth, node.start, node.end))
        for child in node.children:
            add(child, path, depth + 1)

    for root in roots:
        add(root, "", 0)
    return sections
