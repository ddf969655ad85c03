"""All cryptography: the key ring, the signatures it makes, and where keys are kept."""
