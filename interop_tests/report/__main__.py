"""The command: ``python -m interop_tests.report RESULTS [LATER] [--html F] [--junit F] [--markdown F]``."""

import argparse
import sys

from interop_tests.report import ReportError, write


def main(words=None):
    parser = argparse.ArgumentParser(
        prog='python -m interop_tests.report',
        description='Make a page, JUnit XML and a Markdown summary from a run; of two runs, with what changed first.')
    parser.add_argument('results', metavar='A.jsonl', help='what make interop or --results wrote')
    parser.add_argument('later', metavar='B.jsonl', nargs='?', help='a later run, to be compared with A')
    parser.add_argument('--html', metavar='FILE', help='the page; report.html when no output is named')
    parser.add_argument('--junit', metavar='FILE', help='JUnit XML')
    parser.add_argument('--markdown', metavar='FILE', help='a summary in Markdown')
    options = parser.parse_args(words)
    if not (options.html or options.junit or options.markdown):
        options.html = 'report.html'
    run, before = (options.later, options.results) if options.later else (options.results, None)
    try:
        write(run, before, html=options.html, junit=options.junit, markdown=options.markdown)
    except ReportError as error:
        print(f'report: {error}', file=sys.stderr)
        return 2
    for path in (options.html, options.junit, options.markdown):
        if path:
            print(path)
    return 0


if __name__ == '__main__':
    sys.exit(main())
