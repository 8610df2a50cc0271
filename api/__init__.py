"""The service: a survey folder over HTTP."""
