"""Live sources: papers fetched from the servers that publish them."""
