"""The recorder beside strace: programs that both look at, and what strace says, in the words of the recorder."""
