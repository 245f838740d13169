"""Where the work of a run happens."""
