"""Plans: what a partnership agreed to do, for which period, and how plans hang together."""
