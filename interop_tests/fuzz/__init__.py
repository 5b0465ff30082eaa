"""Conversations that nobody thought of: the same one in Python and in C, compared after every step.

::

    a seed ---> making.py --+                    +--> Python --+
    hypothesis -------------+--> script ---------+             +--> equal?
    libFuzzer, atheris -----+    (script.py)     +--> libcref -+
                                                  (playing.py)

A *script* is one conversation: protocol, framing, limit, and steps such as "these bytes come" or "a second passes".
It is JSON for people and in ``vectors/conversation/``, and bytes for the coverage-guided fuzzers, which mutate those.

``docs/fuzzing.md`` says how to run them.  Read next: ``script.py``.
"""
