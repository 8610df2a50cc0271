"""Sending from the road: films and certified surveys to an inbox elsewhere."""
