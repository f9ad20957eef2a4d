"""From a captured page to a report: whose, of which year, published where. Nothing here knows the network."""
