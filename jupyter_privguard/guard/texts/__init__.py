"""Text on its way out: what in it is somebody's value, however it is written."""
