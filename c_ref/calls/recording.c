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
static uint32_t recorded_as;

/* The program that starts this one makes the file; without it, nothing is recorded. */
__attribute__((constructor)) static void open_map(void)
{
	const char *as = getenv("RECORD_AS");
	int saved = errno;
	size_t size;
	struct map *candidate = map_file(getenv("RECORD_CALLS"), RECORD_SIZE, &size);
	if (candidate == NULL)
		goto out;
	if (memcmp(candidate->magic, "calls 2\n", 8) != 0 || candidate->record_size != RECORD_SIZE ||
	    candidate->capacity > (size - RECORD_SIZE) / RECORD_SIZE) {
		munmap(candidate, size);
		goto out;
	}
	recorded_as = as == NULL ? 0 : (uint32_t)strtoul(as, NULL, 10);
	atomic_fetch_add(&candidate->programs, 1);
	map = candidate;
out:
	errno = saved;
}

void *map_file(const char *path, size_t least, size_t *size)
{
	struct stat found;
	void *mapped = NULL;
	int fd;
	if (path == NULL || (fd = open(path, O_RDWR | O_CLOEXEC)) == -1)
		return NULL;
	if (fstat(fd, &found) == 0 && found.st_size >= (off_t)least) {
		*size = (size_t)found.st_size;
		mapped = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	}
	syscall(SYS_close, fd); /* close is one of the calls that are recorded */
	return mapped == MAP_FAILED ? NULL : mapped;
}

struct record *record_begin(const void *caller)
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
	record->caller = (uint64_t)(uintptr_t)caller;
	record->recorded_as = recorded_as;
	return record;
}

void record_entered(struct record *record)
{
	if (record == NULL)
		return;
	record->entered = record_clock();
	atomic_store_explicit(&record->state, 1, memory_order_release);
}

void record_returned(struct record *record)
{
	if (record == NULL)
		return;
	record->returned = record_clock();
	atomic_store_explicit(&record->state, 2, memory_order_release);
}

uint64_t record_number(const struct record *record)
{
	return (uint64_t)(record - map->records);
}

uint64_t record_clock(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}
