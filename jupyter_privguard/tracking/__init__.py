"""Runs of experiment tracking: what one is, what two differ in, and the hooks in MLflow. Imports no MLflow."""
