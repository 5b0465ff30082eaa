"""Time limits of many connections: which ends first, and which have ended.

A connection's deadline moves with every byte; moving an entry each time would
cost more than the byte.  So an entry keeps the deadline that it had, and only
when that has come is it looked at again.

C twin: ``c_ref/net/timers.c``.  Read next: ``iomodels/conversation.py``.
"""

import heapq

# Entries of items that are gone stay in the heap until they outnumber the others by this many.
SLACK = 64
NEVER = float('inf')


class Timers(object):
    """A heap of items that have a ``deadline``, in seconds of the clock."""

    def __init__(self):
        self._heap = []  # (the deadline that the heap believes, number)
        self._items = {}  # number -> item; nothing else holds an item
        self._count = 0

    def add(self, item):
        """Watch an item."""
        self._count += 1
        self._items[self._count] = item
        item.timer = self._count
        self._push(item)

    def remove(self, item):
        """Forget an item."""
        del self._items[item.timer]
        if len(self._heap) > 2 * len(self._items) + SLACK:
            self._heap = [(kept.entry, number) for number, kept in self._items.items()]
            heapq.heapify(self._heap)

    def moved(self, item):
        """Note that an item's deadline has moved, maybe to an earlier one."""
        if item.deadline < item.entry:
            self.remove(item)
            self.add(item)

    def seconds_left(self, now):
        """Return the seconds until an item has to be looked at, or None when there is no item."""
        left = self._heap[0][0] - now if self._heap else NEVER
        return max(0, left) if left < NEVER else None

    def expired(self, now):
        """List the items whose deadline has come."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            item = self._items.get(heapq.heappop(self._heap)[1])
            if item is not None and item.deadline <= now:
                found.append(item)
            elif item is not None:
                self._push(item)
        for item in found:
            self._push(item)
        return found

    def _push(self, item):
        item.entry = item.deadline
        heapq.heappush(self._heap, (item.entry, item.timer))
