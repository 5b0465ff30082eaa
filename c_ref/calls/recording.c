#define _GNU_SOURCE /* syscall: gettid has no wrapper in older C libraries */
#include "calls/recording.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct map {
	char magic[8];
	uint32_t record_size;
	uint32_t capacity;
	_Atomic uint64_t begun;
	_Atomic uint64_t programs;
	char reserved[RECORD_SIZE - 32];
	struct record records[];
};

_Static_assert(sizeof(struct record) == RECORD_SIZE, "a record has the size that readers know");
_Static_assert(sizeof(struct map) == RECORD_SIZE, "records begin behind one record's size");

static struct map *map;

/* The program that starts this one makes the file; without it, nothing is recorded. */
__attribute__((constructor)) static void open_map(void)
{
	const char *path = getenv("RECORD_CALLS");
	int saved = errno;
	struct stat found;
	struct map *candidate;
	int fd;
	if (path == NULL)
		return;
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd == -1)
		goto out;
	if (fstat(fd, &found) == -1 || found.st_size < RECORD_SIZE)
		goto out;
	candidate = mmap(NULL, (size_t)found.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (candidate == MAP_FAILED)
		goto out;
	if (memcmp(candidate->magic, "calls 1\n", 8) != 0 || candidate->record_size != RECORD_SIZE ||
	    candidate->capacity > ((uint64_t)found.st_size - RECORD_SIZE) / RECORD_SIZE) {
		munmap(candidate, (size_t)found.st_size);
		goto out;
	}
	atomic_fetch_add(&candidate->programs, 1);
	map = candidate;
out:
	if (fd != -1)
		syscall(SYS_close, fd); /* close is one of the calls that are recorded */
	errno = saved;
}

static uint64_t now(void);

struct record *record_begin(void)
{
	uint64_t number;
	struct record *record;
	if (map == NULL)
		return NULL;
	number = atomic_fetch_add(&map->begun, 1);
	if (number >= map->capacity)
		return NULL;
	record = &map->records[number];
	/* Asked every time: a number kept from before would be the parent's after fork, vfork or clone. */
	record->process = (uint32_t)getpid();
	record->thread = (uint32_t)syscall(SYS_gettid);
	return record;
}

void record_entered(struct record *record)
{
	if (record == NULL)
		return;
	record->entered = now();
	atomic_store_explicit(&record->state, 1, memory_order_release);
}

void record_returned(struct record *record)
{
	if (record == NULL)
		return;
	record->returned = now();
	atomic_store_explicit(&record->state, 2, memory_order_release);
}

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}
