/*
 * How a call is written down: recv(3, 4096, 0) = 5 "hello".  What the program
 * gave stands in the parentheses; what the kernel gave back, behind the result.
 *
 * Both are described by a letter for each item, as with printf:
 *
 *     letter  arguments                     written
 *     f       int                           a descriptor
 *     d       int                           a number
 *     u       size_t                        a number
 *     s       const char *                  a string, quoted, or NULL
 *     N       const char *                  a port or the name of a service, quoted, or NULL
 *     b       const void *, size_t          bytes, quoted, the first 32
 *     B       const void *, size_t          the same for data that is sent or received, which notes.h keeps
 *     a       const struct sockaddr *,      127.0.0.1:7000   [::1]:7000   "path"   NULL
 *             socklen_t
 *     F       int                           a family            AF_INET
 *     T       int                           a type              SOCK_STREAM|SOCK_CLOEXEC
 *     G       int                           flags of accept4    SOCK_CLOEXEC
 *     m       int                           flags of send, recv MSG_PEEK
 *     h       int                           how of shutdown     SHUT_WR
 *     o       int, int                      level and option    SOL_SOCKET, SO_ERROR
 *     v       const void *, socklen_t       a number            [1]
 *     O       int, int, const void *,       an option's value   [1]   [on, 5]   [0.25]
 *             socklen_t
 *     M       const struct msghdr *         where to, how many bytes of ancillary data
 *     i       const struct iovec *, size_t, the bytes in the pieces, up to a limit
 *             size_t
 *     p r     const struct pollfd *, size_t {3: POLLIN}, asked and ready
 *     S       const fd_set *, int           {3, 4}
 *     t n     struct timeval *, timespec *  seconds, or NULL
 *     e       const struct epoll_event *,   {3: EPOLLIN}
 *             int
 *     C I A   int                           command of fcntl, of ioctl, of epoll_ctl
 *     L D     int                           flags of an open file, of a descriptor
 *     H V     int, uint32_t                 flags and events of epoll
 *     l j     int                           flags of getaddrinfo, of getnameinfo
 *     g       const struct addrinfo *       a list of addresses
 *
 * Read next: sockets.c, where calls are written down.
 */
#ifndef NOTATION_H
#define NOTATION_H

struct record;

/* Write the name and the arguments of a call, and say that it was entered.  NULL when nothing is recorded. */
#define enter(...) enter_from(__builtin_return_address(0), __VA_ARGS__)
struct record *enter_from(const void *caller, const char *name, const char *letters, ...);

/* Write a result and what came with it: errno by name for -1.  Keeps errno. */
void leave(struct record *record, long result, const char *letters, ...);

/* The same for a result that is a new descriptor. */
void leave_descriptor(struct record *record, int fd, const char *letters, ...);

/* The same for a result that is no number: the words stand in its place. */
void leave_words(struct record *record, const char *words, const char *letters, ...);

#endif
