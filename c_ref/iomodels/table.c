/*
 * The one table of I/O models: how one server serves many clients.  One file
 * each.
 *
 * --help, list, errors and what works over seqpacket derive from it.
 *
 * Python twin: pyside/iomodels/table.py.  Read next: iomodels/iterative.c.
 */
#include "iomodels/table.h"

#include <string.h>

int serve_epolling(const struct service *service);
int serve_forking(const struct service *service);
int serve_iterative(const struct service *service);
int serve_polling(const struct service *service);
int serve_selecting(const struct service *service);
int serve_threaded(const struct service *service);

static const struct model models[] = {
	{"epoll", serve_epolling, 0, "one thread; the kernel keeps the list of clients, epoll(7)"},
	{"fork", serve_forking, 1, "a process for each client"},
	{"iterative", serve_iterative, 1, "one client after another"},
	{"poll", serve_polling, 0, "one thread; all clients in every call, poll(2)"},
	{"select", serve_selecting, 0, "one thread; descriptors below 1024 in every call, select(2)"},
	{"thread", serve_threaded, 1, "a thread for each client"},
};

enum { MODEL_COUNT = sizeof models / sizeof models[0] };

const char *model_name(size_t index)
{
	return index < MODEL_COUNT ? models[index].name : NULL;
}

const struct model *model_find(const char *name)
{
	for (size_t i = 0; i < MODEL_COUNT; i++)
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
	return NULL;
}
