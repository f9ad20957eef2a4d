"""How the archive is reached over HTTP: the CDX server and the WARC ranges, and Wayback replay on top of them."""
