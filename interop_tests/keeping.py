"""Things that are open, and are closed together: sockets, servers, folders."""


class Keeper(object):
    """Keeps what has a ``close``, whatever becomes of its owner."""

    def __init__(self):
        self._open = []

    def keep(self, thing):
        """Close a thing with this one; return it."""
        self._open.append(thing)
        return thing

    def close(self):
        """Close what was kept, the last first."""
        while self._open:
            self._open.pop().close()
