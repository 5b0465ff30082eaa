"""Write the reports of a run."""

import os

from interop_tests.report.compare import compare
from interop_tests.report.errors import ReportError
from interop_tests.report.junit import render as render_junit
from interop_tests.report.markdown import render as render_markdown
from interop_tests.report.page import render as render_page
from interop_tests.report.results import read


def write(results_path, before_path=None, html=None, junit=None, markdown=None, traces=None):
    """Make reports from a file of results.

    :param results_path: the run, a results.jsonl.
    :param before_path: an earlier run; the page and the summary then begin with what changed since.
    :param html, junit, markdown: where each report goes; None for none.
    :param traces: the path of a page of its own for a cell, by its name; a results.jsonl cannot say that.
    :returns: the run, a :class:`~interop_tests.report.results.Results`.
    :raises ReportError: for a file that cannot be read, is no file of results, or cannot be written.
    """
    results = read(results_path)
    folder = os.path.dirname(os.path.abspath(html or '.'))
    results = results._replace(
        traces={name: os.path.relpath(path, folder) for name, path in (traces or {}).items()})
    changes = compare(read(before_path), results) if before_path else None
    for path, make in ((html, render_page), (junit, render_junit), (markdown, render_markdown)):
        if path:
            _save(path, make(results, changes))
    return results


def _save(path, text):
    """Write a file whole, or leave what was there; a device or a pipe takes it as it comes."""
    whole = os.path.realpath(path) if os.path.isfile(path) or not os.path.exists(path) else None
    try:
        with open(f'{whole}.part' if whole else path, 'w', encoding='utf-8', newline='\n') as file:
            file.write(text)
        if whole:
            os.replace(f'{whole}.part', whole)
    except OSError as error:
        raise ReportError(f'cannot write {path}: {error.strerror}')
