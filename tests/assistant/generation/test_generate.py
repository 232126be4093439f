"""Answers written by a scripted model, from question to checked sentences, on regulations made up for the test."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from command_line import xuesi
from scripted_endpoint import Disconnect, Pause, Raw, Reply, Request, ScriptedEndpoint, fails, says

sys.path.insert(0, str(Path(__file__).parents[2] / "web"))

from made_up_library import write_library

from assistant.answerer import Answerer
from assistant.answering.sentences import units
from assistant.conversations.answer_json import answer_from_json, answer_json
from assistant.generation.cache import Cache
from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.context import Candidate
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import NotWritten
from assistant.generation.output import NO_ANSWER
from assistant.generation.quota import Allowance
from assistant.generation.writer import Writer
from assistant.model import Answer, Event, Finished, Message, Mode, Progress, Role, Said
from assistant.understanding.blocked import REPLY, BlockedTopics
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import Passage
from knowledge.retrieval.lexicon import Lexicon

QUESTION = "来访事项应当在多少日内答复来访人？"
MARKED = """青禾市内部情况通报

机密★10年

第一条　值班人员应当在三十分钟内上报紧急情况。
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generate") / "data"


@pytest.fixture(scope="module")
def library(data: Path) -> Iterator[KnowledgeBase]:
    kb = KnowledgeBase.open(data, lambda: open_encoder("builtin"), register=Register.load())
    folder = write_library(data.parent / "files")
    (folder / "青禾市紧急情况上报办法.txt").write_text(MARKED, encoding="utf-8")
    kb.add([folder], publish=True)
    yield kb
    kb.close()


@pytest.fixture
def model() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as running:
        yield running


@pytest.fixture
def answerer(library: KnowledgeBase, model: ScriptedEndpoint) -> Answerer:
    settings = EndpointSettings(model.url, "scripted", timeout=3, first_token=1, between_tokens=0.5)
    return Answerer(library, Register.load(), Lexicon.load(), writer=Writer(Endpoint(settings)))


def number_of(request: Request, words: str) -> str:
    """The number of the source that holds `words`."""
    return next(line.split("]")[0][1:] for line in request.prompt.splitlines() if words in line and line[0] == "[")


def citing(template: str, **sources: str) -> Callable[[Request], Reply]:
    """A reply in which `{name}` is the number of the source with the given words."""

    def reply(request: Request) -> Reply:
        text = template.format(**{name: number_of(request, words) for name, words in sources.items()})
        return Reply([text[start : start + 3] for start in range(0, len(text), 3)], usage=(300, 40))

    return reply


TWELVE = "自登记之日起十二日内"
RIGHT = citing("来访事项应当自登记之日起十二日内答复来访人[{a}]。", a=TWELVE)


def test_a_supported_sentence_is_shown_with_the_words_it_stands_on(
    answerer: Answerer, model: ScriptedEndpoint, library: KnowledgeBase
) -> None:
    model.play(RIGHT)
    answer = answerer.answer(QUESTION)
    assert answer.mode is Mode.GENERATE
    assert answer.text == "来访事项应当自登记之日起十二日内答复来访人。[1]"
    [citation] = answer.citations
    assert citation.quote in library.text(citation.version_id)
    assert library.text(citation.version_id)[citation.start : citation.end] == citation.quote
    assert TWELVE in citation.quote
    assert citation.address.endswith("第四条")


def test_the_record_tells_model_prompt_tokens_and_times(answerer: Answerer, model: ScriptedEndpoint) -> None:
    model.play(RIGHT)
    record = answerer.answer(QUESTION).generation
    assert record is not None
    assert (record.model, record.failure, record.supported) == ("scripted", None, 1)
    assert (record.prompt_tokens, record.completion_tokens) == (300, 40)
    assert len(record.prompt) == 12
    assert 0 < record.first_ms <= record.total_ms


def test_an_answer_survives_being_stored(answerer: Answerer, model: ScriptedEndpoint) -> None:
    model.play(RIGHT)
    answer = answerer.answer(QUESTION)
    assert answer_from_json(json.loads(json.dumps(answer_json(answer)))) == answer


