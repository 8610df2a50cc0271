"""What a survey of a rendered drive says, held against the truth of the drive.

Only benches and tests read a truth. The figures are those that people act on: what was found,
how large and how grave it is, the note of a lane, the work that a section gets and its money.
"""
