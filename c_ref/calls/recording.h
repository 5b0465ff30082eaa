/*
 * Where the recorder keeps the calls: a file that every process of the program
 * maps, so that what was written is there after SIGKILL too.
 *
 *     0    "calls 2\n"                       8 bytes
 *     8    size of a record, 512             u32, in the byte order of the machine, like all numbers here
 *     12   how many records fit              u32
 *     16   how many were begun               u64, may be more than fit: the rest is lost, and counted
 *     24   how many programs were recorded   u64: one for each exec
 *     512  record, record, ...
 *
 *     a record:
 *     0    state: 0 free, 1 entered, 2 returned   u32
 *     4    process                                u32
 *     8    thread                                 u32
 *     12   length of the text                     u16
 *     14   where in the text the result begins    u16, 0 as long as there is none
 *     16   when it was entered                    u64, nanoseconds of CLOCK_MONOTONIC
 *     24   when it returned                       u64
 *     32   where the program goes on after the call   u64, an address
 *     40   RECORD_AS of the program's environment  u32, 0 without it
 *     44   nothing                                 u32
 *     48   the text: recv(3, 4096, 0) = 5 "hello"
 *
 * The number of a record comes from an atomic counter in the map itself: no
 * lock, which a fork could copy while it is held and a signal could meet.
 * In the text the byte 1 stands in front of a descriptor and 2 in front of a
 * port, so that a reader can give them names; bytes of the program are quoted.
 *
 * Read next: notation.h, then sockets.c.
 */
#ifndef RECORDING_H
#define RECORDING_H

#include <stddef.h>
#include <stdint.h>

enum { RECORD_SIZE = 512, RECORD_HEAD = 48, RECORD_TEXT = RECORD_SIZE - RECORD_HEAD };

struct record {
	_Atomic uint32_t state;
	uint32_t process;
	uint32_t thread;
	uint16_t length;
	uint16_t result_at;
	uint64_t entered;
	uint64_t returned;
	uint64_t caller;
	uint32_t recorded_as;
	uint32_t reserved;
	char text[RECORD_TEXT];
};

/*
 * Map a file to be shared with other processes; NULL when there is none at
 * path, which may be NULL, or it has less than least bytes.
 */
void *map_file(const char *path, size_t least, size_t *size);

/*
 * Begin the record of a call; NULL when nothing is recorded or the map is full.
 * The caller is the address behind the call.
 */
struct record *record_begin(const void *caller);

/* The arguments are in the text: from here on a reader sees that the call was entered. */
void record_entered(struct record *record);

/* The result is in the text. */
void record_returned(struct record *record);

/* The place of a record among all, from 0. */
uint64_t record_number(const struct record *record);

/* The clock of the records: nanoseconds. */
uint64_t record_clock(void);

#endif
