/*
 * The server's end of the BSD calls: socket, bind, listen, accept, and who is
 * admitted.
 * Python twin: pyside/net/listening.py.
 */
#ifndef LISTENING_H
#define LISTENING_H

#include "net/netio.h"

/* The file that bind made for a unix socket, if it made one. */
struct listening_file {
	int exists;
	dev_t device;
	ino_t inode;
};

/* Make the listening socket; for datagrams, the one socket that there is.  -1: unreachable. */
int listening_listen(const struct address *address, int type, struct error *error);

/* The file that bind made at an address, by which listening_forget knows it again. */
void listening_file_of(const struct address *address, struct listening_file *file);

/* Whether an errno of accept means that there are no descriptors, or no memory, for another connection. */
int listening_exhausted(int number);

/* One accept, and the name of the peer.  -1: errno. */
int listening_accept(int listener, char peer[NAME_SIZE]);

/* The user at the other end of a unix socket, SO_PEERCRED of unix(7); (uid_t)-1 where that fails. */
uid_t listening_peer_user(int fd);

/* The line that says where a listener can be reached, without the newline; 0, or -1 with errno. */
int listening_announcement(int listener, char line[NAME_SIZE]);

/* Close a listener, and remove its file, unless that is gone, or another server's by now. */
void listening_forget(int listener, const struct listening_file *file);

#endif
