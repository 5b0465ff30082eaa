/*
 * Writing down what calls are given pointers to: addresses, messages, sets of
 * descriptors.  notation.h says how each looks.
 */
#ifndef STRUCTURES_H
#define STRUCTURES_H

#include <stddef.h>
#include <sys/select.h>
#include <sys/socket.h>

struct addrinfo;
struct epoll_event;
struct iovec;
struct pollfd;
struct record;

void put_service(struct record *record, const char *service);
void put_type(struct record *record, int type);
void put_address(struct record *record, const struct sockaddr *address, socklen_t length);
void put_option(struct record *record, int level, int option);
void put_value(struct record *record, const void *value, socklen_t length);
void put_option_value(struct record *record, int level, int option, const void *value, socklen_t length);
void put_pieces(struct record *record, const struct iovec *pieces, size_t count, size_t limit);
void put_message(struct record *record, const struct msghdr *message);
void put_polled(struct record *record, const struct pollfd *polled, size_t count, int ready);
void put_set(struct record *record, const fd_set *set, int bound);
void put_epoll_events(struct record *record, const struct epoll_event *event, int count);
void put_addresses(struct record *record, const struct addrinfo *info);
void put_seconds_of(struct record *record, char letter, const void *time);

#endif
