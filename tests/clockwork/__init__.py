"""The clockwork: everything that is due is done once, whoever tries and whatever is killed."""
