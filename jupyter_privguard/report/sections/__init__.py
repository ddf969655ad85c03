"""The sections of the report, one file each; found by folder and ordered by number."""
