"""Watching a served model by its record alone: who asked what when, what was answered, how inputs were distributed."""
