"""Lines around a text: titles, publication lines, 文号, page furniture, attachments. Told one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.parsing.paragraphs import Paragraph
from knowledge.parsing.titles import bare, is_title_line
from knowledge.text.quantities import ARABIC, DOC_NO, ITEM, dates_in

_ACT = r"令第|通过|批准|发布|公布|印发|修订|修正|修改|施行|实行|审议|颁布|会议|制定"
_DOC_NO = re.compile(
    rf"[（(]?(?:[\u4e00-\u9fff]{{1,16}}{DOC_NO}|"
    r"(?:[\u4e00-\u9fff、 　]{2,60})?第[ 　]*[0-9]{1,4}[ 　]*号(?:令|公告)?)[ 　]*[）)]?"
)
_ORDER = re.compile(r"[\u4e00-\u9fff、 　]{4,60}(?:令|公告)")
_BY_WHOM = re.compile(r"(?:由)?[\u4e00-\u9fff、 　]{2,40}(?:于[0-9]{4}年[0-9月日]*)?(?:印发|发布|颁布|公布)。?")
_FIELD = re.compile(
    r"(?:中文名|发布时间|实施时间|颁布时间|施行时间|发布单位)(?=[ 　：:0-9《\u4e00-\u9fff])"
    r"|【(?:发布|颁布|发文|实施|施行|生效|失效|效力|时效|法规|文号|题注|颁发|批准|公布|所属|有效)[^】]{0,8}】"
)
_BODIES = re.compile(
    r"(?:[\u4e00-\u9fff]{2,24}(?:局|委|部|厅|署|院|办|会|政府|办公室|小组|中心|[支总大]队|公司)(?:[ 　、]+|(?=发布|印发)|$))+"
    r"(?:发布|印发)?"
)
_YEAR_ACT = re.compile(r"[0-9]{4}.{0,12}(?:修订|修改|修正|号|施行)")
_MONTH = re.compile(r"[12][0-9]{3}年[0-9]{1,2}月")
_SOURCE = re.compile(
    r"[（(【\[]?(?:本文|文章|稿件|资料)?(?:来源|责编|责任编辑|编辑|原标题|转载|作者|发布时间|打印正文|编者按)[】:：)）].*|【打印正文】|PDF.{0,4}下载.*"
    r"|《[^》]{2,12}》[ 　]*[（(].{4,30}版[ 　]*[）)]"
)
_IN_FULL = re.compile(r"(?:全文|原文)(?:[内容]{0,2}如下)?[ 　]*[。：:]?$")
_ATTACHMENT = re.compile(
    rf"附[ 　]*(?:件|表|录|图)?[ 　]*([{ARABIC}{ITEM}]{{0,3}})[ 　]*(?:[:：.．、]|[ 　]|[\ue000-\uf8ff]?$)"
)


def is_around(paragraphs: Sequence[Paragraph], index: int, title: str | None) -> bool:
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
        same_title(text, title)
        or (is_title_line(text) and not paragraph.ends_sentence)
        or is_publication_line(text)
        or _is_signed_above(paragraphs, index)
        or is_source_line(text)
        or in_open_bracket(paragraphs, index)
        or announces_text(paragraph)
        or begins_with_title(paragraph, title)
    )


def is_publication_line(text: str) -> bool:
    """Whether a line says who adopted or issued the text and when, or carries its 文号."""
    if len(text) > 400:
        return False
    if _DOC_NO.fullmatch(text) or _FIELD.match(text) or _ORDER.fullmatch(text) or is_date_line(text):
        return True
    if dates_in(text) and is_signed(text):
        return True
    if text[0] in "（(":
        return text[-1] in "）)" and bool(dates_in(text) or _MONTH.search(text) or _YEAR_ACT.search(text))
    if "。" in text.rstrip("。") or len(text) > 200:
        return False
    if _BY_WHOM.fullmatch(text):
        return True
    return bool(dates_in(text)) and re.search(_ACT, text) is not None and not text.endswith(("。", "；", "：", ":"))


def is_signed(text: str) -> bool:
    """Whether a line names bodies and nothing else but a day: `柳河市统计局 柳河市财政局 2023年12月21日`."""
    found = dates_in(text)
    if len(found) > 1 or len(text) > 120:
        return False
    names = text[: found[0].start] + text[found[0].end :] if found else text
    return _BODIES.fullmatch(names.strip(" 　")) is not None


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


def announces_text(paragraph: Paragraph) -> bool:
    return _IN_FULL.search(paragraph.text) is not None and len(paragraph.text) < 60


def in_open_bracket(paragraphs: Sequence[Paragraph], index: int) -> bool:
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


def is_half_title(paragraph: Paragraph) -> bool:
    """`中共中央关于进一步全面深化改革`: one line of a title that takes several."""
    text = paragraph.text
    if not 4 <= len(text) <= 40 or paragraph.label is not None or text.endswith("文件"):
        return False
    return not re.search(r"[，。；：！？,;:|《》（）()〔]|^[0-9]|[日号]$", text)


def same_title(text: str, title: str | None) -> bool:
    if not title:
        return False
    one, other = bare(text), bare(title)
    if not one or not other:
        return False
    return (
        one == other
        or (len(one) >= 8 and other.endswith(one))
        or (len(other) >= 8 and one.endswith(other) and len(one) < 60)
    )


def begins_with_title(paragraph: Paragraph, title: str | None) -> bool:
    """`某某办法全文`: the title with a few words more."""
    text = paragraph.text
    begins = title is not None and len(title) >= 6 and text.startswith(title)
    return begins and len(text) < len(title or "") + 12 and not paragraph.ends_sentence


def _is_opening_title(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the first line of a file without markup looks like its title: short, no sentence, then sentences."""
    text = paragraphs[0].text
    plain = 2 <= len(text) <= 50 and not re.search(r"[。；：！？，,;:!?|]", text)
    return plain and any(p.ends_sentence for p in paragraphs[1:4]) and "  " not in text


def _is_signed_above(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether bodies stand alone on a line, and the next line is the day on which they issued the text."""
    if index + 1 >= len(paragraphs) or not is_signed(paragraphs[index].text):
        return False
    day = dates_in(paragraphs[index + 1].text)
    return len(day) == 1 and day[0].start == 0 and len(paragraphs[index + 1].text) <= day[0].end + 2


def _completes(paragraphs: Sequence[Paragraph], index: int, title: str) -> bool:
    """Whether a line is part of a title that takes two or three."""
    whole = bare(title)
    for length in (2, 3):
        for first in range(max(0, index - length + 1), index + 1):
            if bare("".join(p.text for p in paragraphs[first : first + length])) == whole:
                return True
    return False
