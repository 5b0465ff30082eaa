/*
 * Iterative server: one client after another (Stevens, UNP section 1.5).
 *
 *     accept -> talk until the client is done -> close -> accept -> ...
 *
 * The others wait in the kernel's backlog; one silent client holds up all of
 * them until the time limit.
 *
 * Python twin: iomodels/iterative.py.  Read next: threaded.c.
 */
#include "net/listening.h"

int serve_iterative(const struct server *server)
{
	char peer[NAME_SIZE];
	int connection;

	while ((connection = listening_accept(server, peer)) != -1)
		conversation_hold(server, connection, peer);
	return 0;
}
