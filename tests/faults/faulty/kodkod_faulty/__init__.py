"""A plugin whose components take their time, do not listen, or kill whoever runs them."""
