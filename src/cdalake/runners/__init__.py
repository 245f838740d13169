"""Where a run's work happens."""
