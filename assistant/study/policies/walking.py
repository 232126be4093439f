"""对照条件: a reader holds his own case against each condition. It adds up what he said and decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import InvalidExcerpt
from assistant.study.policies.card import Condition, Join, PolicyCard


class Reply(StrEnum):
    """What a reader says of one condition; the letter keeps it short in a form."""

    MET = "y"
    NOT_MET = "n"
    UNCLEAR = "u"
    NOT_FOR_ME = "x"  # of a clause that speaks of some applicants only: `小微企业申请的，…`


#: On the screen, for conditions and for what excludes (where having it is what fails).
WORDS = {Reply.MET: "符合", Reply.NOT_MET: "不符合", Reply.UNCLEAR: "不清楚", Reply.NOT_FOR_ME: "不针对我"}
WORDS_EXCLUDED = {Reply.MET: "没有这种情形", Reply.NOT_MET: "有这种情形", Reply.UNCLEAR: "不清楚"}
_OF_SOME = re.compile(r"^[^，。；]{1,24}(?:的，|以下的|以上的)")


@dataclass(frozen=True, slots=True)
class Step:
    """One condition to judge. `group` is the lead-in of the group it stands in and `join` how that group goes together;
    `excluded` when it is a case in which nobody may apply."""

    condition: Condition
    excluded: bool
    group: str = ""
    join: Join = Join.ALL

    @property
    def words(self) -> Mapping[Reply, str]:
        """What can be said of it; 不针对我 only of a clause that begins with those of whom it speaks."""
        if self.excluded:
            return WORDS_EXCLUDED
        of_some = _OF_SOME.match(self.condition.quote.text) is not None
        return {reply: said for reply, said in WORDS.items() if of_some or reply is not Reply.NOT_FOR_ME}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the replies add up to: steps with their replies, and the reply to the whole."""

    replies: tuple[tuple[Step, Reply], ...]
    whole: Reply

    def of(self, reply: Reply) -> list[Step]:
        return [step for step, given in self.replies if given is reply]


def steps(card: PolicyCard) -> tuple[Step, ...]:
    """All conditions one by one, then what excludes, in reading order."""
    return (*_steps(card.conditions, excluded=False), *_steps(card.excluded, excluded=True))


def replies_in(letters: str, card: PolicyCard) -> list[Reply]:
    """Replies from their letters. Raises InvalidExcerpt for others, or for more than there are steps."""
    if len(letters) > len(steps(card)) or set(letters) - set(Reply):
        raise InvalidExcerpt("这次对照的内容对不上政策的条件，文件可能刚刚改过；请重新开始对照。")
    replies = [Reply(letter) for letter in letters]
    if any(reply not in step.words for step, reply in zip(steps(card), replies, strict=False)):
        raise InvalidExcerpt("这次对照的内容对不上政策的条件，文件可能刚刚改过；请重新开始对照。")
    return replies


def outcome(card: PolicyCard, replies: Sequence[Reply]) -> Outcome:
    """One 不符合 of what must all be met is 不符合; of a group of which one is enough, only 不符合 throughout. What excludes
    fails by one 有这种情形."""
    given = iter(replies)
    every = [_judged(one, given) for one in card.conditions]
    every += [_strictly(one, given) for one in card.excluded]
    return Outcome(tuple(zip(steps(card), replies, strict=True)), _all(every))


def _steps(conditions: Sequence[Condition], *, excluded: bool) -> Iterator[Step]:
    for one in conditions:
        for leaf in one.leaves():
            yield Step(leaf, excluded, one.quote.text if one.children else "", one.join)


def _judged(one: Condition, given: Iterator[Reply]) -> Reply:
    if not one.children:
        return next(given)
    inner = [_judged(child, given) for child in one.children]
    return _any(inner) if one.join is Join.ANY else _all(inner)


def _strictly(one: Condition, given: Iterator[Reply]) -> Reply:
    return _all([next(given) for _ in one.leaves()])


def _all(replies: Sequence[Reply]) -> Reply:
    if Reply.NOT_MET in replies:
        return Reply.NOT_MET
    return Reply.UNCLEAR if Reply.UNCLEAR in replies else Reply.MET


def _any(replies: Sequence[Reply]) -> Reply:
    if Reply.UNCLEAR in replies and Reply.MET not in replies:
        return Reply.UNCLEAR
    return Reply.NOT_MET if replies and set(replies) <= {Reply.NOT_MET, Reply.NOT_FOR_ME} else Reply.MET
