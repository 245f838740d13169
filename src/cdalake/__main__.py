"""``python -m cdalake``."""

from cdalake.cli import main

main()
