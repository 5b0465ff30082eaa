"""Writing pages that are made from data: ``make docs``."""

import io
import os


def write_pages(folder, pages):
    """Write pages, and the folders that they are in.

    :param folder: where their names begin.
    :param pages: ``{name of the file, slashes between folders: text}``.
    """
    for name, text in pages.items():
        path = os.path.join(folder, *name.split('/'))
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with io.open(path, 'wb') as page:
            page.write(text.encode('utf-8'))
