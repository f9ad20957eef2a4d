"""Content systems: how each hides its lists. A reader takes a list page and gives the links its markup conceals."""
