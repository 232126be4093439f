"""Greetings, thanks and 你能做什么: answered by the program itself."""

from __future__ import annotations

import re

from assistant.answering import refusals
from assistant.answering.draft import Draft
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from knowledge.text.normalise import searchable

_END = r"(?:[啊呀哈哦了吗呢吧]|[\s,，。.!！?？~～])*"
_GREETS = re.compile(
    rf"(?:你好|您好|你们好|大家好|嗨|哈喽|hi|hello|在吗|在不在|(?:早上|上午|中午|下午|晚上)好)(?:{_END}学思)?{_END}",
    re.I,
)
_THANKS = re.compile(rf"(?:(?:好的?|行|知道了|明白了?){_END})?(?:多谢|谢谢|感谢|辛苦|再见|拜拜)[你您啦了]?{_END}")
_ABILITY = re.compile(
    rf"(?:请问)?(?:你|您|学思|这个?(?:系统|助手))都?(?:能|会|可以|是)(?:帮我)?[干做答问]?[些点]?(?:什么|啥|谁|哪些)[的事忙]?{_END}|"
    rf"(?:怎么用|使用说明|我?(?:能|可以)问你?些?(?:什么|啥|哪些)(?:问题)?){_END}"
)


def courtesy(question: Question) -> Composed | None:
    """What is said to a greeting, to thanks, or about what can be asked; None for a question."""
    plain = searchable(question.understood.question)
    if _THANKS.fullmatch(plain):
        return Composed(Draft(), 1.0, refusals.courtesy("不客气，有问题可以接着问。"))
    if _GREETS.fullmatch(plain) or _ABILITY.fullmatch(plain):
        return Composed(Draft(), 1.0, refusals.courtesy(_introduction(len(question.kb.published()))))
    return None


def _introduction(held: int) -> str:
    return (
        f"你好，我是学思，根据库里的 {held} 份文件回答问题，每句话都能点开原文核对。可以直接问一件事该怎么办（公务接待能上酒吗），"
        "查一条原文（公务员法第五十九条），比两个版本（2018年版和2023年版有什么变化），也可以接着上一个问题追问。"
    )
