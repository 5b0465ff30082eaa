"""All checks: importing their modules registers them."""

from interop_tests.checks import (  # noqa: F401
    client_input,
    client_replies,
    datagrams,
    server_crowd,
    server_endings,
    server_limits,
    server_pieces,
    server_program,
    vectors_tried,
)
from interop_tests.checks.registry import CHECKS  # noqa: F401
