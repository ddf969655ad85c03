"""Values that cells took out of tables, found again in what they show."""
