"""What the chat shows: a conversation as messages of Gradio, and everything around it, read from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from assistant.conversations.runs import Step
from assistant.conversations.turns import Turn, TurnState
from assistant.model import Answer
from assistant.web.chat.conversation_list import PAGE, conversation_list
from assistant.web.chat.home import welcome
from assistant.web.chat.surroundings import Beside, beside
from assistant.web.site import Site

Message = dict[str, Any]  # as `gr.Chatbot` takes it
SEND, STOP = "发送", "停止回答"
#: What is done at each stage of an answer, for who waits for it.
STAGES = {
    "理解问题": "看问的是哪件事、哪份文件、哪一天",
    "检索": "在文件里找有关的段落",
    "核对引文": "每句引文与原文逐字核对",
    "撰写回答": "由语言模型撰写，每句再与原文核对",
}
STEPS = "steps"  # the message that holds the steps of the answer being made
FIELDS = (("topic", "专题"), ("document", "文件"), ("day", "时效日"))  # of the 范围


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that changes when another conversation is shown, in the order of the page's components."""

    bridge: dict[str, Any]
    head: str
    chat: Any
    box: Any
    conversations: str
    topic: str
    document: str
    day: str
    chosen: str

    def outputs(self) -> tuple[Any, ...]:
        return (
            self.bridge,
            self.head,
            self.chat,
            self.box,
            self.conversations,
            self.topic,
            self.document,
            self.day,
            self.chosen,
        )


WHOLE = len(fields(Whole))


@dataclass(frozen=True, slots=True)
class Live:
    """How far an answer has come that is being made: its stages, of which the last goes on, and what has been said."""

    stages: tuple[str, ...] = (next(iter(STAGES)),)
    so_far: Answer | None = None

    def after(self, step: Step) -> Live:
        """One step on."""
        stages = (*self.stages, step.stage) if step.stage and step.stage not in self.stages else self.stages
        return Live(stages, step.answer or self.so_far)


def composer(*, answering: bool, **more: Any) -> Any:
    """The box for questions: it sends, or it stops the answer that is being made."""
    return gr.update(submit_btn=False if answering else SEND, stop_btn=STOP if answering else False, **more)


def html(value: str) -> gr.HTML:
    """Markup of our templates, where every value is escaped. No template of Gradio's is filled in: those compile their
    values as JavaScript."""
    return gr.HTML(value, apply_default_css=False, js_on_load=None, render=False)


class View:
    """Renders for one site. Everything is asked for in the name of a reader, who sees nobody else's."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def whole(self, user: str, conversation_id: str | None, containing: str = "") -> Whole:
        """A conversation, or the empty page without one. Raises NotYours."""
        title, turns = self._read(user, conversation_id)
        last = turns[-1] if turns else None
        answering = last is not None and last.state is TurnState.ANSWERING
        topic, document, day = scope_of_turn(last)
        return Whole(
            bridge={
                "c": conversation_id or "",
                "title": title,
                "turn": last.id if last else "",
                "answering": answering,
                "seen": seen(turns),
            },
            head=self._head(user, title, turns),
            chat=gr.update(value=self.messages(user, turns), visible=bool(turns)),
            box=composer(answering=answering),
            conversations=self.conversations(user, conversation_id, containing),
            topic=topic,
            document=document,
            day=day,
            chosen=self.chosen(topic, document, day),
        )

    def messages(self, user: str, turns: Sequence[Turn]) -> list[Message]:
        """Two messages for each turn, and the steps of one that is being answered; `turns` are all those of one
        conversation."""
        around = beside(self._site, user, turns)
        made: list[Message] = []
        for turn in turns:
            made.append({"role": "user", "content": self.question(turn)})
            made.extend(self.reply(turn, around[turn.id]))
        return made

    def question(self, turn: Turn) -> str:
        return self._site.pages.render("_asked.html", turn=turn).strip()

    def reply(self, turn: Turn, around: Beside | None, live: Live | None = None) -> list[Message]:
        """The answer to `turn` with what could be asked next; or what has been said of it, and its steps beneath that, where
        they go when they are over without anything else of the page being made anew."""
        live = live or Live()
        message: Message = {"role": "assistant", "content": html(self._reply(turn, around, live.so_far))}
        if turn.state is TurnState.ANSWERING:
            return [message, *steps(live.stages)]
        if around and around.last and around.further and turn.state is TurnState.DONE:
            message["options"] = [{"value": question, "label": question} for question in around.further]
        return [message]

    def conversations(self, user: str, current: str | None, containing: str = "", limit: int = PAGE) -> str:
        """The list at the side."""
        listed = conversation_list(self._site, user, containing, limit)
        return self._site.pages.render("_rail.html", listed=listed, conversation_id=current)

    def chosen(self, topic: str, document: str, day: str) -> str:
        """What limits the next question, above the box. It comes in one reply with the fields that it repeats: each field
        says on its own that it has changed, and what was worked out of the half of them could arrive last."""
        scope = zip(FIELDS, (topic, document, day), strict=True)
        return self._site.pages.render("_chosen.html", scope=[(*one, value) for one, value in scope if value])

    def first(self, user: str, conversation_id: str | None) -> str:
        """The page as it stands until Gradio has started: the last question, where the conversation will stand, or the
        empty page. Raises NotYours."""
        _, turns = self._read(user, conversation_id)
        if not turns:
            return self._site.pages.render("_first.html", turn=None, welcome=welcome(self._site, user))
        last, around = turns[-1], beside(self._site, user, turns)
        return self._site.pages.render("_first.html", turn=last, beside=around[last.id], welcome=None, so_far=None)

    def _read(self, user: str, conversation_id: str | None) -> tuple[str, list[Turn]]:
        if not conversation_id:
            return "", []
        conversation = self._site.conversations.get(user, conversation_id)
        return conversation.title, self._site.conversations.turns(user, conversation_id)

    def _head(self, user: str, title: str, turns: Sequence[Turn]) -> str:
        if turns:
            return self._site.pages.render("_title.html", title=title)
        return self._site.pages.render("_welcome.html", welcome=welcome(self._site, user))

    def _reply(self, turn: Turn, around: Beside | None, so_far: Answer | None) -> str:
        return self._site.pages.render("_reply.html", turn=turn, beside=around, so_far=so_far)


def steps(stages: Sequence[str]) -> list[Message]:
    """The stages of an answer that is being made as steps of Gradio: one that holds the others, of which the last goes on.
    Nothing of them is kept: they go with the answer's end, and a page opened later never sees them."""
    made: list[Message] = [_step("正在回答", "", id=STEPS, status="pending")]
    for stage in stages:
        status = "pending" if stage == stages[-1] else "done"
        made.append(_step(stage, STAGES.get(stage, ""), parent_id=STEPS, status=status))
    return made


def _step(title: str, content: str, **metadata: str) -> Message:
    return {"role": "assistant", "content": content, "metadata": {"title": title, **metadata}}


def scope_of_turn(turn: Turn | None) -> tuple[str, str, str]:
    """Topic, title and day to which a question was limited, as the fields of the 范围 hold them."""
    if turn is None:
        return "", "", ""
    return turn.within.topic or "", turn.within.title or "", str(turn.as_of or "")


def seen(turns: Sequence[Turn]) -> str:
    """What tells two states of a conversation apart, so that a page can notice that another one went on with it."""
    return f"{len(turns)} {turns[-1].id} {turns[-1].state}" if turns else ""
