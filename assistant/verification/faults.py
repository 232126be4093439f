"""What can be wrong with a sentence that a model wrote."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """What is wrong; the value is for programs."""

    NUMBER = "number"
    DATE = "date"
    ARTICLE = "article"
    REFERENCE = "reference"  # 文号
    COMPARATOR = "comparator"  # 以上 for 以下
    QUOTE = "quote"
    TITLE = "title"
    FORMULATION = "formulation"  # a 固定表述 cut short or changed
    POLARITY = "polarity"  # 不得 for 可以, an exception made a rule
    SUBJECT = "subject"  # somebody else does it
    CONDITION = "condition"  # what follows in one case is said of another
    WORDS = "words"
    FRAGMENT = "fragment"  # `五日内。`: says nothing of what it is true of
    UNCITED = "uncited"


#: Faults that make a sentence false in a figure, or leave a figure of nothing. Such a sentence is removed by default.
OF_FIGURES: Final = frozenset(
    {Fault.NUMBER, Fault.DATE, Fault.ARTICLE, Fault.REFERENCE, Fault.COMPARATOR, Fault.FRAGMENT}
)
