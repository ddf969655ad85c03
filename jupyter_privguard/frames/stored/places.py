"""Where estimators keep rows that they were fitted on: in files and in memory alike."""

from __future__ import annotations

__all__ = ["FEATURE_NAMES", "keeps_rows"]

FEATURE_NAMES = "feature_names_in_"
"""Where scikit-learn keeps what the columns were called."""
_ATTRIBUTES = frozenset(
    """
    _fit_X support_vectors_ relevance_vectors_ X_train_ X_ _X X_fit_ _X_fit _X_train training_data_ training_data
    train_data _train_data _raw_data X_thresholds_ quantiles_ embedding_ X x X_train x_train exog orig_exog wexog
    """.split()
)
"""Neighbours, support vectors, Gaussian processes, kernels, outliers, imputers, isotonic steps, quantiles, regressions;
and what people call them in classes of their own."""
_OF_CLASSES = frozenset(
    {
        ("DBSCAN", "components_"),
        ("Nystroem", "components_"),
        ("AffinityPropagation", "cluster_centers_"),
        ("HDBSCAN", "medoids_"),
        ("KDTree", "data"),
        ("BallTree", "data"),
    }
)
"""What holds measures elsewhere, and rows here: core samples, examples, the points of a tree."""
_WIDTHS_OF_TREES = "0123456789"


def keeps_rows(owner: str, attribute: str) -> bool:
    """Whether a matrix under ``attribute`` of an object of the class ``owner`` is rows of what it was fitted on."""
    return attribute in _ATTRIBUTES or (owner.rstrip(_WIDTHS_OF_TREES), attribute) in _OF_CLASSES
