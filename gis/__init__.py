"""Network, places, sections and scoring: functions from tables to tables."""
