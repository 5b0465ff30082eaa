#define _GNU_SOURCE /* dl_iterate_phdr, syscall */
#include "calls/notes.h"
#include "calls/recording.h"
#include "calls/structures.h"
#include "calls/text.h"
#include <errno.h>
#include <link.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { DATA = 1, NAMES, OBJECT, FORK, BUFFERS };
enum { FILE_HEAD = 64, NOTE_HEAD = 16 };

struct notes {
	char magic[8];
	_Atomic uint64_t taken;
	uint64_t kept;
};

struct note {
	_Atomic uint32_t kind;
	uint32_t size;
	uint64_t subject;
	unsigned char body[];
};

static struct notes *notes;
static uint64_t room;
static uint64_t forked_at;

static int note_object(struct dl_phdr_info *info, size_t size, void *unused);
static void before_fork(void);
static void in_child(void);
static struct note *begin(uint64_t subject, size_t size);
static void end(struct note *note, enum kind kind);

/* As the recording: made by the program that starts this one. */
__attribute__((constructor)) static void open_notes(void)
{
	int saved = errno;
	size_t size;
	struct notes *candidate = map_file(getenv("RECORD_NOTES"), FILE_HEAD, &size);
	if (candidate == NULL)
		goto out;
	if (memcmp(candidate->magic, "notes 1\n", 8) != 0) {
		munmap(candidate, size);
		goto out;
	}
	room = size;
	notes = candidate;
	dl_iterate_phdr(note_object, NULL);
	pthread_atfork(before_fork, NULL, in_child);
out:
	errno = saved;
}

void note_data(struct record *record, const void *data, size_t count)
{
	struct iovec piece = {.iov_base = (void *)data, .iov_len = count};
	note_pieces(record, &piece, 1, count);
}

void note_pieces(struct record *record, const struct iovec *pieces, size_t count, size_t limit)
{
	struct note *note;
	size_t size = 0, filled = 0;
	if (notes == NULL || record == NULL)
		return;
	if (limit > notes->kept)
		limit = (size_t)notes->kept;
	for (size_t index = 0; index < count && size < limit; index++)
		size += pieces[index].iov_len < limit - size ? pieces[index].iov_len : limit - size;
	if (size == 0 || (note = begin(record_number(record), size)) == NULL)
		return;
	for (; filled < size; pieces++) {
		size_t part = pieces->iov_len < size - filled ? pieces->iov_len : size - filled;
		if (part > 0)
			memcpy(note->body + filled, pieces->iov_base, part);
		filled += part;
	}
	end(note, DATA);
}

void note_names(struct record *record, int fd)
{
	int saved = errno;
	struct record names = {.length = 0};
	struct sockaddr_storage address;
	struct note *note;
	if (notes == NULL || record == NULL)
		return;
	for (int remote = 0; remote < 2; remote++) {
		socklen_t length = sizeof address;
		/* getsockname and getpeername would be recorded as the program's own. */
		if (syscall(remote ? SYS_getpeername : SYS_getsockname, fd, &address, &length) == -1)
			length = 0;
		if (remote)
			put_byte(&names, ' ');
		put_address(&names, (const struct sockaddr *)&address, length);
	}
	if ((note = begin(record_number(record), names.length)) != NULL) {
		memcpy(note->body, names.text, names.length);
		end(note, NAMES);
	}
	errno = saved;
}

void note_buffers(struct record *record, int fd)
{
	int saved = errno;
	int unread = 0, unsent = 0;
	struct tcp_info info = {.tcpi_state = 0};
	socklen_t length = sizeof info;
	struct note *note;
	if (notes == NULL || record == NULL)
		return;
	/* A socket that listens has neither, nor has what is no socket. */
	if (syscall(SYS_ioctl, fd, FIONREAD, &unread) == 0 && syscall(SYS_ioctl, fd, SIOCOUTQ, &unsent) == 0 &&
	    (note = begin(record_number(record), 3 * sizeof(uint32_t))) != NULL) {
		if (syscall(SYS_getsockopt, fd, IPPROTO_TCP, TCP_INFO, &info, &length) == -1)
			info.tcpi_state = 0;
		uint32_t numbers[3] = {(uint32_t)unread, (uint32_t)unsent, info.tcpi_state};
		memcpy(note->body, numbers, sizeof numbers);
		end(note, BUFFERS);
	}
	errno = saved;
}

/* Those that are there when the program starts; what it loads later is not worth asking at each call. */
static int note_object(struct dl_phdr_info *info, size_t size, void *unused)
{
	char own[4096];
	const char *path = info->dlpi_name;
	(void)size;
	(void)unused;
	if (path == NULL || path[0] == '\0') {
		ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
		if (length <= 0)
			return 0;
		own[length] = '\0';
		path = own;
	}
	for (int index = 0; index < info->dlpi_phnum; index++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[index];
		uint64_t first = info->dlpi_addr + segment->p_vaddr;
		uint64_t numbers[3] = {first, first + segment->p_memsz, info->dlpi_addr};
		struct note *note;
		if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0)
			continue;
		/* The kernel gives every program a page that is in no file. */
		if (path[0] != '/' || (note = begin((uint64_t)getpid(), sizeof numbers + strlen(path))) == NULL)
			continue;
		memcpy(note->body, numbers, sizeof numbers);
		memcpy(note->body + sizeof numbers, path, strlen(path));
		end(note, OBJECT);
	}
	return 0;
}

/* The child has its parent's descriptors of this moment, and a copy of this variable. */
static void before_fork(void)
{
	forked_at = record_clock();
}

static void in_child(void)
{
	uint64_t numbers[2] = {(uint64_t)getppid(), forked_at};
	struct note *note = begin((uint64_t)getpid(), sizeof numbers);
	if (note == NULL)
		return;
	memcpy(note->body, numbers, sizeof numbers);
	end(note, FORK);
}

static struct note *begin(uint64_t subject, size_t size)
{
	uint64_t whole = NOTE_HEAD + ((uint64_t)size + 7) / 8 * 8;
	uint64_t place = atomic_fetch_add(&notes->taken, whole);
	struct note *note;
	if (place > room || whole > room - place)
		return NULL;
	note = (struct note *)(void *)((unsigned char *)notes + place);
	note->size = (uint32_t)size;
	note->subject = subject;
	return note;
}

static void end(struct note *note, enum kind kind)
{
	atomic_store_explicit(&note->kind, (uint32_t)kind, memory_order_release);
}
