"""Whether a question or a document bears a mark of secrecy and so must not be sent to a model."""

from __future__ import annotations

import re

from knowledge.text.quantities import ARABIC, ITEM

HEAD = 400  # characters at the beginning of a document where marks stand

_LEVEL = r"(?:绝\s*密|机\s*密|秘\s*密)"
_MARKED = (
    re.compile(rf"{_LEVEL}\s*[★☆*＊]"),  # 机密★10年
    re.compile(rf"密\s*级\s*[:：]?\s*(?:{_LEVEL}|内部)"),
    re.compile(rf"[【〔\[（(《〈]\s*(?:{_LEVEL}|内部|内部文件|内部资料)\s*[】〕\]）)》〉]"),
    re.compile(
        rf"^[\s　]*(?:{_LEVEL}|内\s*部)(?:文件|资料|材料)?[\s　]*(?:[:：，,。]|[{ARABIC}{ITEM}]+年|$)",
        re.MULTILINE,
    ),
    re.compile(r"内部(?:文件|资料|材料|使用|发行|参考)[\s　，,、；;。]*(?:注意保[存密]|不得|请勿|严禁|禁止|切勿|妥善)"),
    re.compile(r"(?:仅供|限于?)内部(?:使用|参考|阅读|学习)|(?:不得|请勿|严禁|禁止)(?:外传|外泄|对外提供)"),
    re.compile(
        rf"(?:这|该|本)(?:份|个|件|篇)?(?:文件|材料|资料|通知|内容)?(?:是|属于?|为)(?:{_LEVEL}|内部)(?:级|文件|材料|资料|件)?(?=[，,。；;！!？?的]|$)"
    ),
)


def marked(text: str) -> bool:
    """Whether `text` bears a mark such as 机密★10年, 【内部】 or 密级：秘密. Speaking about state secrets is no mark."""
    return any(pattern.search(text) for pattern in _MARKED)


def document_marked(title: str, file_name: str, text: str) -> bool:
    """Whether a document is marked in its title, its file name or where its text begins."""
    return marked(title) or marked(file_name) or marked(text[:HEAD])
