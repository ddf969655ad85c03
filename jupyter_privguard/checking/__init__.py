"""The seven points of a deployment that serves models: each is tried here, and says how far the record bears it out."""
