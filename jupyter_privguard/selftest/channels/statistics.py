"""Statistics that are somebody's value: extremes, labels of groups, groups of one."""

from __future__ import annotations

from ..channel import SHOWN, Channel

__all__ = ["CHANNELS"]

_GROUP = "statistics"


def _shows(name: str, *cells: str) -> Channel:
    return Channel(name, _GROUP, cells, SHOWN)


CHANNELS = (
    _shows("value_counts", "people.full_name.value_counts().head(4)"),
    _shows("describe", "people.describe(include='all')"),
    _shows("maximum", "people.income.max()"),
    _shows("extremes by group", "people.groupby('plan').income.agg(['min', 'max'])"),
    _shows("quantile at the end", "people.income.quantile([0.0, 1.0])"),
    _shows("group keys", "people.groupby('email').visits.sum().head(4)"),
    _shows("group of one", "people.groupby('customer_id').income.mean().head(3)"),
    _shows("crosstab", "pd.crosstab(people.full_name, people.plan).head(3)"),
    _shows("pivot", "people.head(3).pivot(index='plan', columns='full_name', values='income')"),
    _shows("MultiIndex", "people.set_index(['plan', 'full_name'])[['visits']].head(3)"),
    _shows("idxmax", "people.set_index('full_name').income.idxmax()"),
    _shows("largest rows", "people.nlargest(2, 'income')[['full_name', 'income']]"),
    _shows("unique values", "people.full_name.unique()[:4]"),
)
