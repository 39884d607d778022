"""The published schema of the data that documents carry, made from the dataclasses that write it."""
