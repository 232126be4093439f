"""Writes decoded weights as a folder: an int8 ONNX graph with pooling inside, a tokenizer, sentence-transformers' files.

The graph takes `input_ids` and `attention_mask` (int64, batch × length) and gives `sentence_embedding` (unit rows: the mean of
the token vectors) and `token_embeddings` (batch × length × d, as they leave the last layer).
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.embeddings.onnx_model import GRAPH_FILE, MAX_TOKENS, TOKENIZER_FILE
from knowledge.embeddings.wheel import Weights

if TYPE_CHECKING:
    import torch

PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
_DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORM = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def write_folder(weights: Weights, into: Path, on_step: Callable[[str], None]) -> None:
    """Write everything that the model's folder holds except its manifest."""
    on_step("写入分词器")
    write_tokenizer(weights, into / TOKENIZER_FILE)
    _write_settings(into)
    on_step("导出 ONNX 计算图")
    exact = into / "float.onnx"
    _export(weights, exact)
    del weights  # half a gigabyte, of which quantising needs several; the caller keeps no reference either
    on_step("量化为 int8")
    _quantise(exact, into / GRAPH_FILE)
    exact.unlink()


def write_tokenizer(weights: Weights, path: Path) -> None:
    """The vocabulary as a `tokenizers` file: XLM-RoBERTa's rules with NFKC for its normaliser."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    vocabulary = list(zip(weights.pieces, weights.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=weights.unknown))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.save(str(path))


def _write_settings(into: Path) -> None:
    module = "knowledge.embeddings.onnx_module.OnnxTransformer"
    settings: dict[str, Any] = {
        "modules.json": [{"idx": 0, "name": "0", "path": "", "type": module}],
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
    }
    for name, value in settings.items():
        (into / name).write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _export(weights: Weights, path: Path) -> None:
    import torch

    network = bert(weights)

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = network

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            tokens = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
            weight = mask.unsqueeze(-1).to(tokens.dtype)
            mean = (tokens * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=-1), tokens

    example = torch.ones(2, 7, dtype=torch.long)
    free = {0: "batch", 1: "length"}
    with torch.inference_mode(), warnings.catch_warnings():
        # The tracing exporter is deprecated and says so; the new one needs a further package and is no better for BERT.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pooled().train(False),
            (example, example),
            str(path),
            dynamo=False,
            opset_version=17,
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding", "token_embeddings"],
            dynamic_axes={
                "input_ids": free,
                "attention_mask": free,
                "sentence_embedding": {0: "batch"},
                "token_embeddings": free,
            },
        )


def bert(weights: Weights) -> Any:
    """The network in full precision, as transformers' BertModel."""
    import numpy as np
    import torch
    from transformers import BertConfig, BertModel

    tensors, hidden = weights.tensors, weights.hidden
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, hidden),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(weights.layers):
        for short, name in _DENSE.items():
            width = weights.feed_forward if short == "fo" else hidden
            state[f"encoder.layer.{layer}.{name}.weight"] = tensors[f"l{layer}.{short}.w"].reshape(-1, width)
            state[f"encoder.layer.{layer}.{name}.bias"] = tensors[f"l{layer}.{short}.b"]
        for short, name in _NORM.items():
            state[f"encoder.layer.{layer}.{name}.weight"] = tensors[f"l{layer}.{short}.w"]
            state[f"encoder.layer.{layer}.{name}.bias"] = tensors[f"l{layer}.{short}.b"]
    config = BertConfig(
        vocab_size=weights.rows,
        hidden_size=hidden,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.feed_forward,
        max_position_embeddings=weights.positions,
        type_vocab_size=weights.types,
        layer_norm_eps=weights.epsilon,
        pad_token_id=weights.pad,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.set_attn_implementation("eager")  # the plain products that onnxruntime knows how to fuse
    model.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in state.items()}, strict=True)
    return model


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    level = logging.root.level
    logging.root.setLevel(logging.ERROR)  # it advises a pre-processing that changes nothing here
    try:
        quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True)
    finally:
        logging.root.setLevel(level)
