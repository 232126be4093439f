"""The built-in model as a module of sentence-transformers, with the same numbers as the direct road.

`SentenceTransformer(folder, trust_remote_code=True)` finds it through modules.json: since 6.0 the library imports no class from
outside itself without that flag. `sentence_transformer(folder)` needs no flag.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule

from knowledge.embeddings.onnx_model import DIMENSION, GRAPH_FILE, MAX_TOKENS, TOKENIZER_FILE, OnnxModel


def sentence_transformer(folder: Path) -> SentenceTransformer:
    """The folder as a SentenceTransformer with its prompts."""
    settings = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
    module = OnnxTransformer(str(folder))
    return SentenceTransformer(
        modules=[module], prompts=settings["prompts"], similarity_fn_name=settings["similarity_fn_name"], device="cpu"
    )


class OnnxTransformer(InputModule):
    """Tokenizer, network, pooling and normalisation in one module. It has no parameters and cannot be trained."""

    def __init__(self, folder: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._folder = Path(folder)
        self._model = OnnxModel(self._folder)
        self.tokenizer = self._model.tokenizer
        self.max_seq_length = MAX_TOKENS

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", *_args: Any, **_kwargs: Any) -> OnnxTransformer:
        return cls(str(Path(model_name_or_path, subfolder)))

    def get_embedding_dimension(self) -> int:
        return DIMENSION

    def preprocess(self, inputs: Any, prompt: str | None = None, **_kwargs: Any) -> dict[str, torch.Tensor]:
        encodings = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        rows = [torch.tensor(encoding.ids) for encoding in encodings]
        ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=1)
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
        return {"input_ids": ids, "attention_mask": mask}

    def forward(self, features: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        ids, lengths = features["input_ids"].tolist(), features["attention_mask"].sum(1).tolist()
        results = [self._model.run_tokens(row[:length]) for row, length in zip(ids, lengths, strict=True)]
        features["sentence_embedding"] = torch.stack([torch.from_numpy(sentence) for sentence, _ in results])
        features["token_embeddings"] = torch.nn.utils.rnn.pad_sequence(
            [torch.from_numpy(tokens) for _, tokens in results], batch_first=True
        )
        return features

    def save(self, output_path: str, *_args: Any, **_kwargs: Any) -> None:
        for name in (GRAPH_FILE, TOKENIZER_FILE, "tokenizer_config.json"):
            shutil.copyfile(self._folder / name, Path(output_path, name))
