"""The commands of the chain: thin, typed, and the only modules that know typer."""
