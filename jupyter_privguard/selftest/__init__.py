"""The leak probe: made-up people in a real guarded kernel, and whether any exit shows them."""
