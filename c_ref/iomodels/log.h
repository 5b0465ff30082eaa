/* The log of a server: lines on standard error that never block the server.  Python twin: pyside/iomodels/log.py. */
#ifndef LOG_H
#define LOG_H

/* Write a line, or count it as lost. */
void log_write(const char *line);

#endif
