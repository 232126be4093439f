"""The pieces of a file: publication lines, news lead, covering letter, the texts themselves, signatures, attachments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.parsing.line_kinds import (
    announces_text,
    attachment_number,
    in_open_bracket,
    is_around,
    is_half_title,
    is_publication_line,
    is_source_line,
)
from knowledge.parsing.paragraphs import Paragraph
from knowledge.parsing.text_starts import main_text, text_starts
from knowledge.parsing.titles import is_title_line
from knowledge.text.quantities import ARABIC, ITEM, dates_in

_FURTHER_READING = re.compile(r"[【\[]?(?:延伸|相关|推荐|扩展)(?:阅读|链接|新闻|文章|报道)[】\]]?[：:]?")
_IN_FULL = re.compile(r"(?:全文|原文)(?:[内容]{0,2}如下)?[ 　]*[。：:]?$")
# The imprint under a signature: copies to, keywords, printed by.
_IMPRINT = re.compile(
    r"[（(]?(?:抄送|抄报|主题词|此件|联系人|联系电话|共印)[：:公发 　].{0,200}|[^。]{2,30}[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日[ 　]*印发"
)
_ATTACHED = re.compile(r"附[ 　]*件?[ 　]*[0-9]*[:：]")
_NEWS = re.compile(r"新华社|人民网|近日[，,]|日前[，,]|《?通知》?(?:指出|强调|要求|明确)")
_LETTER = re.compile(
    r"请遵照执行|请认真贯彻|现印发给|现予(?:公布|发布|印发)|现(?:将.{0,60})?印发|印发给你们|^附件?[0-9]*[:：]"
)
_ADDRESSEE = re.compile(r"^(?:各|党中央|中央和国家|国务院各|全国|中共).{6,400}[：:]$")
_PERSON = re.compile(r".{2,20}(?:部长|主任|审计长|总理|主席|书记|局长|署长|行长)[ 　:：].{2,12}")
_PUNCTUATION = re.compile(r"[，。；：！？、,;:|]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Paragraphs `first` to `after` (exclusive) and what they are: 题注 导语 正文 部分 附件 落款. `name` is the title
    of a further text, the number of an attachment, or ""."""

    kind: str
    name: str
    first: int
    after: int


def divide(paragraphs: Sequence[Paragraph], title: str | None) -> list[Piece]:
    """The pieces of a file in reading order. Exactly one is 正文, the text the file is about; page furniture and
    bare titles are in none. `title` is what the file calls itself."""
    count = _before_imprint(paragraphs, 0, len(paragraphs))
    for index in range(max(1, count - 12), count):
        if _FURTHER_READING.fullmatch(paragraphs[index].text) and not any(p.label for p in paragraphs[index:count]):
            count = index
            break
    paragraphs = paragraphs[:count]
    if not paragraphs:
        return []
    starts = text_starts(paragraphs, title)
    bounds = [start for start, _ in starts] + [count]
    chosen = main_text(starts, paragraphs, title)
    pieces = _head(paragraphs, 0, bounds[0])
    for place, (start, name) in enumerate(starts):
        if place != chosen and not any(p.ends_sentence for p in paragraphs[start : bounds[place + 1]]):
            continue  # a title whose text the file does not hold
        kind = "正文" if place == chosen else "部分"
        pieces += _text(paragraphs, start, bounds[place + 1], kind, name)
    return pieces


def _head(paragraphs: Sequence[Paragraph], first: int, after: int) -> list[Piece]:
    """What stands before the first text: publication lines, a news lead, or a covering letter."""
    index = first
    while index < after and is_around(paragraphs, index, None):
        index += 1
    while after > index and (
        attachment_number(paragraphs[after - 1].text) == "" or announces_text(paragraphs[after - 1])
    ):
        after -= 1
    note = _note(paragraphs, first, index)
    pieces = [note] if note else []
    prose = [i for i in range(index, after) if not is_source_line(paragraphs[i].text)]
    if not prose:
        return pieces
    words = "\n".join(paragraphs[i].text for i in prose)
    letter = any(_ADDRESSEE.match(paragraphs[i].text) or _LETTER.search(paragraphs[i].text) for i in prose)
    if letter and not _NEWS.search(words):
        end = _signature_start(paragraphs, index, after)
        tail = Piece("落款", "", end, after)
    else:
        end = after
        while end > index and is_publication_line(paragraphs[end - 1].text):
            end -= 1
        tail = Piece("题注", "", end, after)
    if end > index:
        pieces.append(Piece("部分", "通知", index, end) if letter else Piece("导语", "", index, end))
    return [*pieces, tail] if end < after else pieces


