"""Names and cities as data; README.md says where they come from."""
