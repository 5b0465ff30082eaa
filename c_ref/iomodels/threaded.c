/*
 * Concurrent server, one thread for each connection (Stevens, UNP section 26.4).
 *
 *     accept -> start a thread -> accept -> ...
 *                    |
 *                    talk until the conversation is over -> close
 *
 * Python twin: pyside/iomodels/threaded.py.  Read next: iomodels/forking.c.
 */
#include "iomodels/service.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How many threads may still be started. */
static uint64_t slots;
static pthread_mutex_t slots_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t slots_changed = PTHREAD_COND_INITIALIZER;

struct talk {
	const struct service *service;
	int connection;
	char peer[NAME_SIZE];
};

static void acquire_slot(const struct service *service);
static void start_thread(const struct service *service, int connection, const char *peer);
static void *run(void *argument);
static void release_slot(void);
static void wait_for_slots(uint64_t count);

int serve_threaded(const struct service *service)
{
	uint64_t limit = service->max_connections;
	char peer[NAME_SIZE] = "";
	int connection, number;

	slots = limit;
	acquire_slot(service);
	while ((connection = service_accept(service, peer)) != -1) {
		start_thread(service, connection, peer);
		acquire_slot(service);
	}
	number = errno;
	release_slot();
	wait_for_slots(limit);
	errno = number;
	return number == 0 ? 0 : -1;
}

/* Wait until one thread more may run. */
static void acquire_slot(const struct service *service)
{
	pthread_mutex_lock(&slots_mutex);
	if (slots == 0)
		service_log_full(service);
	while (slots == 0)
		pthread_cond_wait(&slots_changed, &slots_mutex);
	slots--;
	pthread_mutex_unlock(&slots_mutex);
}

/* A thread needs its own copy of what it works on: the next accept overwrites the caller's. */
static void start_thread(const struct service *service, int connection, const char *peer)
{
	struct talk *talk = malloc(sizeof *talk);
	pthread_t thread;
	int status;

	if (talk == NULL) {
		service_log("%s: cannot start a thread: no memory", peer);
		close(connection);
		release_slot();
		return;
	}
	*talk = (struct talk){.service = service, .connection = connection};
	memcpy(talk->peer, peer, sizeof talk->peer);
	status = pthread_create(&thread, NULL, run, talk);
	if (status != 0) {
		service_log("%s: cannot start a thread: %s", peer, strerror(status));
		close(connection);
		free(talk);
		release_slot();
		return;
	}
	pthread_detach(thread);
}

static void *run(void *argument)
{
	struct talk *talk = argument;

	iterative_talk(talk->service, talk->connection, talk->peer);
	free(talk);
	release_slot();
	return NULL;
}

static void release_slot(void)
{
	pthread_mutex_lock(&slots_mutex);
	slots++;
	pthread_cond_signal(&slots_changed);
	pthread_mutex_unlock(&slots_mutex);
}

static void wait_for_slots(uint64_t count)
{
	pthread_mutex_lock(&slots_mutex);
	while (slots < count)
		pthread_cond_wait(&slots_changed, &slots_mutex);
	pthread_mutex_unlock(&slots_mutex);
}
