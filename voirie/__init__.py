"""The kernel of Voirie: words, tables, errors, settings, media and networks.

Everything else in the house stands on this package, and it stands on none of ours.
"""

__version__ = "0.1.0"
