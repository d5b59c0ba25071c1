"""Names of bases, actors and places, what is known of them, and which of them a text means."""
