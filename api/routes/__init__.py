"""The addresses of the service, one module each; none knows another."""
