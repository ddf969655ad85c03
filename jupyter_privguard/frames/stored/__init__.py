"""What files of models, arrays and tables keep, read from their bytes. Nothing in them is ever run."""
