"""Files that cells read, name and write, and masked or sealed copies of them."""