def test_a_wrong_number_is_never_shown(answerer: Answerer, model: ScriptedEndpoint) -> None:
    model.play(
        citing(
            "来访事项应当自登记之日起二十日内答复来访人[{a}]。情况复杂的，经分管领导批准可以延长十日[{a}]。", a=TWELVE
        )
    )
    answer = answerer.answer(QUESTION)
    assert "二十日" not in answer.text
    assert answer.generation is not None
    assert answer.generation.removed >= 1


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (fails(429), "rate_limited", "限流"),
        (fails(500), "down", "连接不上"),
        (fails(401), "rejected", "拒绝"),
        (says(""), "empty", "没有给出内容"),
        (says(Pause(1.5), "迟到"), "timeout", "超时"),
        (says("来访事项", Pause(1.2), "迟到"), "stalled", "没有了响应"),
        (says("来访事项", Disconnect()), "broken", "中断"),
        (says("来访", Raw(b"data: {\n\n")), "broken", "中断"),
        (says(f"{NO_ANSWER}。"), "refused", "没有作答"),
        (says("很抱歉，作为AI助手，我无法回答这个问题。"), "refused", "没有作答"),
        (says(*["答复答复"] * 200), "looping", "循环"),
        (says("来访事项应当在九十九日内答复来访人[1]。"), "unsupported", "找不到依据"),
        (says("月球上的来访者由宇航局统一接待。"), "unsupported", "找不到依据"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_when_the_model_fails_the_extract_answers_and_says_so(
    answerer: Answerer, model: ScriptedEndpoint, reply: Reply, code: str, words: str
) -> None:
    model.play(reply)
    began = time.perf_counter()
    answer = answerer.answer(QUESTION)
    assert time.perf_counter() - began < 8
    assert answer.mode is Mode.EXTRACT
    assert "十二日" in answer.text
    assert words in answer.notices[0].text
    assert answer.notices[0].text.endswith("以下是原文摘录。")
    assert answer.generation is not None
    assert answer.generation.failure == code


def test_a_dead_endpoint_slows_only_the_first_questions(library: KnowledgeBase) -> None:
    with ScriptedEndpoint() as gone:
        settings = EndpointSettings(gone.url, "scripted")
    answerer = Answerer(library, Register.load(), Lexicon.load(), writer=Writer(Endpoint(settings)))
    failures = [answerer.answer(QUESTION).generation for _ in range(5)]
    assert [record.failure for record in failures if record] == ["down"] * 3 + ["resting"] * 2


def test_sentences_are_said_as_soon_as_they_are_checked(answerer: Answerer, model: ScriptedEndpoint) -> None:
    def slowly(request: Request) -> Reply:
        a = number_of(request, TWELVE)
        return says(
            f"来访事项应当自登记之日起十二日内答复来访人[{a}]。情况",
            Pause(0.4),
            f"复杂的，经分管领导批准可以延长十日[{a}]。",
        )

    model.play(RIGHT, slowly)
    answerer.answer(QUESTION)  # imports
    said: list[float] = []
    events: list[Event] = []
    for event in answerer.stream(QUESTION):
        events.append(event)
        if isinstance(event, Said):
            said.append(time.perf_counter())
    assert Progress("撰写回答") in events
    assert len(said) == 2
    assert said[1] - said[0] > 0.3
    last = events[-1]
    assert isinstance(last, Finished)
    assert [event.sentence for event in events if isinstance(event, Said)] == list(last.answer.sentences)
    assert all(event.mode is Mode.GENERATE for event in events if isinstance(event, Said))


class Timed(list[str | Pause]):
    """Steps of a reply that note when each was sent."""

    def __iter__(self) -> Iterator[str | Pause]:
        self.sent: list[float] = []
        for step in super().__iter__():
            self.sent.append(time.perf_counter())
            yield step


def test_a_sentence_is_said_within_milliseconds_of_its_full_stop(
    answerer: Answerer, model: ScriptedEndpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: list[Timed] = []

    def slowly(request: Request) -> Reply:
        steps = ["来访事项应当自登记之日起", f"十二日内答复来访人[{number_of(request, TWELVE)}]。", Pause(0.4), "此外"]
        sent.append(Timed(steps))
        return Reply(sent[-1])

    model.play(slowly)
    answerer.answer(QUESTION)  # imports
    overheads = []
    for _ in range(7):
        for event in answerer.stream(QUESTION):
            if isinstance(event, Said):
                overheads.append(time.perf_counter() - sent[-1].sent[1])
                break
    overheads.sort()
    with capsys.disabled():
        print(f"\nfrom full stop to sentence: median {overheads[3] * 1000:.1f} ms, least {overheads[0] * 1000:.1f} ms")
    assert overheads[0] < 0.05
    assert overheads[3] < 0.25  # on a busy machine


def test_a_cut_off_sentence_is_not_shown(answerer: Answerer, model: ScriptedEndpoint) -> None:
    def cut(request: Request) -> Reply:
        a = number_of(request, TWELVE)
        return Reply([f"来访事项应当自登记之日起十二日内答复来访人[{a}]。情况复杂的，经分管领导"], finish="length")

    model.play(cut)
    assert "分管领导" not in answerer.answer(QUESTION).text


def test_a_repeated_sentence_is_shown_once_and_a_loop_is_left(answerer: Answerer, model: ScriptedEndpoint) -> None:
    model.play(
        lambda request: says(*[f"来访事项应当自登记之日起十二日内答复来访人[{number_of(request, TWELVE)}]。\n"] * 50)
    )
    answer = answerer.answer(QUESTION)
    assert answer.text.count("十二日") == 1


def test_a_sentence_repeated_under_another_number_is_shown_once(answerer: Answerer, model: ScriptedEndpoint) -> None:
    def twice(request: Request) -> Reply:
        a = number_of(request, TWELVE)
        return says(*[f"{n}. 来访事项应当自登记之日起十二日内答复来访人[{a}]。\n" for n in (1, 2)])

    model.play(twice)
    assert answerer.answer(QUESTION).text.count("十二日") == 1


def test_the_time_of_an_answer_that_was_given_up_is_known(answerer: Answerer, model: ScriptedEndpoint) -> None:
    model.play(says(*["来访事项应当在九十九日内答复[1]。"] * 9))
    record = answerer.answer(QUESTION).generation
    assert record is not None
    assert record.failure == "looping"
    assert record.total_ms >= record.first_ms > 0


def test_an_answer_from_none_of_the_wanted_passages_is_off_the_topic(
    library: KnowledgeBase, model: ScriptedEndpoint
) -> None:
    reception = next(one for one in library.published() if "来访接待" in one.card.title)
    asked, other, *_ = [one for one in library.passages(reception.version_id) if "应当" in one.text]
    candidates = [Candidate(asked, reception, ((asked.start, asked.end),)), Candidate(other, reception)]
    writer = Writer(Endpoint(EndpointSettings(model.url, "scripted", timeout=3)))

    def copying(passage: Passage) -> Callable[[Request], Reply]:
        words = next(unit.text for unit in units(passage.text) if not unit.heading and "应当" in unit.text)
        return lambda request: says(f"{words.rstrip('。')}[{number_of(request, words)}]。")

    model.play(copying(asked), copying(other))
    assert _written(writer, library, candidates) == "written"
    assert _written(writer, library, candidates) == "off_topic"


def test_a_true_answer_without_the_number_that_was_asked_for_gives_way_to_the_extract(
    answerer: Answerer, model: ScriptedEndpoint
) -> None:
    def beside_the_point(request: Request) -> Reply:
        return says(f"来访事项应当答复来访人[{number_of(request, TWELVE)}]。")

    model.play(beside_the_point)
    answer = answerer.answer(QUESTION)
    assert answer.mode is Mode.EXTRACT
    assert answer.generation is not None
    assert answer.generation.failure == "off_topic"
    assert "十二日" in answer.text


def test_items_are_introduced_by_their_source_when_the_model_begins_with_them(
    answerer: Answerer, model: ScriptedEndpoint
) -> None:
    def items(request: Request) -> Reply:
        numbers = [number_of(request, words) for words in ("（一）着装整洁", "（二）")]
        return says(f"3. 着装整洁，佩戴工作证[{numbers[0]}]；\n4. 这一项不在来源中[{numbers[1]}]。")

    model.play(items)
    answer = answerer.answer("接待人员应当遵守哪些要求？")
    assert answer.mode is Mode.GENERATE
    lead, item, *_ = answer.sentences
    assert (lead.text, lead.role) == ("接待人员应当遵守下列要求：", Role.LEAD)
    assert (item.text, item.role) == ("着装整洁，佩戴工作证；", Role.ITEM)
    assert answer.citations[lead.citations[0] - 1].quote == lead.text


def test_50_kb_without_grounds_give_way_to_the_extract(answerer: Answerer, model: ScriptedEndpoint) -> None:
    def endless(request: Request) -> Reply:
        a = number_of(request, TWELVE)
        return says(
            f"来访事项应当自登记之日起十二日内答复来访人[{a}]。",
            *[f"第{n}种说法各不相同，没有任何来源。" for n in range(3000)],
        )

    model.play(endless)
    answer = answerer.answer(QUESTION)
    assert answer.mode is Mode.EXTRACT
    assert answer.generation is not None
    assert answer.generation.failure == "unsupported"
    assert "种说法" not in answer.text


def test_extract_mode_asks_no_model(answerer: Answerer, model: ScriptedEndpoint) -> None:
    answer = answerer.answer(QUESTION, mode=Mode.EXTRACT)
    assert answer.mode is Mode.EXTRACT
    assert answer.generation is None
    assert not model.requests


def test_an_article_asked_for_by_number_is_quoted(answerer: Answerer, model: ScriptedEndpoint) -> None:
    assert answerer.answer("青禾市机关来访接待规则第四条").mode is Mode.EXTRACT
    assert not model.requests


def test_personal_numbers_do_not_leave_the_machine(answerer: Answerer, model: ScriptedEndpoint) -> None:
    answerer.answer("我的手机13800138000，来访事项应当在多少日内答复来访人？")
    assert model.requests
    assert "13800138000" not in model.requests[0].prompt


def test_a_marked_question_is_not_sent(answerer: Answerer, model: ScriptedEndpoint) -> None:
    answer = answerer.answer("这份材料是机密，来访事项应当在多少日内答复来访人？")
    assert not model.requests
    assert answer.mode is not Mode.GENERATE


def test_a_marked_document_is_not_sent(answerer: Answerer, model: ScriptedEndpoint) -> None:
    answer = answerer.answer("值班人员应当在多少分钟内上报紧急情况？")
    assert "三十分钟" in answer.text
    assert "密级" in answer.notices[0].text
    assert not any("三十分钟" in request.prompt for request in model.requests)


def test_a_follow_up_is_made_standalone_by_the_model(answerer: Answerer, model: ScriptedEndpoint) -> None:
    history = (Message("user", QUESTION), Message("assistant", "来访事项应当自登记之日起十二日内答复来访人。[1]"))
    rewritten = "来访事项情况复杂的，可以延长几日答复来访人？"
    model.play(says(rewritten), citing("情况复杂的，经分管领导批准可以延长十日[{a}]。", a="可以延长十日"))
    answer = answerer.answer("情况复杂的可以延长几日？", history)
    assert answer.question == "情况复杂的可以延长几日？"
    assert answer.standalone == rewritten
    assert "延长十日" in answer.text


def test_a_reader_who_asks_too_often_gets_extracts_and_others_do_not(
    library: KnowledgeBase, model: ScriptedEndpoint
) -> None:
    settings = EndpointSettings(model.url, "scripted", timeout=3)
    writer = Writer(Endpoint(settings), allowance=Allowance(per_reader=1, altogether=3))
    answerer = Answerer(library, Register.load(), Lexicon.load(), writer=writer)
    model.play(RIGHT)
    modes = [_last(answerer.stream(QUESTION, reader=reader)).mode for reader in ("甲", "甲", "乙", "丙", "丁")]
    assert modes == [Mode.GENERATE, Mode.EXTRACT, Mode.GENERATE, Mode.GENERATE, Mode.EXTRACT]
    assert "每人每小时 1 次" in _last(answerer.stream(QUESTION, reader="甲")).notices[0].text


def test_the_same_question_is_answered_from_the_cache_that_says_so(
    library: KnowledgeBase, model: ScriptedEndpoint, tmp_path: Path
) -> None:
    settings = EndpointSettings(model.url, "scripted", timeout=3)
    writer = Writer(Endpoint(settings), cache=Cache(tmp_path), allowance=Allowance(per_reader=1))
    answerer = Answerer(library, Register.load(), Lexicon.load(), writer=writer)
    model.play(RIGHT)
    first, second = answerer.answer(QUESTION), answerer.answer(QUESTION)
    assert len(model.requests) == 1
    assert second.mode is Mode.GENERATE
    assert second.text == first.text
    assert "沿用" in second.notices[0].text
    assert "沿用" not in "".join(notice.text for notice in first.notices)
    assert second.generation is not None
    assert (second.generation.cached, second.generation.completion_tokens) == (True, 0)
    assert answerer.answer("来访事项应当在几日内答复来访人？").mode is Mode.EXTRACT  # other words, and over the limit


def test_what_failed_is_not_kept(library: KnowledgeBase, model: ScriptedEndpoint, tmp_path: Path) -> None:
    writer = Writer(Endpoint(EndpointSettings(model.url, "scripted", timeout=3)), cache=Cache(tmp_path))
    answerer = Answerer(library, Register.load(), Lexicon.load(), writer=writer)
    model.play(says("月球上的来访者由宇航局统一接待。"), RIGHT)
    modes = [answerer.answer(QUESTION).mode for _ in range(2)]
    assert modes == [Mode.EXTRACT, Mode.GENERATE]


def test_a_blocked_topic_gets_the_fixed_reply(library: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "blocked.yaml").write_text("# 不予回答\n来访 事项:\n", encoding="utf-8")
    topics = BlockedTopics.load(tmp_path / "blocked.yaml")
    answerer = Answerer(library, Register.load(), Lexicon.load(), blocked=topics)
    answer = answerer.answer(QUESTION)
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.text) == ("blocked", REPLY)
    other = answerer.answer("年休假有几天？").refusal
    assert other is None or other.code != "blocked"


def test_the_command_line_asks_the_configured_model(
    library: KnowledgeBase, data: Path, model: ScriptedEndpoint
) -> None:
    model.play(RIGHT)
    settings = {"XUESI_LLM_BASE_URL": model.url, "XUESI_LLM_MODEL": "scripted"}
    answer = json.loads(xuesi("ask", QUESTION, "--json", "--mode", "generate", "--data", str(data), **settings).stdout)
    assert answer["mode"] == "generate"
    assert answer["generation"]["model"] == "scripted"
    plain = xuesi("ask", QUESTION, "--data", str(data), **settings).stdout
    assert "AI生成" in plain


def test_generate_without_a_model_is_bad_input(library: KnowledgeBase, data: Path) -> None:
    done = xuesi("ask", QUESTION, "--mode", "generate", "--data", str(data))
    assert done.returncode == 2
    assert "还没有配置语言模型" in done.stderr


def test_a_setting_that_cannot_be_right_is_named() -> None:
    done = xuesi("ask", QUESTION, XUESI_LLM_TIMEOUT="soon")
    assert done.returncode == 2
    assert "XUESI_LLM_TIMEOUT" in done.stderr


def _written(writer: Writer, library: KnowledgeBase, candidates: list[Candidate]) -> str:
    try:
        for _ in writer.write("answer", {"question": QUESTION}, candidates, library.text):
            pass
    except NotWritten as failed:
        return str(failed.failure)
    return "written"


def _last(events: Iterable[Event]) -> Answer:
    *_, last = events
    assert isinstance(last, Finished)
    return last.answer
