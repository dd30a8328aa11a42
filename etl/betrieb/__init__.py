"""A server installation: images, compose file's helpers, chart values, roles. Nothing of the product depends on it."""
