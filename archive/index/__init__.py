"""How what is kept is found again: URL keys, CDXJ lines, the catalog, and the reader that follows a locator."""
