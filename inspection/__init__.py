"""The chain: one module a stage, from a drive to a budget."""
