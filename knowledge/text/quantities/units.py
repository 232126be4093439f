"""Units of quantities, and which of them say the same: 天 and 日, 位 and 人, 周 and seven 日, 年 and twelve 个月."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Measure(StrEnum):
    """What a unit measures. COUNT is of things (项, 册), LABEL names and does not count (二级, 三等奖)."""

    TIME = "time"
    MONEY = "money"
    LENGTH = "length"
    AREA = "area"
    WEIGHT = "weight"
    PEOPLE = "people"
    TIMES = "times"
    SHARE = "share"
    AGE = "age"
    STUDY = "study"
    COUNT = "count"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Unit:
    """`name` is how quantities carry it, `written` the other ways to write the very same. One of it is `factor` of `base`;
    only units with one `base` can be converted (months are no number of days)."""

    name: str
    measure: Measure
    written: tuple[str, ...] = ()
    base: str = ""
    factor: int = 1
    not_before: str = ""  # what may not follow, as a pattern: 周年 is no 周


_M = Measure
#: Every unit that a number may carry. `份额` (of a whole) is the unit of percentages and fractions and is never written.
UNITS: Final = (
    Unit("年", _M.TIME, ("个年度", "周年"), "个月", 12),
    Unit("个月", _M.TIME, (), "个月"),
    Unit("月", _M.TIME),
    Unit("周", _M.TIME, ("星期", "个星期"), "日", 7, not_before="年"),
    Unit("日", _M.TIME, ("天",), "日"),
    Unit("工作日", _M.TIME, ("个工作日",)),
    Unit("小时", _M.TIME, ("个小时",), "分钟", 60),
    Unit("分钟", _M.TIME, (), "分钟"),
    Unit("秒", _M.TIME),
    Unit("季度", _M.TIME),
    Unit("学年", _M.TIME, ("个学年",)),
    Unit("学时", _M.TIME),
    Unit("年度", _M.COUNT),  # 第二年度, not a length of time
    Unit("学分", _M.STUDY),
    Unit("元", _M.MONEY, ("元人民币", "圆整", "块钱"), "元"),
    Unit("万元", _M.MONEY, (), "元", 10_000),
    Unit("亿元", _M.MONEY, (), "元", 100_000_000),
    Unit("平方米", _M.AREA, ("平米", "㎡")),
    Unit("公顷", _M.AREA),
    Unit("亩", _M.AREA),
    Unit("毫米", _M.LENGTH),
    Unit("厘米", _M.LENGTH),
    Unit("米", _M.LENGTH),
    Unit("千米", _M.LENGTH),
    Unit("公里", _M.LENGTH),
    Unit("公斤", _M.WEIGHT),
    Unit("千克", _M.WEIGHT),
    Unit("吨", _M.WEIGHT),
    Unit("人", _M.PEOPLE, ("名", "位", "个人")),
    Unit("人次", _M.PEOPLE),
    Unit("次", _M.TIMES, ("回", "遍"), not_before="事"),  # 两回事
    Unit("倍", _M.SHARE),
    Unit("岁", _M.AGE, ("周岁",)),
    *(Unit(name, _M.LABEL) for name in ("级", "星级", "星", "等奖", "档", "类")),
    Unit("等", _M.LABEL, not_before="级"),
    *(
        Unit(name, _M.COUNT)
        for name in (
            *"票份册件卷本页字场届种项条款章编节点分个家处户批轮期科块枚张棵株头只把座栋幢趟句段幅笔餐顿门台辆间层套组支",
            *("方面", "环节", "阶段"),
        )
    ),
)
_BY_WORD: Final = {word: unit for unit in UNITS for word in (unit.name, *unit.written)}
SHARE: Final = "份额"


def written(*names: str) -> str:
    """Every way to write these units (all, when none is named) as a pattern, longer ones first."""
    words = [word for word, unit in _BY_WORD.items() if not names or unit.name in names]
    ends = {word: f"(?!{_BY_WORD[word].not_before})" if _BY_WORD[word].not_before else "" for word in words}
    return "|".join(re.escape(word) + ends[word] for word in sorted(words, key=lambda word: (-len(word), word)))


#: Any unit as a pattern.
UNIT: Final = written()


def unit_of(word: str) -> Unit | None:
    """The unit that a word writes, or None: `天` gives 日."""
    return _BY_WORD.get(word)


def named(word: str) -> str:
    """The one name of a unit: `天` -> `日`. What is no unit, "" too, stays as it is."""
    unit = _BY_WORD.get(word)
    return unit.name if unit else word


def measures(word: str, *what: Measure) -> bool:
    """Whether a unit measures one of these."""
    unit = _BY_WORD.get(word)
    return unit is not None and unit.measure in what
