"""Delta's side: the log, commits, statistics, schemas."""
