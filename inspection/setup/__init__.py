"""Before a survey is run: what a folder holds, files that describe it, what is wrong in them."""
