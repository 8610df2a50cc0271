"""Training the networks, and making the files that are shipped."""
