"""Road files of any kind, made into a network: columns, joining along the route, PR, checks."""
