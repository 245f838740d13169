"""Current tables: the latest state of each id, out of a table of all changes (product.md §5.6).

Knows storage and Delta, never the engine. DuckDB does the heavy lifting and is imported only when a
current table is worked at.
"""
