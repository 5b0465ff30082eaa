/*
 * Sending and receiving.  __recv_chk and the like are what recv becomes in a
 * program compiled with _FORTIFY_SOURCE, as those of distributions are; they
 * stand in the record under the name that the program wrote.
 *
 * Read next: descriptors.c.
 */
#include "calls/notation.h"
#include "calls/notes.h"
#include "calls/real.h"
#include <stddef.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

struct mmsghdr;
ssize_t __recv_chk(int fd, void *data, size_t count, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void *restrict data, size_t count, size_t room, int flags,
		       struct sockaddr *restrict address, socklen_t *restrict length);
ssize_t sendfile64(int out, int in, off_t *offset, size_t count);
int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout);

static size_t some(ssize_t count)
{
	return count < 0 ? 0 : (size_t)count;
}

REAL(send);
ssize_t send(int fd, const void *data, size_t count, int flags)
{
	find_send();
	struct record *record = enter("send", "fBum", fd, data, count, count, flags);
	note_buffers(record, fd);
	ssize_t sent = real_send(fd, data, count, flags);
	leave(record, sent, "");
	return sent;
}

REAL(sendto);
ssize_t sendto(int fd, const void *data, size_t count, int flags, const struct sockaddr *address, socklen_t length)
{
	find_sendto();
	struct record *record = enter("sendto", "fBuma", fd, data, count, count, flags, address, length);
	ssize_t sent = real_sendto(fd, data, count, flags, address, length);
	if (address != NULL)
		note_names(record, fd); /* the kernel chose a port, if the program did not */
	leave(record, sent, "");
	return sent;
}

REAL(sendmsg);
ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	find_sendmsg();
	struct record *record =
		enter("sendmsg", "fiMm", fd, message->msg_iov, (size_t)message->msg_iovlen, (size_t)-1, message, flags);
	ssize_t sent = real_sendmsg(fd, message, flags);
	leave(record, sent, "");
	return sent;
}

REAL(sendmmsg);
int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	find_sendmmsg();
	struct record *record = enter("sendmmsg", "fum", fd, (size_t)count, flags);
	int sent = real_sendmmsg(fd, messages, count, flags);
	leave(record, sent, "");
	return sent;
}

REAL(recv);
ssize_t recv(int fd, void *data, size_t count, int flags)
{
	find_recv();
	struct record *record = enter("recv", "fum", fd, count, flags);
	ssize_t got = real_recv(fd, data, count, flags);
	if (got > 0 && (size_t)got == count)
		note_buffers(record, fd);
	leave(record, got, "B", data, some(got));
	return got;
}

REAL(__recv_chk);
ssize_t __recv_chk(int fd, void *data, size_t count, size_t room, int flags)
{
	find___recv_chk();
	struct record *record = enter("recv", "fum", fd, count, flags);
	ssize_t got = real___recv_chk(fd, data, count, room, flags);
	if (got > 0 && (size_t)got == count)
		note_buffers(record, fd);
	leave(record, got, "B", data, some(got));
	return got;
}

/* The length is set only where an address was asked for; on a connected stream the kernel makes it 0. */
static void leave_recvfrom(struct record *record, ssize_t got, const void *data, const struct sockaddr *address,
			   const socklen_t *length, socklen_t room)
{
	if (address == NULL || length == NULL)
		leave(record, got, "B", data, some(got));
	else
		leave(record, got, "Ba", data, some(got), address, *length < room ? *length : room);
}

REAL(recvfrom);
ssize_t recvfrom(int fd, void *restrict data, size_t count, int flags, struct sockaddr *restrict address,
		 socklen_t *restrict length)
{
	find_recvfrom();
	socklen_t room = length == NULL ? 0 : *length;
	struct record *record = enter("recvfrom", "fum", fd, count, flags);
	ssize_t got = real_recvfrom(fd, data, count, flags, address, length);
	leave_recvfrom(record, got, data, address, length, room);
	return got;
}

REAL(__recvfrom_chk);
ssize_t __recvfrom_chk(int fd, void *restrict data, size_t count, size_t size, int flags,
		       struct sockaddr *restrict address, socklen_t *restrict length)
{
	find___recvfrom_chk();
	socklen_t room = length == NULL ? 0 : *length;
	struct record *record = enter("recvfrom", "fum", fd, count, flags);
	ssize_t got = real___recvfrom_chk(fd, data, count, size, flags, address, length);
	leave_recvfrom(record, got, data, address, length, room);
	return got;
}

REAL(recvmsg);
ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	find_recvmsg();
	struct record *record = enter("recvmsg", "fm", fd, flags);
	ssize_t got = real_recvmsg(fd, message, flags);
	leave(record, got, "iM", message->msg_iov, (size_t)message->msg_iovlen, some(got), message);
	return got;
}

REAL(recvmmsg);
int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout)
{
	find_recvmmsg();
	struct record *record = enter("recvmmsg", "fumn", fd, (size_t)count, flags, timeout);
	int got = real_recvmmsg(fd, messages, count, flags, timeout);
	leave(record, got, "");
	return got;
}

REAL(sendfile);
ssize_t sendfile(int out, int in, off_t *offset, size_t count)
{
	find_sendfile();
	struct record *record = enter("sendfile", "ffu", out, in, count);
	ssize_t sent = real_sendfile(out, in, offset, count);
	leave(record, sent, "");
	return sent;
}

REAL(sendfile64);
ssize_t sendfile64(int out, int in, off_t *offset, size_t count)
{
	find_sendfile64();
	struct record *record = enter("sendfile", "ffu", out, in, count);
	ssize_t sent = real_sendfile64(out, in, offset, count);
	leave(record, sent, "");
	return sent;
}
