"""Where keys are kept; one module per kind of place."""
