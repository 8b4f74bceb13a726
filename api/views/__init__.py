"""One operation each, or those of one thing: what came in is read, one action is called, its answer is shown."""
