"""Predictions on their way out: masked for whom they are, each one recorded, by MLflow or over HTTP."""
