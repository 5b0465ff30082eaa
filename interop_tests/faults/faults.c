/*
 * Calls that fail once, for LD_PRELOAD: ld.so(8).  A test arms a fault in memory that it shares with the
 * program and its children: which call, at which time, with which errno, or short by all but a byte.
 *
 * The file that FAULTS names is struct control, as control.py packs it.
 */
#define _GNU_SOURCE /* RTLD_NEXT, accept4, pipe2 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANY_FD = -1, SHORT = 0 };

struct control {
	char call[24];     /* its name */
	int32_t fd;        /* the descriptor that it is about, or ANY_FD */
	int32_t number;    /* an errno, or SHORT */
	int32_t countdown; /* 1: the next such call fails; 0: none does */
	int32_t seen;      /* such calls since it was armed */
	int32_t struck;    /* whether the call has failed */
};

static struct control *control;

static int strikes(const char *call, int fd, int *number);
static void *next(const char *name);

/* Python arms a fault before it starts the program; nothing here may allocate. */
__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("FAULTS");
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *memory;

	if (fd == -1)
		return;
	memory = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	syscall(SYS_close, fd);
	if (memory != MAP_FAILED)
		control = memory;
}

/*
 * A function in the place of the C library's.  fails: what it returns then; before: what is done first, with number,
 * which is an errno or SHORT.
 */
#define FAULTY(type, name, parameters, arguments, fd, before, fails) \
	type name parameters \
	{ \
		static __typeof__(name) *real; \
		int number; \
\
		if (real == NULL) \
			*(void **)&real = next(#name); \
		if (strikes(#name, fd, &number)) { \
			before; \
			if (number != SHORT) \
				return fails; \
		} \
		return real arguments; \
	}

#define FAIL (errno = number, -1)
#define CUT(size) (size = number == SHORT && size > 1 ? 1 : size)
#define NOTHING (void)0

FAULTY(int, socket, (int family, int type, int protocol), (family, type, protocol), ANY_FD, NOTHING, FAIL)
FAULTY(int, bind, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length), fd, NOTHING, FAIL)
FAULTY(int, listen, (int fd, int backlog), (fd, backlog), fd, NOTHING, FAIL)
FAULTY(int, accept, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length), fd, NOTHING, FAIL)
FAULTY(int, accept4, (int fd, struct sockaddr *address, socklen_t *length, int flags), (fd, address, length, flags), fd,
       NOTHING, FAIL)
FAULTY(int, connect, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length), fd, NOTHING,
       FAIL)
FAULTY(int, getsockname, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length), fd, NOTHING,
       FAIL)
FAULTY(int, getpeername, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length), fd, NOTHING,
       FAIL)
FAULTY(int, getsockopt, (int fd, int level, int name, void *value, socklen_t *size), (fd, level, name, value, size), fd,
       NOTHING, FAIL)
FAULTY(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t size),
       (fd, level, name, value, size), fd, NOTHING, FAIL)
FAULTY(int, shutdown, (int fd, int how), (fd, how), fd, NOTHING, FAIL)
FAULTY(ssize_t, recv, (int fd, void *data, size_t size, int flags), (fd, data, size, flags), fd, CUT(size), FAIL)
FAULTY(ssize_t, send, (int fd, const void *data, size_t size, int flags), (fd, data, size, flags), fd, CUT(size), FAIL)
FAULTY(ssize_t, recvfrom, (int fd, void *data, size_t size, int flags, struct sockaddr *from, socklen_t *length),
       (fd, data, size, flags, from, length), fd, NOTHING, FAIL)
FAULTY(ssize_t, sendto, (int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length),
       (fd, data, size, flags, to, length), fd, NOTHING, FAIL)
FAULTY(ssize_t, read, (int fd, void *data, size_t size), (fd, data, size), fd, CUT(size), FAIL)
FAULTY(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), fd, CUT(size), FAIL)
/* Whatever close says, Linux has closed the descriptor: close(2), "Dealing with error returns". */
FAULTY(int, close, (int fd), (fd), fd, syscall(SYS_close, fd), FAIL)
FAULTY(int, poll, (struct pollfd * fds, nfds_t count, int timeout), (fds, count, timeout), ANY_FD, NOTHING, FAIL)
FAULTY(int, select, (int count, fd_set *in, fd_set *out, fd_set *other, struct timeval *timeout),
       (count, in, out, other, timeout), ANY_FD, NOTHING, FAIL)
