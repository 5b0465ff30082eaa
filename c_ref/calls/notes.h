/*
 * What does not fit in a record, for those who draw a conversation: whole data,
 * the two addresses of a connection, where programs lie in memory, which
 * process came from which.  A second file that every process maps:
 *
 *     0    "notes 1\n"                          8 bytes
 *     8    how much of the file is taken        u64, may be more than there is: the rest is lost
 *     16   how much of one call's data is kept  u64, bytes
 *     64   note, note, ...                      each at a multiple of 8
 *
 *     a note:
 *     0    kind                                 u32, 0 as long as the body is not complete
 *     4    size of the body                     u32
 *     8    subject                              u64
 *     16   body
 *
 *     kind        subject           body
 *     1 data      number of a call  the bytes, as many as are kept
 *     2 names     number of a call  local and remote address, as in a record, with a blank between them
 *     3 object    process           first address, address behind the last, address of its byte 0, each u64; path
 *     4 fork      the new process   its parent u64, when it was forked u64
 *     5 buffers   number of a call  bytes unread u32, sent and not acknowledged u32, state of TCP u32, 0 without:
 *                                   before close and send, behind a recv that got all that it had room for
 *
 * As with records, an atomic counter in the file gives out the room: no lock.
 * Read next: notes.c.
 */
#ifndef NOTES_H
#define NOTES_H

#include <stddef.h>

struct iovec;
struct record;

/* Keep the data of a call, if notes are taken. */
void note_data(struct record *record, const void *data, size_t count);

/* The same for data in pieces, not more than limit bytes in all. */
void note_pieces(struct record *record, const struct iovec *pieces, size_t count, size_t limit);

/* Ask the kernel for the addresses of a socket.  Keeps errno. */
void note_names(struct record *record, int fd);

/* Ask the kernel what is in the buffers of a socket.  Keeps errno. */
void note_buffers(struct record *record, int fd);

#endif
