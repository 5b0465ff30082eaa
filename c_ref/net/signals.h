/* SIGTERM and SIGINT as a file descriptor.  Python twin: pyside/net/signals.py. */
#ifndef SIGNALS_H
#define SIGNALS_H

/* Readable, for ever, once SIGTERM or SIGINT came; -1 before signals_catch_stop. */
extern int signals_stop_fd;

/* Make signals_stop_fd readable on SIGTERM or SIGINT: sigaction(2).  0, or -1 with errno. */
int signals_catch_stop(void);

/* A descriptor that is readable when a child process has ended; -1 with errno. */
int signals_catch_children(void);

/* In a forked child: a signal to the child alone must not stop its parent. */
void signals_restore_in_child(void);

/* Empty a pipe whose ends never block. */
void signals_drain(int fd);

#endif
