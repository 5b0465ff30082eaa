"""The picture of the first programs: a client in Python, the server in C, and two lines between them."""

import io
import tempfile

from interop_tests.first.programs import command
from interop_tests.wire import SECONDS
from pyside.trace import conversation, picture, staging

PICTURE = 'docs/trace/first.svg'


def draw(path):
    """Run both and draw what they call.

    :param path: of the picture that is written.
    """
    with staging.stage() as files, tempfile.TemporaryFile() as typed:
        typed.write(b'hello\nworld\n')
        typed.seek(0)
        server, client = command('tcp_server', 'c') + ['0'], command('tcp_client', 'python') + ['{port}']
        staging.pair(files, server, client, SECONDS, typed)
        found = conversation.of(files.recording, files.notes, files.lines)
    with io.open(path, 'w', encoding='utf-8') as file:
        file.write(picture.alone(found))
