"""The statements of the diagnosis, and how far each of the three blocks stands out in the answers. No marks are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import InvalidEntry


class Block(StrEnum):
    """What holds somebody back; the names are the topics of the first page."""

    ABLE = "不会"
    DARE = "不敢"
    WILL = "不想"


class Level(StrEnum):
    """How far a block stands out."""

    HIGH = "比较突出"
    SOME = "有一些"
    LOW = "不明显"


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that one may find true of oneself. `about` are words of the measures that answer to it."""

    block: Block
    words: str
    about: tuple[str, ...]


SCALE = ("不符合", "有一点", "比较符合", "很符合")
#: From which average answer on a block has a level; the answers count 0 to 3 in the order of SCALE.
LEVELS = ((Level.HIGH, 1.6), (Level.SOME, 0.7), (Level.LOW, 0.0))
STATEMENTS = (
    Statement(Block.ABLE, "接到没做过的工作，我常常不知道先从哪一步做起。", ("专业", "业务", "能力")),
    Statement(Block.DARE, "事情拿不准的时候，我宁可先放一放，也怕办错了担责任。", ("容错", "纠错", "责任")),
    Statement(Block.WILL, "手上的事过得去就行，我不太愿意再往前多走一步。", ("激励", "环境")),
    Statement(Block.ABLE, "写材料、提意见时，我说不准该引哪份文件、哪一条。", ("专业", "培训", "学习")),
    Statement(Block.DARE, "哪些失误可以容、哪些必须问责，我心里没有底。", ("容错", "纠错", "问责")),
    Statement(Block.WILL, "我觉得多干少干差别不大，提不起劲。", ("激励", "考核", "奖励")),
    Statement(Block.ABLE, "上级的要求怎样落到自己的岗位上，我想得还不够清楚。", ("政治", "理论", "思想")),
    Statement(Block.DARE, "想试一个新办法，我先想到的是出了问题怎么交代。", ("容错", "纠错", "改革")),
    Statement(Block.WILL, "我不了解自己可以得到哪些奖励、保障和关心。", ("激励", "待遇", "关心")),
    Statement(Block.ABLE, "遇到急事难事，我缺少自己处理过的经验。", ("岗位", "历练", "实践", "锻炼")),
    Statement(Block.DARE, "我担心事情做得越多，被挑出来的毛病也越多。", ("考核", "评价")),
    Statement(Block.WILL, "填表、报数、开会占去很多精力，真正做事的心气少了。", ("环境", "作风", "减负")),
    Statement(Block.ABLE, "政策和业务变得快，我学得跟不上。", ("专业", "培训", "学习")),
    Statement(Block.DARE, "我不清楚踏实做事在使用干部时怎样看得见。", ("用人", "导向")),
    Statement(Block.WILL, "身边让我愿意跟着学的人和事，我一时说不出几个。", ("典型", "榜样", "先进")),
)


def answers_in(letters: str) -> tuple[int, ...]:
    """The answers as a page sends them, a figure each. Raises InvalidEntry when some are missing or there is no such answer."""
    if len(letters) != len(STATEMENTS) or not set(letters) <= set("0123"):
        given = sum(one in "0123" for one in letters)
        raise InvalidEntry(f"{len(STATEMENTS)} 句里选了 {given} 句，请每句都选一项再看结果。")
    return tuple(map(int, letters))


def levels(answers: Sequence[int]) -> dict[Block, Level]:
    """How far each block stands out, the one that stands out most first."""
    means = {block: _mean(answers, block) for block in Block}
    order = sorted(Block, key=lambda block: -means[block])
    return {block: next(level for level, least in LEVELS if means[block] >= least) for block in order}


def _mean(answers: Sequence[int], block: Block) -> float:
    own = [answer for answer, one in zip(answers, STATEMENTS, strict=True) if one.block is block]
    return sum(own) / len(own)
