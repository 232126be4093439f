"""A logistic regression fitted on standardised inputs, as weights for the inputs as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def unscaled(scaler: Any, model: Any) -> tuple[NDArray[np.float64], float]:
    """The weights, one per input, and the bias of a scikit-learn `model` that was fitted on what `scaler` made."""
    weights: NDArray[np.float64] = model.coef_[0] / scaler.scale_
    return weights, float(model.intercept_[0] - (weights * scaler.mean_).sum())
