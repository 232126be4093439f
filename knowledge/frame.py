"""What stands around the texts of a file: titles, publication lines, news leads, covering letters, signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.dates import dates_in
from knowledge.paragraphs import Paragraph
from knowledge.titles import bare, is_title_line

_ACT = r"令第|通过|批准|发布|公布|印发|修订|修正|修改|施行|实行|审议|颁布|会议|制定"
_DOC_NO = re.compile(
    r"[（(]?(?:[\u4e00-\u9fff]{1,16}[ 　]*[〔\[［（(【][ 　]*[0-9]{4}[ 　]*[〕\]］）)】][ 　]*第?[ 　]*[0-9]{1,5}[ 　]*号|"
    r"(?:[\u4e00-\u9fff、 　]{2,60})?第[ 　]*[0-9]{1,4}[ 　]*号(?:令|公告)?)[ 　]*[）)]?"
)
_ORDER = re.compile(r"[\u4e00-\u9fff、 　]{4,60}(?:令|公告)")
_BY_WHOM = re.compile(r"(?:由)?[\u4e00-\u9fff、 　]{2,40}(?:于[0-9]{4}年[0-9月日]*)?(?:印发|发布|颁布|公布)。?")
_FIELD = re.compile(
    r"(?:中文名|发布时间|实施时间|颁布时间|施行时间|发布单位)(?=[ 　：:0-9《\u4e00-\u9fff])|【(?:发布|颁布|发文|实施|施行|生效|失效|效力|时效|法规|文号|题注|颁发|批准|公布|所属|有效)[^】]{0,8}】"
)
_MONTH = re.compile(r"[12][0-9]{3}年[0-9]{1,2}月")
_EDITION_LINE = re.compile(r"(?:19|20)[0-9]{2}年?(?:版|修[订正]版?)?")
_SOURCE = re.compile(
    r"[（(【\[]?(?:本文|文章|稿件|资料)?(?:来源|责编|责任编辑|编辑|原标题|转载|作者|发布时间|打印正文|编者按)[】:：)）].*|【打印正文】|PDF.{0,4}下载.*"
    r"|《[^》]{2,12}》[ 　]*[（(].{4,30}版[ 　]*[）)]"
)
_FURTHER_READING = re.compile(r"[【\[]?(?:延伸|相关|推荐|扩展)(?:阅读|链接|新闻|文章|报道)[】\]]?[：:]?")
_IN_FULL = re.compile(r"(?:全文|原文)(?:[内容]{0,2}如下)?[ 　]*[。：:]?$")
_NEWS = re.compile(r"新华社|人民网|近日[，,]|日前[，,]|《?通知》?(?:指出|强调|要求|明确)")
_LETTER = re.compile(r"请遵照执行|请认真贯彻|现印发给|现予(?:公布|发布|印发)|现(?:将.{0,60})?印发|印发给你们|^附件?[0-9]*[:：]")
_ADDRESSEE = re.compile(r"^(?:各|党中央|中央和国家|国务院各|全国|中共).{6,400}[：:]$")
_ATTACHMENT = re.compile(r"附[ 　]*(?:件|表|录|图)?[ 　]*([0-9一二三四五六七八九十]{0,3})[ 　]*(?:[:：.．、]|[ 　]|$)")
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


def is_publication_line(text: str) -> bool:
    """Whether a line says who adopted or issued the text and when, or carries its 文号."""
    if len(text) > 400:
        return False
    if _DOC_NO.fullmatch(text) or _FIELD.match(text) or _ORDER.fullmatch(text) or is_date_line(text):
        return True
    if text[0] in "（(":
        return text[-1] in "）)" and bool(dates_in(text) or _MONTH.search(text) or re.search(r"[0-9]{4}.{0,12}(?:修订|修改|修正|号|施行)", text))
    if "。" in text.rstrip("。") or len(text) > 200:
        return False
    if _BY_WHOM.fullmatch(text):
        return True
    return bool(dates_in(text)) and re.search(_ACT, text) is not None and not text.endswith(("。", "；", "：", ":"))


def is_date_line(text: str) -> bool:
    found = dates_in(text)
    return len(found) == 1 and not text.replace(text[found[0].start : found[0].end], "").strip("()（） 　、，,")


def is_source_line(text: str) -> bool:
    """Whether a line is the page's and not the document's: source, editor, print button."""
    return len(text) < 100 and _SOURCE.fullmatch(text) is not None


def attachment_number(text: str) -> str | None:
    """`附件1` -> "1", `附件：` -> "", None when the line does not open an attachment."""
    found = _ATTACHMENT.match(text)
    return found[1] if found else None


def divide(paragraphs: Sequence[Paragraph], title: str | None) -> list[Piece]:
    """The pieces of a file in reading order. Exactly one is 正文, the text the file is about; page furniture and
    bare titles are in none. `title` is what the file calls itself."""
    count = len(paragraphs)
    while count and is_source_line(paragraphs[count - 1].text):
        count -= 1
    for index in range(max(1, count - 12), count):
        if _FURTHER_READING.fullmatch(paragraphs[index].text) and not any(p.label for p in paragraphs[index:count]):
            count = index
            break
    paragraphs = paragraphs[:count]
    if not paragraphs:
        return []
    starts = _text_starts(paragraphs, title)
    bounds = [start for start, _ in starts] + [count]
    chosen = _main(starts, paragraphs, title)
    pieces = _head(paragraphs, 0, bounds[0])
    for place, (start, name) in enumerate(starts):
        if place != chosen and not any(p.ends_sentence for p in paragraphs[start : bounds[place + 1]]):
            continue  # a title whose text the file does not hold
        kind = "正文" if place == chosen else "部分"
        pieces += _text(paragraphs, start, bounds[place + 1], kind, name)
    return pieces


# --- where texts start ---------------------------------------------------------------------------------------


def _text_starts(paragraphs: Sequence[Paragraph], title: str | None) -> list[tuple[int, str]]:
    """Index and title of each text. A text starts where articles count from one again, or at a title line."""
    runs = _article_runs(paragraphs)
    if not runs:
        return _untitled_starts(paragraphs, title, 0, len(paragraphs)) or [(0, "")]
    starts: list[tuple[int, str]] = []
    floor = 0
    for first, last in runs:
        start, name = _back_to_title(paragraphs, first, floor, title, opening=not starts)
        starts.append((start, name))
        floor = last + 1
    return starts


def _article_runs(paragraphs: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """First and last paragraph index of each sequence of articles."""
    runs: list[tuple[int, int]] = []
    last = 0
    for index, paragraph in enumerate(paragraphs):
        label = paragraph.label
        if label is None or label.level != "条":
            continue
        if not runs or label.number < last:
            runs.append((index, index))
        else:
            runs[-1] = (runs[-1][0], index)
        last = label.number
    return runs


def _back_to_title(
    paragraphs: Sequence[Paragraph], first: int, floor: int, title: str | None, *, opening: bool
) -> tuple[int, str]:
    """From the first article of a text back to the line that opens it."""
    start = first
    for index in range(first - 1, floor - 1, -1):
        paragraph = paragraphs[index]
        text = paragraph.text
        if _announces_text(paragraph) and paragraph.label is None:
            return index + 1, ""
        if paragraph.label is None and (_same(text, title) or is_title_line(text) or _is_titled(paragraph, title)):
            return index, _joined_title(paragraphs, index, floor)
        if paragraph.label is None and not opening and first - index > 6:
            break
        if paragraph.label is not None and paragraph.label.rank < 5:
            start = index
    if not opening:
        return start, ""
    index = floor
    while index < first and _around(paragraphs, index, title):
        index += 1
    return index, ""


def _joined_title(paragraphs: Sequence[Paragraph], index: int, floor: int) -> str:
    text = paragraphs[index].text
    if index > floor and _is_half_title(paragraphs[index - 1]) and len(text) < 16 and not text.startswith("《"):
        return paragraphs[index - 1].text + text
    return text


def _untitled_starts(
    paragraphs: Sequence[Paragraph], title: str | None, floor: int, after: int
) -> list[tuple[int, str]]:
    """Starts of texts without articles: title lines followed by a text."""
    starts: list[tuple[int, str]] = []
    index = floor
    while index < after:
        name, length = _title_at(paragraphs, index, title)
        if name and (not starts or not _same(name, starts[-1][1]) or index - starts[-1][0] > 3):
            # Title lines in a row (heading, then `X印发《…》`) open one text.
            if starts and all(_around(paragraphs, i, title) for i in range(starts[-1][0], index)):
                proper = title is not None and bare(starts[-1][1]) == bare(title)
                starts[-1] = (starts[-1][0], starts[-1][1] if proper and not _same(name, title) else name)
            elif starts and _EDITION_LINE.fullmatch(paragraphs[index - 1].text):
                starts.append((index - 1, f"{name}（{paragraphs[index - 1].text}）"))
            else:
                starts.append((index, name))
        index += max(1, length)
    if not starts:
        return []
    if len(starts) > 1 and _is_preface(paragraphs[starts[0][0] : starts[1][0]]):
        starts = starts[1:]
    lead = [i for i in range(floor, starts[0][0]) if not _around(paragraphs, i, title)]
    if sum(len(paragraphs[i].text) for i in lead) > 1500 or any(paragraphs[i].heading for i in lead):
        starts.insert(0, (floor, ""))
    return starts


def _is_preface(lines: Sequence[Paragraph]) -> bool:
    """Whether what stands before the next title is too little, and too plain, to be a text of its own."""
    return sum(len(line.text) for line in lines) < 800 and not any(line.label for line in lines)


def _title_at(paragraphs: Sequence[Paragraph], index: int, title: str | None) -> tuple[str, int]:
    """The title that stands at `index` and how many lines it takes, or ("", 0)."""
    paragraph = paragraphs[index]
    if paragraph.label is not None or index + 1 >= len(paragraphs):
        return "", 0
    before = paragraphs[index - 1] if index else None
    if before and not (before.ends_sentence or before.heading or len(before.text) < 60):
        return "", 0
    for length in (1, 2):
        lines = paragraphs[index : index + length]
        if len(lines) < length or any(line.label or line.ends_sentence for line in lines):
            break
        text = "".join(line.text for line in lines)
        following = paragraphs[index + length] if index + length < len(paragraphs) else None
        if following is None:
            break
        if length == 2 and not _is_half_title(paragraph):
            break
        if _same(text, title) or (is_title_line(text) and _opens_text(text, following)):
            return text, length
    return "", 0


def _is_half_title(paragraph: Paragraph) -> bool:
    """`中共中央关于进一步全面深化改革`: the first line of a title that takes two."""
    text = paragraph.text
    return 8 <= len(text) <= 40 and paragraph.label is None and not re.search(r"[，。；：！？,;:|0-9《》（）()]", text)


def _opens_text(text: str, following: Paragraph) -> bool:
    proper = re.match(r"关于|中共|中央|国务院|中华|中国|全国|中办|《|[\u4e00-\u9fff]{2,12}关于", text) is not None
    return proper and (following.label is not None or len(following.text) >= 30 or is_publication_line(following.text))


def _main(starts: Sequence[tuple[int, str]], paragraphs: Sequence[Paragraph], title: str | None) -> int:
    """Which text the file is about: the longest that bears the file's title, else the first that has one."""
    bounds = [start for start, _ in starts] + [len(paragraphs)]
    named = [place for place, (_, name) in enumerate(starts) if name and _same(name, title)]
    if named and _article_runs(paragraphs):
        return named[0]
    if named:
        return max(named, key=lambda place: sum(len(p.text) for p in paragraphs[bounds[place] : bounds[place + 1]]))
    untitled = title is not None and not is_title_line(title) and not paragraphs[starts[0][0]].heading
    return 1 if untitled and starts[0][1] == "" and len(starts) > 1 else 0