FAULTY(int, epoll_create1, (int flags), (flags), ANY_FD, NOTHING, FAIL)
FAULTY(int, epoll_ctl, (int epoll, int operation, int fd, struct epoll_event *event), (epoll, operation, fd, event), fd,
       NOTHING, FAIL)
FAULTY(int, epoll_wait, (int epoll, struct epoll_event *events, int most, int timeout), (epoll, events, most, timeout),
       ANY_FD, NOTHING, FAIL)
FAULTY(int, pipe, (int fds[2]), (fds), ANY_FD, NOTHING, FAIL)
FAULTY(int, pipe2, (int fds[2], int flags), (fds, flags), ANY_FD, NOTHING, FAIL)
FAULTY(int, dup2, (int old, int fd), (old, fd), fd, NOTHING, FAIL)
FAULTY(pid_t, fork, (void), (), ANY_FD, NOTHING, FAIL)
FAULTY(pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options), ANY_FD, NOTHING, FAIL)
/* These return what others put into errno, getaddrinfo(3) a code of its own. */
FAULTY(int, getaddrinfo, (const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found),
       (host, service, hints, found), ANY_FD, NOTHING, number)
FAULTY(int, posix_spawn,
       (pid_t * pid, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
	char *const words[], char *const environment[]),
       (pid, path, actions, attributes, words, environment), ANY_FD, NOTHING, number)
FAULTY(int, pthread_create,
       (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument),
       (thread, attributes, run, argument), ANY_FD, NOTHING, number)
FAULTY(void *, malloc, (size_t size), (size), ANY_FD, NOTHING, (errno = number, NULL))
FAULTY(void *, realloc, (void *old, size_t size), (old, size), ANY_FD, NOTHING, (errno = number, NULL))

/* dlsym may call calloc, which has no other to ask yet: dlsym then does without. */
void *calloc(size_t count, size_t size)
{
	static void *(*real)(size_t count, size_t size);
	static __thread int asking;
	int number;

	if (real == NULL) {
		if (asking)
			return NULL;
		asking = 1;
		*(void **)&real = next("calloc");
		asking = 0;
	}
	if (strikes("calloc", ANY_FD, &number)) {
		errno = number;
		return NULL;
	}
	return real(count, size);
}

int fcntl(int fd, int command, ...)
{
	static int (*real)(int fd, int command, ...);
	int number;
	va_list arguments;
	void *argument;

	if (real == NULL)
		*(void **)&real = next("fcntl");
	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return strikes("fcntl", fd, &number) ? FAIL : real(fd, command, argument);
}

int ioctl(int fd, unsigned long request, ...)
{
	static int (*real)(int fd, unsigned long request, ...);
	int number;
	va_list arguments;
	void *argument;

	if (real == NULL)
		*(void **)&real = next("ioctl");
	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return strikes("ioctl", fd, &number) ? FAIL : real(fd, request, argument);
}

/* Whether this call is the one; then it is the last. */
static int strikes(const char *call, int fd, int *number)
{
	int is_allocation = strcmp(call, "malloc") == 0 || strcmp(call, "calloc") == 0 || strcmp(call, "realloc") == 0;

	if (control == NULL || control->countdown == 0)
		return 0;
	if (strcmp(control->call, call) != 0 && !(is_allocation && strcmp(control->call, "allocation") == 0))
		return 0;
	if (control->fd != ANY_FD && control->fd != fd)
		return 0;
	__atomic_add_fetch(&control->seen, 1, __ATOMIC_SEQ_CST);
	if (__atomic_sub_fetch(&control->countdown, 1, __ATOMIC_SEQ_CST) != 0)
		return 0;
	*number = control->number;
	control->struck = 1;
	return 1;
}

static void *next(const char *name)
{
	int saved = errno;
	void *function = dlsym(RTLD_NEXT, name);

	errno = saved;
	return function;
}
