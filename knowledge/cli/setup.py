"""`python -m knowledge.cli.setup`: make the built-in model and what is encoded once with it, or see that all is whole."""

from __future__ import annotations

import sys

from knowledge.embeddings import ensure_builtin, open_encoder
from knowledge.errors import EncoderError
from knowledge.metadata.register import Register
from knowledge.retrieval.situation_index import encode
from knowledge.retrieval.subject_vectors import SubjectVectors


def main() -> int:
    """Print the steps and the folder; 0 when the model is ready, 1 when it cannot be made."""
    try:
        path = ensure_builtin(on_step=lambda step: print(f"内置编码模型：{step}……", flush=True))
    except EncoderError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"内置编码模型已就绪：{path}", flush=True)
    encoder = open_encoder()
    SubjectVectors(Register.load(), lambda: encoder).ready()
    print("名录的主题已编码。", flush=True)
    print(f"日常情形已编码：{encode(encoder)} 条。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
