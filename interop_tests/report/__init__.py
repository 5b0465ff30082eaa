"""What people read of a run: a page, JUnit for CI, Markdown for a job's summary, and what changed between two runs.

::

    results.jsonl -> results.py -> summary.py -> page.py      report.html
                                       |      -> junit.py     results.xml
    another run   -> compare.py -------+      -> markdown.py  summary.md

Python 3.8 and jinja2 are needed here, and nowhere else in the suite.  Read next: results.py, then summary.py.
"""

from interop_tests.report.errors import ReportError
from interop_tests.report.write import write

__all__ = ['ReportError', 'write']
