"""Characters: what a text holds, and how signs are put together."""
