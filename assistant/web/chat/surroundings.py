"""What stands around the answer of a turn on its reader's page: banners, his opinion, what could be asked next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.conversations.feedback import Report, Vote
from assistant.conversations.turns import Turn
from assistant.web.chat.validity_banner import Banner
from assistant.web.site import Site


@dataclass(frozen=True, slots=True)
class Beside:
    """`further` is None while what could be asked next is not worked out; `last` tells whether the turn is the
    conversation's latest."""

    banners: tuple[Banner, ...] = ()
    vote: Vote | None = None
    report: Report | None = None
    further: tuple[str, ...] | None = None
    last: bool = True


def beside(site: Site, user: str, turns: Sequence[Turn]) -> Mapping[str, Beside]:
    """By turn; `turns` are all those of one conversation, oldest first."""
    if not turns:
        return {}
    conversation_id = turns[0].conversation_id
    votes = site.feedback.votes_in(user, conversation_id)
    reports = site.feedback.reports_in(user, conversation_id)
    return {
        turn.id: Beside(
            banners=site.successors.banners(turn.answer) if turn.answer else (),
            vote=votes.get(turn.id),
            report=reports.get(turn.id),
            further=site.offers.known(turn),
            last=turn is turns[-1],
        )
        for turn in turns
    }


def turn_html(site: Site, user: str, turn: Turn) -> str:
    """One turn as it stands on the page of its conversation."""
    turns = site.conversations.turns(user, turn.conversation_id)
    around = beside(site, user, turns)
    return site.pages.render("_turn.html", turn=turn, beside=around[turn.id])