def _text(paragraphs: Sequence[Paragraph], start: int, after: int, kind: str, name: str) -> list[Piece]:
    """One text with its publication lines before it and its signature and attachments after it."""
    index = start
    while index < after and is_around(paragraphs, index, name or None):
        index += 1
    news = next(
        (
            i + 1
            for i in range(index, min(after, index + 12))
            if _IN_FULL.search(paragraphs[i].text) and not any(p.label for p in paragraphs[index : i + 1])
        ),
        index,
    )
    pieces: list[Piece] = []
    note = _note(paragraphs, start, index)
    if note and kind == "正文":
        pieces.append(note)
    if news > index:
        last = news - 1 if len(paragraphs[news - 1].text) < 60 else news
        if last > index and kind == "正文":
            pieces.append(Piece("导语", "", index, last))
        while news < after and is_around(paragraphs, news, name or None):
            news += 1
        index = news
    attachment = _attachment_start(paragraphs, index, after)
    signature = _signature_start(paragraphs, index, attachment)
    pieces.append(Piece(kind, name, index if kind == "正文" else start, signature))
    if signature < attachment:
        pieces.append(Piece("落款", "", signature, attachment))
    while attachment < after:
        end = _attachment_start(paragraphs, attachment + 1, after)
        pieces.append(Piece("附件", attachment_number(paragraphs[attachment].text) or "", attachment, end))
        attachment = end
    return pieces


def _note(paragraphs: Sequence[Paragraph], first: int, after: int) -> Piece | None:
    """题注, from the title to the last publication line, when there is one."""
    lines = [
        i
        for i in range(first, after)
        if not paragraphs[i].heading and (is_publication_line(paragraphs[i].text) or in_open_bracket(paragraphs, i))
    ]
    if not lines:
        return None
    begin = lines[0]
    if begin > first and not is_source_line(paragraphs[begin - 1].text):
        begin -= 1
    if begin > first and is_half_title(paragraphs[begin - 1]) and not is_title_line(paragraphs[begin - 1].text):
        begin -= 1
    return Piece("题注", "", begin, lines[-1] + 1)


def _before_imprint(paragraphs: Sequence[Paragraph], first: int, after: int) -> int:
    """Where `first:after` ends without the imprint and the page furniture at its end."""
    while after > first + 1:
        text = paragraphs[after - 1].text
        if not is_source_line(text) and not _IMPRINT.fullmatch(text):
            break
        after -= 1
    return after


def _signature_start(paragraphs: Sequence[Paragraph], first: int, after: int) -> int:
    """Where the signature begins that ends `first:after`, or `after`: the list of attachments, names of bodies and a
    date, no sentence."""
    end = _before_imprint(paragraphs, first, after)
    if end <= first:
        return after
    last = paragraphs[end - 1]
    found = dates_in(last.text)
    signed = len(found) == 1 and found[0].end >= len(last.text.rstrip("）) ")) and not last.ends_sentence
    if last.label or not signed or len(last.text) > 80 or _PUNCTUATION.search(last.text.replace("、", "")):
        return after
    start = end - 1
    while start > first and end - start < 8:
        before = paragraphs[start - 1]
        name = len(before.text) <= 40 and not before.label and not before.heading and not before.ends_sentence
        if not (name and (_PERSON.match(before.text) or not _PUNCTUATION.search(before.text.replace("、", "")))):
            break
        start -= 1
    for index in range(start - 1, max(first, start - 10) - 1, -1):
        if len(paragraphs[index].text) > 60 or paragraphs[index].ends_sentence:
            break
        if _ATTACHED.match(paragraphs[index].text):
            return index
    return start


def _attachment_start(paragraphs: Sequence[Paragraph], first: int, after: int) -> int:
    """Where the first attachment proper begins in `first:after`; a list of attachments before the signature is none."""
    for index in range(first, after):
        paragraph = paragraphs[index]
        if paragraph.label or (paragraph.ends_sentence and len(paragraph.text) > 6) or len(paragraph.text) > 60:
            continue
        if attachment_number(paragraph.text) is None or index + 1 >= after:
            continue
        upcoming = paragraphs[index + 1 : min(after, index + 8)]
        signed = any(dates_in(p.text) and len(p.text) < 60 and not p.ends_sentence for p in upcoming)
        if not signed or re.fullmatch(rf"附件?[ 　]*[{ARABIC}{ITEM}]{{0,2}}[:：\ue000-\uf8ff]?", paragraph.text):
            return index
    return after
