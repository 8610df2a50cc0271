"""The commands of the chain: thin, typed; no other module of inspection knows typer."""
