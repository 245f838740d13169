"""Random lives of an export and its tables, told again by their seed."""
