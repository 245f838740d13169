"""What exists and what happened: the database."""
