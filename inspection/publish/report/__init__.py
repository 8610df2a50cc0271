"""The report of a survey: one page in words, figures and pictures."""
