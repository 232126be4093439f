"""Putting together paragraphs that a file has torn apart: a number without its words, a sentence cut in two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.parsing.loaders.lines import ends_sentence, is_bare_label, join, starts_unit
from knowledge.parsing.loaders.paragraph import Paragraph
from knowledge.parsing.loaders.tables import CELL_BORDER

_ARTICLE = re.compile(r"第\s*[一二三四五六七八九十百千〇零○0-9０-９]+\s*条")
_CHAPTER = re.compile(r"第\s*[一二三四五六七八九十百千〇零○0-9０-９]+\s*(?:分编|[编篇章节])")
_OPEN_ENDED = re.compile(r"[\u3400-\u9fff，、,“‘（(《]$")
_LONGEST_TITLE = 40  # characters; a chapter's title on its own line is shorter
_FULL_TITLE = 14  # characters from which a chapter's title may need a second line
_FULL_LINE = 20  # characters; shorter lines are titles, names, dates
_FEW_ARTICLES = 5


def mend(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Paragraphs with their torn-off parts: `第三条` and its words, a long chapter title, a sentence of an article."""
    whole = _with_labels(paragraphs)
    if sum(_ARTICLE.match(one.text) is not None for one in whole) < _FEW_ARTICLES:
        return whole
    mended: list[Paragraph] = []
    in_articles = False
    for index, paragraph in enumerate(whole):
        in_articles = in_articles or _ARTICLE.match(paragraph.text) is not None
        following = whole[index + 1].text if index + 1 < len(whole) else ""
        if mended and (
            (in_articles and _is_cut(mended[-1], paragraph)) or _is_title_cut(mended[-1], paragraph, following)
        ):
            mended[-1] = Paragraph(join(mended[-1].text, paragraph.text), mended[-1].level)
        else:
            mended.append(paragraph)
    return mended


def _is_cut(first: Paragraph, second: Paragraph) -> bool:
    """Whether a paragraph of an article stops in the middle of a sentence that the next one ends.

    Only in texts of articles, where every paragraph ends with punctuation; a speech has headings without it.
    """
    if first.level is not None or second.level is not None or CELL_BORDER in first.text or CELL_BORDER in second.text:
        return False
    return (
        len(first.text) >= _FULL_LINE
        and _OPEN_ENDED.search(first.text) is not None
        and _CHAPTER.match(first.text) is None
        and not starts_unit(second.text)
        and ends_sentence(second.text)
    )


def _is_title_cut(first: Paragraph, second: Paragraph, following: str) -> bool:
    """Whether a chapter's title goes on in the next line, before the chapter's first article."""
    return (
        _CHAPTER.match(first.text) is not None
        and _FULL_TITLE <= len(first.text) <= _LONGEST_TITLE
        and not ends_sentence(first.text)
        and len(second.text) <= _LONGEST_TITLE
        and not ends_sentence(second.text)
        and not starts_unit(second.text)
        and _ARTICLE.match(following) is not None
    )


def _with_labels(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Bring a number that stands on a line of its own to its words."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs:
        if joined and _belongs_to_label(joined[-1], paragraph):
            label = joined[-1]
            article = label.text.endswith("条")
            # A line end after 第三条 was a space to the eye; official typography sets a full-width one.
            gap = "\u3000" if label.text.startswith("第") else ""
            joined[-1] = Paragraph(join(label.text + gap, paragraph.text), None if article else label.level)
        else:
            joined.append(paragraph)
    return joined


def _belongs_to_label(label: Paragraph, words: Paragraph) -> bool:
    if not is_bare_label(label.text) or starts_unit(words.text) or is_bare_label(words.text):
        return False
    if label.text.startswith("第") and not label.text.endswith("条"):
        return len(words.text) <= _LONGEST_TITLE and not ends_sentence(words.text)
    return words.level is None or words.level == label.level
