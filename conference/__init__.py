"""A virtual conference and events platform."""
