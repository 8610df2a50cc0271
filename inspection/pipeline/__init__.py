"""The run: stages in order, what each costs, what it may skip, and what a person sees of it."""
