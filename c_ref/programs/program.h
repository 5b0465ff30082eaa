/* What both programs do before anything else.  Python twin: pyside/__main__.py. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "programs/options.h"

/* Exit statuses that no struct error stands for; 70 is EX_SOFTWARE of sysexits.h. */
enum { PROGRAM_USAGE = 2, PROGRAM_SOFTWARE = 70, PROGRAM_UNSUPPORTED = 127 };

/* 1: go on; 0: *status is the exit status, and everything has been said. */
int program_begin(struct options *options, enum role role, int argc, char **argv, int *status);

#endif
