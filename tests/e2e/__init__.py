"""The product as its operators have it: whole crawls by the `nianbao` command over the sample portals."""
