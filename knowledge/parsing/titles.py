"""Titles of official documents: how a title looks, what is decoration around it, what kind of text it names."""

from __future__ import annotations

import re

#: 文种, the longer word before the one it contains.
KINDS = (  # noqa: SIM905
    "实施细则 章程 准则 条例 规定 规则 办法 细则 宪法 法 决定 决议 意见 通知 公报 建议 讲话 公告 通告 方案 标准 解答 清单 "
    "学习导读 纲要 规划 制度 规程 守则 公约 批复 通报 报告 指引 指南 规范 要点 解释 说明 解读 答记者问 计划 大纲 函 令"
).split()

_TRIAL = r"(?:[（(〔\[]?(?:试行|暂行|草案|修订|修正案?|节选|全文|[12][0-9]{3}年?(?:版|修[订正])?)[）)〕\]]?)*"
_ENDS_AS_TITLE = re.compile(
    r"(?:章程|准则|条例|规定|规则|办法|细则|法|决定|决议|意见|通知|公报|建议|公告|方案|标准|解答|清单|纲要|规划|规程|守则|制度|答记者问|讲话|宪法)"
    rf"》?{_TRIAL}$"
)
_SENTENCE = re.compile(r"[。；！？!?;]|[，,：:]$|^[0-9（(]")
_BRACKETS = re.compile(r"[《》〈〉<>\"“”‘’']")
_YEAR_MARK = re.compile(
    r"(?<![0-9年][—–～~至-])"  # 三年行动计划（2026—2028年）: no year of an edition
    r"[ 　_]*[（(〔\[]?(?:(?:19|20)[0-9]{2})(?:[-.年][0-9]{1,2}[-.月][0-9]{1,2}日?|年)?(?:版|修[订正](?:版|本)?)?[）)〕\]]?$"
)
_TAIL = re.compile(r"[ 　_]*[（(【\[]?(?:全文|全文如下|打印版|word版|WORD版|最新版|文字版)[）)】\]]?$")
_WEEKLY = re.compile(r"^(?:【[^】]{1,30}】|每周一学)?[ 　]*(?:[（(][0-9年月日 \-—–~～至—]+[）)])?[ 　]*(?=\S)")
_ISSUED = re.compile(
    r"^(?P<by>[\u4e00-\u9fff、 　（）()]{2,60}?)(?:联合|近日)?(?:印发|发布|颁布|公布|转发)(?:了)?"
    r"[ 　]*《(?P<title>.+)》(?!的)"
)
_TRIAL_MARK = re.compile(r"(?:[（(〔\[][ 　]*|(?<=[\u4e00-\u9fff])[ 　]+)(试行|暂行)[ 　]*[）)〕\]]?$")
_WHOLE_IN_BRACKETS = re.compile(r"^《([^《》]+(?:《[^《》]*》[^《》]*)*)》(?P<trial>[（(](?:试行|暂行)[）)])?$")


def is_title_line(line: str) -> bool:
    """Whether a line could be the title of a text: short, a 文种 at its end, no sentence."""
    if not 2 <= len(line) <= 80 or _SENTENCE.search(line):
        return False
    found = _ENDS_AS_TITLE.search(line)
    return found is not None and (found.start() > 0 or line == "宪法")


def bare(title: str) -> str:
    """A title for comparison: without brackets, quotation marks, spaces, underscores and years."""
    return re.sub(r"[ 　_、，,（）()〔〕\[\]]", "", _BRACKETS.sub("", strip_year(title)[0]))


def strip_year(title: str) -> tuple[str, str | None]:
    """`公务员法(2018-12-29)` -> (`公务员法`, `2018`); the edition a title or file name carries at its end."""
    found = _YEAR_MARK.search(title)
    if not found or found.start() == 0:
        return title, None
    year = re.search(r"(?:19|20)[0-9]{2}", found[0])
    return title[: found.start()].rstrip(), year[0] if year else None


def clean_title(raw: str) -> tuple[str, str | None, str | None]:
    """The title proper, the edition year it carried and the issuer it named, from a heading or a file name.

    >>> clean_title("中共中央办公厅 国务院办公厅印发《党政机关某某办法》（全文）")
    ('党政机关某某办法', None, '中共中央办公厅 国务院办公厅')
    """
    title = " ".join(raw.replace("_", " ").replace("　", " ").split())
    title = _TAIL.sub("", title)
    title = _WEEKLY.sub("", title) or title
    title, year = strip_year(title)
    title = _TAIL.sub("", title)
    issuer = None
    if found := _ISSUED.match(title):
        issuer, title = found["by"].strip().removesuffix("关于"), found["title"]
    elif found := _WHOLE_IN_BRACKETS.match(title):
        title = found[1] + (found["trial"] or "")
    if not year:
        title, year = strip_year(title)
    title = _TRIAL_MARK.sub(r"（\1）", title)
    return title.strip(" 　，,：:"), year, issuer


def kind_of(title: str) -> str | None:
    """文种 of a title: `中国共产党纪律处分条例` -> `条例`; `关于印发《某某办法》的通知` -> `通知`."""
    core = re.sub(rf"(?:{_TRIAL}|[0-9]{{1,3}}条)$", "", title.strip().rstrip("》"))
    for kind in KINDS:
        if core.endswith(kind):
            return {"实施细则": "细则", "宪法": "法"}.get(kind, kind)
    return None
