"""Many patterns over many texts in bounded time; the only place that knows the matching engine."""
