"""Forms about actions: the owner's update, and what is changed, proposed or ended."""
