"""The version of these programs, and the number of the contract that they keep (``docs/peer-contract.md``).

C twin: ``c_ref/programs/version.h``.  Read next: ``programs/server.py``.
"""

VERSION = '0.10.0'
CONTRACT = 2
