"""The crawler: discovers and fetches politely. Feeds the archive; knows nothing of the scheduler."""

from importlib.metadata import version

SOFTWARE = f"Nianbao/{version('nianbao')}"


def user_agent(contact: str) -> str:
    """Honest: who we are, and where to complain."""
    return f"Mozilla/5.0 (compatible; {SOFTWARE}; +{contact})"
