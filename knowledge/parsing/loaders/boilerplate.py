"""Recognising what a web page left in a text: share bars, page information, footers."""

from __future__ import annotations

import re

_BUTTON = (
    r"打印(?:正文|本页|文章|页面)?|关闭(?:窗口|本页|页面)?|返回(?:顶部|首页|列表|上一页)|加入收藏|收藏(?:本页|本文)?|分享(?:到.{0,20})?"
    r"|我要纠错|网站纠错|纠错|复制链接|微信|微博|大\s*中\s*小|举报|点赞|评论|下载(?:文字版|PDF版)?"
)
_BUTTONS = re.compile(
    rf"[【\[［（(<>|｜/·\s]*(?:{_BUTTON})(?:[】\]］）)>|｜/·\s]+(?:{_BUTTON})?)*[【\[［（(】\]］）)>|｜/·\s]*"
)
_BARE_WORD = re.compile(r"[\u3400-\u9fff]{1,4}")
_POINTER = re.compile(
    r"(?:(?:上|下)一[篇条]|当前(?:所在)?位置|您?(?:现在)?的?位置|您现在所在的位置)\s*[:：].{0,100}"
    r"|今天是\s*[:：]?\s*(?:[0-9]{2,4}\s*年|[0-9]{1,2}\s*月|星期|周).{0,40}|欢迎您?(?:光临|访问|来到).{0,40}"
    r"|(?:用?微信)?扫(?:一扫|码).{0,40}"
)
_REFERENCE_MARK = re.compile(r"\[[0-9]{1,3}(?:[-,，][0-9]{1,3})*\]")
_CREDIT = re.compile(
    r"[（(【\[]?\s*(?:责任?编辑?|责编|(?:文章|稿件|信息|本文|稿源)?来源|稿源|原标题)\s*[:：]\s*[^。；]{1,60}[）)】\]]?"
)
_LABEL = re.compile(
    r"(来源|作者|稿源|浏览(?:次数|量)?|点击(?:次数|数|量|率)?|阅读(?:次数|量|数)?|访问量|字体|字号|责任编辑|编辑"
    r"|发布(?:时间|日期|人|者|单位)|更新(?:时间|日期)|时间|日期)\s*[:：]"
)
_FOOTER = re.compile(r"版权所有|copyright|©|ICP\s*备|公网安备|网站标识码|技术支持\s*[:：]|网站地图", re.IGNORECASE)
_FURTHER = re.compile(
    r"[【\[]?(?:延伸阅读|相关(?:链接|阅读|文件|新闻|文章|报道|解读|稿件)|推荐阅读|热点推荐|更多)[】\]]?[:：]?"
)
_SURELY_FURTHER = re.compile(r"[【\[]?(?:延伸阅读|相关(?:链接|阅读|新闻|报道)|推荐阅读|热点推荐)[】\]]?[:：]?")
_PAGE_LABELS = ("来源", "作者", "稿源", "浏览", "点击", "阅读", "访问", "字体", "字号", "责任编辑", "编辑")
_COUNTERS = ("浏览", "点击", "阅读", "访问", "字体", "字号")


def is_furniture(line: str, *, on_page: bool = True) -> bool:
    """Whether a whole line belongs to a web page and not to the document on it. In a text that is not read from a page
    itself (`on_page` False) a single word like 收藏 may be a heading.

    >>> is_furniture("【打印正文】"), is_furniture("来源：某网 发布时间：2018-05-21"), is_furniture("第一条 为了")
    (True, True, False)
    """
    if len(line) > 200 or line.endswith(("。", "！", "？", "；")):
        return False
    if not on_page and _BARE_WORD.fullmatch(line):
        return False
    return (
        _BUTTONS.fullmatch(line) is not None
        or _POINTER.fullmatch(line) is not None
        or _CREDIT.fullmatch(line) is not None
        or _REFERENCE_MARK.fullmatch(line) is not None
        or is_page_information(line)
        or (_FOOTER.search(line) is not None and "。" not in line)
    )


def is_further_reading(line: str, *, on_page: bool = True) -> bool:
    """Whether a line is the heading of a list of other pages."""
    return (_FURTHER if on_page else _SURELY_FURTHER).fullmatch(line) is not None


def is_page_information(line: str) -> bool:
    """Whether a line holds the page's own particulars: source, time of posting, author, number of readers."""
    if len(line) > 150 or "。" in line:
        return False
    labels = _LABEL.findall(line)
    if len(labels) == 1:
        return labels[0].startswith(_COUNTERS) and len(line) < 30
    return len(labels) > 1 and any(label.startswith(_PAGE_LABELS) for label in labels)
