"""The contract of the API as Pydantic models."""
