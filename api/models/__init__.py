"""What the service answers, as pydantic models."""
