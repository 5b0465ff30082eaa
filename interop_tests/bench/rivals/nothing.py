"""Nothing: what an interpreter and ``-m`` cost."""
