"""What stops a report."""


class ReportError(Exception):
    """One line for people: what was wrong, what was expected, and what to do."""
