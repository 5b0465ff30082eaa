"""How the checker is called.  Apart from the rest, for this much is said without mypy too."""

USAGE = """\
usage: python -m pyside.ledger check [--format text|json|sarif|github] FILE|DIRECTORY|-...
"""
HELP = USAGE + """
Finds the lines that an entry of the ledger is about; - is standard input, and a directory is searched for *.py.
A line that ends with  # ledger: ignore[ENTRY]  is left alone.
Exit status: 0 nothing was found, 1 something was, 2 a file could not be checked (the others were) or usage.
"""
