"""A rendered road survey with known truth: the parts of ``samples/render.py``."""
