"""The Gradio page: its components, and which handler hears which event."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.understanding.question import LONGEST_QUESTION
from assistant.web.chat.handlers.asking import Asking
from assistant.web.chat.handlers.browsing import Browsing
from assistant.web.chat.handlers.following import Following
from assistant.web.chat.handlers.opinions import Opinions
from assistant.web.chat.handlers.scoping import Scoping
from assistant.web.chat.view import SEND, View
from assistant.web.pages import static_url
from assistant.web.site import Site

#: Gradio hears custom events whose names stand in the script of a component.
EVENTS = "ask again edit open look source vote report arrange remove unscope"
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
#: Errors and messages of a handler reach the page through the queue only. Nothing waits in it: answers have their own.
SAID: dict[str, Any] = QUIET | {"concurrency_limit": None}
AT_ONCE: dict[str, Any] = QUIET | {"queue": False}

#: The length is counted in the browser, while one types.
COUNT = """(words) => { const used = [...words.trim()].length, most = LONGEST;
  if (used > most) return `<p class="count over">已有 ${used} 字，最多 ${most} 字，请缩短</p>`;
  return used > most * .8 ? `<p class="count">${used} / ${most}</p>` : ""; }"""
DAY = """const day = element.querySelector("input"), put = () => { day.value = props.value || ""; };
put(); watch("value", put); day.addEventListener("change", () => { props.value = day.value; trigger("input"); });"""
DAY_FIELD = '<label>按哪一天的时效<input type="date" min="1949-10-01" max="2100-12-31"></label>'


def build_page(site: Site, view: View) -> gr.Blocks:
    """The page for `site`; nothing about a reader stands in it until he opens it."""
    asking, following, browsing = Asking(site, view), Following(site, view), Browsing(site, view)
    opinions, scoping = Opinions(site), Scoping(view)
    page = gr.Blocks(title="学思", fill_width=True, fill_height=True, analytics_enabled=False)
    with page:
        with gr.Sidebar(width=248, open=True, elem_id="rail") as rail:
            new = gr.Button("新建会话", elem_id="new")
            find = _box(placeholder="查找会话", label="在会话中查找", max_length=100, elem_id="find")
            listed = _html("conversations")
        with gr.Column(elem_id="center"):
            head = _html("hello")
            chat = _chatbot()
            with gr.Column(elem_id="composer"):
                with gr.Accordion("范围", open=False, elem_id="scope") as panel, gr.Row():
                    topic = _dropdown("专题", "全部专题", scale=1)
                    document = _dropdown("文件（输入几个字查找）", "全部文件", scale=2)
                    day = _html("day", html_template=DAY_FIELD, js_on_load=DAY)
                    clear = gr.Button("不限范围", elem_id="everywhere", min_width=80, scale=0)
                chosen = _html("chosen")
                count = _html("count")
                box = _box(placeholder="请输入问题", label="问题", max_lines=6, submit_btn=SEND, elem_id="ask")
            _html("help", site.pages.render("_help.html"))
        with gr.Sidebar(position="right", width=380, open=False, elem_id="source"):
            original = _html("original")
        bridge = _hidden("bridge", "chat.begin(trigger, props, watch)", EVENTS)
        part = _hidden("part", 'watch("value", () => chat.replace(props.value))')

        scope = [topic, document, day]
        whole = [bridge, head, chat, box, listed, *scope, chosen]
        begun = [
            page.load(browsing.load, None, whole, **SAID),
            box.submit(asking.ask, [box, *scope, find], whole, **SAID),
            bridge.ask(asking.ask_offered, [*scope, find], whole, **SAID),
            chat.option_select(asking.ask_offered, [*scope, find], whole, **SAID),
            bridge.again(asking.again, find, whole, **SAID),
            bridge.open(browsing.open, find, [*whole, rail], **SAID),
            new.click(browsing.new, find, [*whole, rail], **SAID),
            bridge.look(browsing.look, [bridge, find], whole, **SAID),
            bridge.remove(browsing.remove, find, whole, **SAID),
        ]
        follows = [one.success(following.follow, bridge, [chat, box, bridge], **SAID) for one in begun]
        further = [one.success(following.further, bridge, chat, **SAID) for one in follows]
        for elsewhere in (bridge.open, new.click, bridge.look, bridge.remove):  # the answer itself goes on
            elsewhere(None, None, None, cancels=follows + further, **AT_ONCE)
        box.stop(asking.stop, bridge, None, **SAID)
        bridge.arrange(browsing.arrange, find, listed, **SAID)
        bridge.edit(asking.edit, None, [box, *scope, chosen], **SAID)
        box.change(None, box, count, js=COUNT.replace("LONGEST", str(LONGEST_QUESTION)), **AT_ONCE)
        box.submit(lambda: gr.update(open=False), None, panel, **AT_ONCE)
        filled = [topic.input, document.input, day.input]  # by the reader; `change` also tells of what a handler filled
        gr.on(filled, scoping.chosen, scope, chosen, trigger_mode="always_last", **AT_ONCE)
        bridge.unscope(scoping.take_off, scope, [*scope, chosen], **AT_ONCE)
        clear.click(scoping.clear, None, [*scope, chosen], **AT_ONCE)
        find.change(browsing.find, find, listed, trigger_mode="always_last", **SAID)
        bridge.source(browsing.source, None, original, **SAID)
        bridge.vote(opinions.vote, None, part, **SAID)
        bridge.report(opinions.report, None, part, **SAID)
    return page


def _html(name: str, value: str = "", **more: Any) -> gr.HTML:
    return gr.HTML(value, elem_id=name, apply_default_css=False, **{"js_on_load": None} | more)


def _hidden(name: str, script: str, events: str = "") -> gr.HTML:
    """A component without looks, through which our script and the handlers speak. Its `value` is data, never markup."""
    heard = " ".join(f"'{event}'" for event in events.split())
    load = f'import("{static_url("chat.js")}").then((chat) => {{ {script}; }}); // {heard}'
    return gr.HTML({}, html_template="<i></i>", js_on_load=load, elem_id=name, visible="hidden")


def _box(**more: Any) -> gr.Textbox:
    keys = gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send" if "submit_btn" in more else "search")
    return gr.Textbox(lines=1, show_label=False, container=False, html_attributes=keys, **more)


def _dropdown(label: str, all_of_them: str, *, scale: int) -> gr.Dropdown:
    """Other values than the choices are let through: what is not there is refused by the handler, in Chinese."""
    return gr.Dropdown([(all_of_them, "")], value="", label=label, scale=scale, min_width=150, allow_custom_value=True)


def _chatbot() -> gr.Chatbot:
    """The conversation. Whenever it is updated Gradio makes a new Chatbot and works out the schema of its API anew, which
    costs as much as a search; nobody reads it, and it is always the same."""
    chat = gr.Chatbot(
        elem_id="chat",
        visible=False,
        label="问答内容",
        show_label=False,
        container=False,
        layout="bubble",
        height="100%",
        buttons=[],
        autoscroll=False,
        render_markdown=False,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        group_consecutive_messages=False,
        allow_file_downloads=False,
        feedback_options=None,
    )
    schema = chat.api_info()
    setattr(gr.Chatbot, "api_info", lambda _self: schema)  # noqa: B010 - mypy: a method
    return chat
