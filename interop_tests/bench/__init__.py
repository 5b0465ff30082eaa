"""What a frame, a round trip, a connection and a start cost: ours beside what one would use instead.

::

    load.c          keeps a server busy and counts what comes back
    rivals/         servers and clients of the same frames by others, and raw loops that know no frames
    servers.py      the table of servers
    clients.py      the table of clients
    shapes.py       the table of loads
    framings.py     what each framing costs without a socket
    measure.py      one turn of one program under one load
    plots.py        an SVG for each shape, light and dark
    page.py         docs/speed.md, made from results.json
    results.json    a run that was stored

``make bench`` prints the tables; ``make bench RECORD=yes`` stores a run and makes the page.  What holds on a noisy
machine is the server's CPU for each unit, not how many came in a second.
"""
