"""Runs the built-in model: a tokenizer and an ONNX graph, with nothing of torch."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

GRAPH_FILE = "model.int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
MAX_TOKENS = 512
DIMENSION = 384
_AT_ONCE = 2  # texts in flight: one computes while the other is between two of its parallel steps
_MAX_THREADS = 8  # a text of a few hundred tokens has no work for more


class OnnxModel:
    """Token ids and vectors of texts. Safe to use from several threads.

    Each text runs alone, never padded into a batch: int8 activations are scaled by the range of all that runs
    together, so in a batch a text's vector would depend on its neighbours (cosine .996), and a batch is no faster.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Load from a folder that `export.write_folder` wrote. `threads` defaults to the cores this process may use."""
        # The two files take about as long as each other to load, and neither load holds Python's lock.
        with ThreadPoolExecutor(1) as pool:
            session = pool.submit(_session, folder / GRAPH_FILE, threads or min(_available_cores(), _MAX_THREADS))
            self.tokenizer: Any = _tokenizer(folder / TOKENIZER_FILE)
            self._session = session.result()
        self._workers: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows in the order of `texts`; of a text, its first 512 tokens count."""
        if not texts:
            return np.zeros((0, DIMENSION), dtype=np.float32)
        if len(texts) == 1:
            return self.run(self.tokenizer.encode(texts[0]).ids)[None, :]
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch_fast(list(texts))]
        return np.stack(list(self._pool().map(self.run, ids)))

    def tokens(self, texts: Sequence[str], most: int) -> list[NDArray[np.float32]]:
        """One row for each of the first `most` tokens of each of `texts`."""
        ids = [_cut(encoding.ids, most) for encoding in self.tokenizer.encode_batch_fast(list(texts))]
        return [rows for _, rows in self._pool().map(self.run_tokens, ids)]

    def run(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The unit vector of one text's token ids."""
        row: NDArray[np.float32] = self._session.run(["sentence_embedding"], _inputs(ids))[0][0]
        return row

    def run_tokens(self, ids: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The unit vector of one text, and one row for each of its tokens."""
        sentence, tokens = self._session.run(["sentence_embedding", "token_embeddings"], _inputs(ids))
        return sentence[0], tokens[0]

    def _pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._workers is None:
                self._workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="encoder")
            return self._workers


def _cut(ids: Sequence[int], most: int) -> Sequence[int]:
    """The first `most` token ids, the last of them the mark of the end, as the tokenizer cuts a text."""
    return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]


def _inputs(ids: Sequence[int]) -> dict[str, NDArray[np.int64]]:
    row = np.asarray([ids], dtype=np.int64)
    return {"input_ids": row, "attention_mask": np.ones_like(row)}


def _session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Waiting threads sleep: spinning gains nothing here and keeps the cores busy after every question.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _available_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
