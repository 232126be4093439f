"""The built-in encoder with low-rank changes that can be trained (Hu et al., LoRA, 2021): W + k·BA on every dense layer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from knowledge.embeddings.export import bert, write_tokenizer
from knowledge.embeddings.wheel import Weights

RANK = 16
SCALE = 2.0  # k
_TOKENS = 128  # of a text; longer ones are cut while training
_PAD = "<pad>"
_AT_ONCE = 32


class LowRank(torch.nn.Module):
    """A dense layer that stays as it is, and what is learnt beside it. It starts as the layer alone."""

    def __init__(self, dense: torch.nn.Linear) -> None:
        super().__init__()
        self.dense = dense
        self.down = torch.nn.Parameter(torch.randn(RANK, dense.in_features) / math.sqrt(dense.in_features))
        self.up = torch.nn.Parameter(torch.zeros(dense.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        changed = (x @ self.down.T.to(x.dtype)) @ self.up.T.to(x.dtype)
        result: torch.Tensor = self.dense(x) + changed * SCALE
        return result


class TunedEncoder:
    """The network in half precision with its layers from `first` on to be changed."""

    def __init__(self, weights: Weights, work: Path, first: int = 0) -> None:
        from tokenizers import Tokenizer

        write_tokenizer(weights, work / "tokenizer.json")
        self._tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.enable_padding(pad_id=weights.pad, pad_token=_PAD)
        # Eager attention: the fused one takes more than half of a training step on a CPU, going backwards.
        self._network: Any = bert(weights).to(torch.bfloat16).requires_grad_(False).train(False)
        self.changes: dict[str, LowRank] = {}
        for number, layer in enumerate(self._network.encoder.layer):
            if number >= first:
                for name, parent, attribute in _dense_layers(layer):
                    change = LowRank(getattr(parent, attribute))
                    setattr(parent, attribute, change)
                    self.changes[f"l{number}.{name}"] = change

    def parameters(self) -> list[torch.nn.Parameter]:
        return [one for change in self.changes.values() for one in (change.down, change.up)]

    def encode(self, texts: Sequence[str]) -> torch.Tensor:
        """Unit rows, with what is needed to go backwards. Texts come with their prefix."""
        encodings = self._tokenizer.encode_batch(list(texts))
        ids = torch.tensor([one.ids for one in encodings])
        mask = torch.tensor([one.attention_mask for one in encodings])
        tokens = self._network(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        weight = mask.unsqueeze(-1).float()
        return torch.nn.functional.normalize((tokens * weight).sum(1) / weight.sum(1), dim=-1)

    def encode_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows of many texts, without a way backwards."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        rows = np.zeros((len(texts), self._network.config.hidden_size), dtype=np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), _AT_ONCE):
                some = order[start : start + _AT_ONCE]
                rows[some] = self.encode([texts[place] for place in some]).numpy()
        return rows

    def delta(self) -> Mapping[str, NDArray[np.float16]]:
        """What was learnt, by layer: `l7.q.down`, `l7.q.up`."""
        return {
            f"{name}.{part}": getattr(change, part).detach().numpy().astype(np.float16)
            for name, change in self.changes.items()
            for part in ("down", "up")
        }


def _dense_layers(layer: Any) -> list[tuple[str, Any, str]]:
    attention = layer.attention
    return [
        ("q", attention.self, "query"),
        ("k", attention.self, "key"),
        ("v", attention.self, "value"),
        ("ao", attention.output, "dense"),
        ("fi", layer.intermediate, "dense"),
        ("fo", layer.output, "dense"),
    ]
