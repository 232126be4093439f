"""How an answer written by a model is shown: labelled, its doubtful sentences marked, its markup harmless."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from browsing import ask, reload, running, window
from conftest import Site

sys.path.insert(0, str(Path(__file__).parents[1] / "assistant" / "generation"))
from scripted_endpoint import Pause, Reply, Request, ScriptedEndpoint

from assistant.answerer import Answerer
from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import Turn, TurnState
from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.endpoint import Endpoint
from assistant.generation.writer import Writer
from assistant.model import Answer, Citation, CitedDocument, Mode, Sentence
from assistant.web import build
from assistant.web.answer_layout import as_text, view
from assistant.web.pages import Pages
from knowledge.metadata.register import Register
from knowledge.model import Validity
from knowledge.retrieval.lexicon import Lexicon

DOCUMENT = CitedDocument(1, "青禾市样本规定", None, None, "2020", Validity.IN_FORCE)
QUOTES = ("第一条　应当甲。", "第二条　应当乙。")
ANSWER = Answer(
    question="应当做什么",
    standalone="应当做什么",
    mode=Mode.GENERATE,
    sentences=(
        Sentence("应当甲。", (1,)),
        Sentence("也应当乙。", (2,)),
        Sentence("<script>window.pwned=1</script>还应当丙。", (), supported=False),
    ),
    citations=tuple(Citation(n, DOCUMENT, 1, n, f"第{n}条", quote, 0, len(quote)) for n, quote in enumerate(QUOTES, 1)),
    confidence=0.9,
)


def test_written_sentences_make_one_paragraph_though_their_sources_differ() -> None:
    [block] = view(ANSWER).blocks
    assert [shown.markers for shown in block.sentences] == [(1,), (2,), ()]


def test_the_page_labels_the_answer_and_marks_what_has_no_grounds() -> None:
    html = _html(ANSWER)
    assert "AI生成" in html
    assert html.count("未在来源中找到依据") == 1
    assert html.index("还应当丙") < html.index("未在来源中找到依据")


def test_markup_of_a_model_is_shown_as_text() -> None:
    html = _html(ANSWER)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_copy_carries_the_label_and_the_mark() -> None:
    text = as_text(ANSWER)
    assert "AI生成" in text
    assert "还应当丙。（未在来源中找到依据）" in text


@pytest.mark.browser
def test_no_script_of_a_model_runs_in_the_browser(page: Any, site: Site) -> None:
    attempts = (
        "<script>window.pwned=1</script>甲。",
        "<img src=x onerror=window.pwned=1>乙。",
        "<svg onload=window.pwned=1>丙。",
        "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>丁。",
        "[戊](javascript:window.pwned=1)。",
        "</main><style>*{display:none}</style>己。",
        "```html\n<b onmouseover=window.pwned=1>庚。",
        "{{ 7*7 }}<a href='javascript:window.pwned=1'>辛</a>。",
    )
    document = site.document("休假管理", "2023")
    [passage, *_] = site.knowledge_base.passages(document.version_id)
    quote = passage.text[:12]
    citation = replace(
        ANSWER.citations[0],
        version_id=document.version_id,
        passage_id=passage.id,
        quote=quote,
        start=passage.start,
        end=passage.start + len(quote),
    )
    sentences = tuple(
        Sentence(text, (1,) if place % 2 else (), supported=bool(place % 2)) for place, text in enumerate(attempts)
    )
    gate = site.stage.script("会运行脚本吗", replace(ANSWER, sentences=sentences, citations=(citation,)))
    gate.open(100)
    turn = ask(page, "会运行脚本吗")
    page.mouse.move(200, 200)
    for _ in range(2):
        shown = turn.inner_text()
        assert "<script>window.pwned=1</script>甲。" in shown
        assert "<svg onload=window.pwned=1>丙。" in shown
        assert page.evaluate("window.pwned") is None
        assert page.locator("iframe, article svg[onload], article img, article style, a[href^=javascript]").count() == 0
        reload(page)
        page.wait_for_selector("article[data-state=done]")
        turn = page.locator("article").last


@pytest.fixture
def written(site: Site, tmp_path: Path) -> Iterator[tuple[str, ScriptedEndpoint]]:
    """The library behind a scripted model: the address of the page, and the model."""
    conversations = Conversations.open(tmp_path)
    with ScriptedEndpoint() as model:
        settings = EndpointSettings(model.url, "scripted")
        answerer = Answerer(site.knowledge_base, Register.load(), Lexicon.load(), writer=Writer(Endpoint(settings)))
        app = build(answerer=answerer, knowledge_base=site.knowledge_base, conversations=conversations)
        with running(app) as url:
            yield url, model
    conversations.close()


class _Timed(list[str | Pause]):
    """Steps of a reply that note when each was sent, in milliseconds as the browser counts them."""

    def __iter__(self) -> Iterator[str | Pause]:
        self.sent: list[float] = []
        for step in super().__iter__():
            self.sent.append(time.time() * 1000)
            yield step


#: Notes when the sentence has been drawn for the first time.
_WATCH = """addEventListener("DOMContentLoaded", () => {
    const look = new MutationObserver(() => {
        if (!document.querySelector("article.turn")?.innerText.includes("十二日内答复来访人")) return;
        look.disconnect();
        requestAnimationFrame(() => { window.shown = Date.now(); });
    });
    look.observe(document.body, { subtree: true, childList: true, characterData: true });
})"""


@pytest.mark.browser
def test_the_first_sentence_is_on_screen_at_once_after_the_models_full_stop(
    browser: Any, written: tuple[str, ScriptedEndpoint], capsys: pytest.CaptureFixture[str]
) -> None:
    url, model = written
    sent: list[_Timed] = []

    def slowly(request: Request) -> Reply:
        source = next(line for line in request.prompt.splitlines() if "自登记之日起十二日内" in line and line[0] == "[")
        number = source.partition("]")[0][1:]
        steps = ["来访事项应当自登记之日起", f"十二日内答复来访人[{number}]。", Pause(0.5), "此外"]
        sent.append(_Timed(steps))
        return Reply(sent[-1])

    model.play(slowly)
    page = window(browser).new_page()
    page.add_init_script(_WATCH)
    shown = []
    for _ in range(5):  # a conversation of its own each, for a second question would be made standalone by the model
        page.goto(url)
        ask(page, "来访事项应当在多少日内答复来访人？")
        shown.append(page.evaluate("window.shown"))
    page.close()
    late = sorted(seen - one.sent[1] for seen, one in zip(shown, sent, strict=True))
    with capsys.disabled():
        print(f"\nfrom full stop to screen: median {late[len(late) // 2]:.0f} ms, least {late[0]:.0f} ms")
    assert late[0] < 500  # Gradio gathers what comes and draws it: 166 ms here, 306 in the median
    assert late[len(late) // 2] < 1500  # on a busy machine


def test_an_extract_bears_neither() -> None:
    html = _html(replace(ANSWER, mode=Mode.EXTRACT, sentences=ANSWER.sentences[:2]))
    assert "AI生成" not in html
    assert "未在来源中找到依据" not in html


def _html(answer: Answer) -> str:
    turn = Turn("t", "c", 1, answer.question, None, TurnState.DONE, answer, None, datetime(2026, 1, 1))
    return Pages().render("_answer.html", turn=turn, answer=answer, live=False)
