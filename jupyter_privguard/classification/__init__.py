"""Which columns hold what: labels and values of a table → one verdict a column."""
