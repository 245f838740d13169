"""What the Makefile runs: set-up, tests, checks. Standard library only; not shipped."""
