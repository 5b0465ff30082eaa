/* What --help, --version and list print.  Python twin: pyside/programs/help.py. */
#ifndef HELP_H
#define HELP_H

#include "wire/cref.h"

/* Append it to out.  -1: no memory. */
int help_append(struct buffer *out, enum role role);
int version_append(struct buffer *out, enum role role);
int list_append(struct buffer *out);

#endif
