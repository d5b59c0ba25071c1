"""From an article's incidents to coded accounts: days, linked names, weapon classes, tolls, each with its evidence."""
