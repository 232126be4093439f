"""对照条件: a reader holds his own case against each condition. It adds up what he said and decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.errors import InvalidExcerpt
from assistant.study.policies.card import Condition, Join, PolicyCard
from assistant.study.policies.conditions import adds, whose


class Reply(StrEnum):
    """What a reader says of one condition; the letter keeps it short in a form."""

    MET = "y"
    NOT_MET = "n"
    UNCLEAR = "u"
    NOT_FOR_ME = "x"  # of a clause that speaks of some applicants only: `小微企业申请的，…`


#: On the screen, for conditions and for what excludes (where having it is what fails).
WORDS = {Reply.MET: "符合", Reply.NOT_MET: "不符合", Reply.UNCLEAR: "不清楚", Reply.NOT_FOR_ME: "不针对我"}
WORDS_EXCLUDED = {Reply.MET: "没有这种情形", Reply.NOT_MET: "有这种情形", Reply.UNCLEAR: "不清楚"}
_EXEMPTS = re.compile(r"除外|不受[^，。；]{0,8}限制|无需|不作要求")
_OF_SOME = re.compile(r"^[^，。；]{1,24}(?:的，|以下的|以上的)")


@dataclass(frozen=True, slots=True)
class Step:
    """One condition to judge. `groups` are the lead-ins above it, the outermost first, each with how its members go together and
    its exception; `excluded` when it is a case in which nobody may apply. `for_some`: the condition, or the group that it opens,
    is for some applicants or for one of several grants; then 不针对我 answers for all `whole` steps of it."""

    condition: Condition
    excluded: bool
    groups: tuple[Condition, ...] = ()
    for_some: bool = False
    whole: int = 1

    @property
    def words(self) -> Mapping[Reply, str]:
        """What can be said of it; 不针对我 only of a clause that is for some applicants or that exempts some."""
        if self.excluded:
            return WORDS_EXCLUDED
        return {reply: said for reply, said in WORDS.items() if self.for_some or reply is not Reply.NOT_FOR_ME}

    @property
    def exceptions(self) -> tuple[str, ...]:
        """What is excepted from it or from the groups above it."""
        return tuple(one.exception for one in (*self.groups, self.condition) if one.exception)


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
    if any(not _may_be_said(steps(card), place, replies) for place in range(len(replies))):
        raise InvalidExcerpt("这次对照的内容对不上政策的条件，文件可能刚刚改过；请重新开始对照。")
    return replies


def answered(card: PolicyCard, letters: str, reply: str) -> str:
    """`letters` with one more reply; 不针对我 of the first condition of a group stands for the whole group."""
    every = steps(card)
    fills = reply == Reply.NOT_FOR_ME and len(letters) < len(every)
    return letters + reply * (every[len(letters)].whole if fills else 1)


def taken_back(card: PolicyCard, letters: str) -> str:
    """`letters` without the last reply, which may have stood for a group."""
    every = steps(card)
    for place in range(len(letters) - 1, -1, -1):
        filled = letters[place:]
        if set(filled) == {Reply.NOT_FOR_ME} and len(filled) == every[place].whole > 1:
            return letters[:place]
    return letters[:-1]


def outcome(card: PolicyCard, replies: Sequence[Reply]) -> Outcome:
    """One 不符合 of what must all be met is 不符合; of a group of which one is enough, only 不符合 throughout. What excludes
    fails by one 有这种情形. Of groups for different applicants or grants, one that is met is enough, and one for a grant that comes on
    top of another (可以另外申领…) takes nothing away; who says of all of them that they are not for him has found nothing."""
    given = iter(replies)
    judged = [(one, _judged(one, given)) for one in card.conditions]
    apart = [(one, reply) for one, reply in judged if _stands_apart(one)]
    every = [reply for pair in judged if pair not in apart for reply in pair[1:]]
    by_class: dict[str, list[Reply]] = {}
    for one, reply in apart:
        if not (one.beside and every):
            by_class.setdefault(one.whose, []).append(reply)
    if by_class:
        every.append(_any([_all(said) for said in by_class.values()]))
    if set(every) == {Reply.NOT_FOR_ME}:
        every.append(Reply.UNCLEAR)
    every += [_strictly(one, given) for one in card.excluded]
    return Outcome(tuple(zip(steps(card), replies, strict=True)), _all(every))


def _steps(conditions: Sequence[Condition], *, excluded: bool, above: tuple[Condition, ...] = ()) -> Iterator[Step]:
    for one in conditions:
        if not one.children:
            for_some = bool(one.whose or _OF_SOME.match(one.quote.text) or _EXEMPTS.search(one.quote.text))
            yield Step(one, excluded, above, for_some and not excluded)
            continue
        under = list(_steps(one.children, excluded=excluded, above=(*above, one)))
        if (one.whose or one.exception) and not excluded:
            under[0] = replace(under[0], for_some=True, whole=len(under))
        yield from under


def _may_be_said(every: Sequence[Step], place: int, replies: Sequence[Reply]) -> bool:
    """Whether the reply at `place` is one of those offered, there or for the whole group."""
    if replies[place] in every[place].words:
        return True
    openers = [first for first in range(place) if first + every[first].whole > place]
    return replies[place] is Reply.NOT_FOR_ME and any(
        set(replies[first : place + 1]) == {Reply.NOT_FOR_ME} for first in openers
    )


def _judged(one: Condition, given: Iterator[Reply]) -> Reply:
    if not one.children:
        return next(given)
    inner = [_judged(child, given) for child in one.children]
    return _any(inner) if one.join is Join.ANY else _all(inner)


def _stands_apart(one: Condition) -> bool:
    """Whether a group is for a class or a grant of its own, so that another one may be met instead."""
    named = bool(one.whose) and (one.beside or whose(one.quote.text) != "")
    return bool(one.children) and named and not adds(one.quote.text)


def _strictly(one: Condition, given: Iterator[Reply]) -> Reply:
    return _all([next(given) for _ in one.leaves()])


def _all(replies: Sequence[Reply]) -> Reply:
    if replies and set(replies) == {Reply.NOT_FOR_ME}:
        return Reply.NOT_FOR_ME
    if Reply.NOT_MET in replies:
        return Reply.NOT_MET
    return Reply.UNCLEAR if Reply.UNCLEAR in replies else Reply.MET


def _any(replies: Sequence[Reply]) -> Reply:
    if replies and set(replies) == {Reply.NOT_FOR_ME}:
        return Reply.NOT_FOR_ME
    if Reply.UNCLEAR in replies and Reply.MET not in replies:
        return Reply.UNCLEAR
    return Reply.NOT_MET if replies and set(replies) <= {Reply.NOT_MET, Reply.NOT_FOR_ME} else Reply.MET
