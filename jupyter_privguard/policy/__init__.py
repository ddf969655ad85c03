"""May principal P do action A at tier T, and what is masked how: rules from YAML, decided purely."""
