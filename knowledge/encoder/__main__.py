"""`python -m knowledge.encoder`: make the built-in model, or see that it is whole."""

from __future__ import annotations

import sys

from knowledge.encoder import ensure_builtin
from knowledge.errors import EncoderError


def main() -> int:
    """Print the steps and the folder; 0 when the model is ready, 1 when it cannot be made."""
    try:
        path = ensure_builtin(on_step=lambda step: print(f"内置编码模型：{step}……", flush=True))
    except EncoderError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"内置编码模型已就绪：{path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
