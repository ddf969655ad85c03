"""Made-up data and the run that shows everything once."""
