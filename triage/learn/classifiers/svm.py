"""A linear support vector machine over words and characters, its margins turned into honest probabilities."""

from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from triage.learn.base import classifiers
from triage.learn.features import ticket_features


class CompactLinearSVC(LinearSVC):
    """scikit-learn's, its weights in single precision: half the memory and half the file."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "CompactLinearSVC":
        super().fit(X, y, sample_weight)
        self.coef_: np.ndarray = self.coef_.astype(np.float32)
        return self


class Svm:
    name = "svm"
    label = "Linear support vector machine"

    def build(self, random_state: int) -> Pipeline:
        """Temperature scaling after Guo et al. 2017: one number for all classes, fitted on three inner folds.

        Every class needs three rows for it.
        """
        margin = CompactLinearSVC(C=0.3, class_weight="balanced", random_state=random_state)
        calibrated = CalibratedClassifierCV(margin, method="temperature", cv=3, ensemble=False)
        return Pipeline([("features", ticket_features()), ("model", calibrated)])

    def weights(self, fitted: Any) -> np.ndarray:
        calibrated = fitted["model"].calibrated_classifiers_[0]
        coefficients = calibrated.estimator.coef_
        if len(coefficients) == 1:  # two classes share one row; the first class is its negative
            coefficients = np.vstack([-coefficients, coefficients])
        return coefficients * np.float32(calibrated.calibrators[0].beta_)


classifiers.register(Svm())
