/*
 * The version of these programs, and the number of the contract that they keep
 * (docs/peer-contract.md).  Python twin: pyside/programs/version.py.  Read next: programs/server.c.
 */
#ifndef VERSION_H
#define VERSION_H

#define VERSION "0.10.0"
#define CONTRACT 2

#endif
