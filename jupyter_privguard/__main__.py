"""``python -m jupyter_privguard`` is the command ``privguard``."""

from .cli.main import main

if __name__ == "__main__":
    main()
