"""The chain, from a drive to a budget: `stages` holds it in eight modules, `pipeline` runs it."""