def _same(text: str, title: str | None) -> bool:
    if not title:
        return False
    one, other = bare(text), bare(title)
    if not one or not other:
        return False
    return one == other or (len(one) >= 8 and other.endswith(one)) or (len(other) >= 8 and one.endswith(other) and len(one) < 60)


# --- pieces ---------------------------------------------------------------------------------------------------


def _around(paragraphs: Sequence[Paragraph], index: int, title: str | None) -> bool:
    """Whether a line before the body is title, publication line or page furniture."""
    paragraph = paragraphs[index]
    text = paragraph.text
    if paragraph.label is not None:
        return False
    if index == 0 and (paragraph.heading or _is_opening_title(paragraphs)):
        return True
    if title and _completes(paragraphs, index, title):
        return True
    return (
        _same(text, title)
        or (is_title_line(text) and not paragraph.ends_sentence)
        or is_publication_line(text)
        or is_source_line(text)
        or _in_open_bracket(paragraphs, index)
        or _announces_text(paragraph)
        or _is_titled(paragraph, title)
    )


def _is_opening_title(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the first line of a file without markup looks like its title: short, no sentence, then sentences."""
    text = paragraphs[0].text
    plain = 2 <= len(text) <= 50 and not re.search(r"[。；：！？，,;:!?|]", text)
    return plain and any(p.ends_sentence for p in paragraphs[1:4]) and "  " not in text


def _is_titled(paragraph: Paragraph, title: str | None) -> bool:
    """`某某办法全文`: the title with a few words more."""
    text = paragraph.text
    begins = title is not None and len(title) >= 6 and text.startswith(title)
    return begins and len(text) < len(title or "") + 12 and not paragraph.ends_sentence


def _completes(paragraphs: Sequence[Paragraph], index: int, title: str) -> bool:
    """Whether a line is one half of a title that takes two."""
    whole, own = bare(title), bare(paragraphs[index].text)
    after = bare(paragraphs[index + 1].text) if index + 1 < len(paragraphs) else ""
    before = bare(paragraphs[index - 1].text) if index else ""
    return len(own) < len(whole) and whole in (own + after, before + own)


def _in_open_bracket(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether the line is part of a publication note in brackets that takes several lines."""
    text = paragraphs[index].text
    if text[0] in "（(" and not re.search(r"[）)]", text) and (dates_in(text) or re.search(_ACT, text)):
        return any(p.text.endswith(("）", ")")) for p in paragraphs[index + 1 : index + 6])
    for back in range(1, 6):
        if index - back < 0 or len(text) > 200:
            return False
        opener = paragraphs[index - back].text
        if opener[0] in "（(" and not re.search(r"[）)]", opener):
            return dates_in(opener) != [] or re.search(_ACT, opener) is not None
        if re.search(r"[）)]$", opener) or len(opener) > 200:
            return False
    return False


def _head(paragraphs: Sequence[Paragraph], first: int, after: int) -> list[Piece]:
    """What stands before the first text: publication lines, a news lead, or a covering letter."""
    index = first
    while index < after and _around(paragraphs, index, None):
        index += 1
    while after > index and (
        attachment_number(paragraphs[after - 1].text) == "" or _announces_text(paragraphs[after - 1])
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


def _announces_text(paragraph: Paragraph) -> bool:
    return _IN_FULL.search(paragraph.text) is not None and len(paragraph.text) < 60


def _text(paragraphs: Sequence[Paragraph], start: int, after: int, kind: str, name: str) -> list[Piece]:
    """One text with its publication lines before it and its signature and attachments after it."""
    index = start
    while index < after and _around(paragraphs, index, name or None):
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
        while news < after and _around(paragraphs, news, name or None):
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
        if not paragraphs[i].heading
        and (is_publication_line(paragraphs[i].text) or _in_open_bracket(paragraphs, i))
    ]
    if not lines:
        return None
    begin = lines[0]
    if begin > first and not is_source_line(paragraphs[begin - 1].text):
        begin -= 1
    if begin > first and _is_half_title(paragraphs[begin - 1]) and not is_title_line(paragraphs[begin - 1].text):
        begin -= 1
    return Piece("题注", "", begin, lines[-1] + 1)


def _signature_start(paragraphs: Sequence[Paragraph], first: int, after: int) -> int:
    """Where the signature begins that ends `first:after`, or `after`: names of bodies and a date, no sentence."""
    end = after
    while end > first and is_source_line(paragraphs[end - 1].text):
        end -= 1
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
    return start


def _attachment_start(paragraphs: Sequence[Paragraph], first: int, after: int) -> int:
    """Where the first attachment proper begins in `first:after`; a list of attachments before the signature is none."""
    for index in range(first, after):
        paragraph = paragraphs[index]
        if paragraph.label or paragraph.ends_sentence and len(paragraph.text) > 6 or len(paragraph.text) > 60:
            continue
        if attachment_number(paragraph.text) is None or index + 1 >= after:
            continue
        upcoming = paragraphs[index + 1 : min(after, index + 8)]
        signed = any(dates_in(p.text) and len(p.text) < 60 and not p.ends_sentence for p in upcoming)
        if not signed or re.fullmatch(r"附件?[ 　]*[0-9一二三四]{0,2}[:：]?", paragraph.text):
            return index
    return after
