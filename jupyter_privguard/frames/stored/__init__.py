"""What files of models and arrays keep, read from their bytes: pickles, joblib, ONNX. Nothing in them is ever run."""
