"""What is looked for in the sealed frames, where, and by which network."""
