"""The forward plan: what comes to a board when, and what is parked."""
