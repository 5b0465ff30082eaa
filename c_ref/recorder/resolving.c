/*
 * Names, addresses and byte order.  What getaddrinfo does inside, sockets of its
 * own included, is not seen: inside the C library nothing passes the loader.
 */
#define _DEFAULT_SOURCE /* gethostbyname and its kind, which POSIX dropped in 2008 */
#include "constants.h"
#include "notation.h"
#include "real.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int __gethostname_chk(char *name, size_t room, size_t size);

/* The functions below have errors of their own, not errno. */
static void leave_resolver(struct record *record, int status, const struct addrinfo *found)
{
	const char *name = constant_name(RESOLVER_ERRORS, status);
	if (status != 0 && name != NULL)
		leave_words(record, name, "");
	else
		leave(record, status, "g", found);
}

int getaddrinfo(const char *restrict host, const char *restrict service, const struct addrinfo *restrict hints,
		struct addrinfo **restrict found)
{
	static const struct addrinfo none = {0};
	REAL(getaddrinfo);
	const struct addrinfo *hint = hints == NULL ? &none : hints;
	struct record *record = enter("getaddrinfo", "sNFTdl", host, service, hint->ai_family, hint->ai_socktype,
				      hint->ai_protocol, hint->ai_flags);
	int status = real_getaddrinfo(host, service, hints, found);
	leave_resolver(record, status, status == 0 ? *found : NULL);
	return status;
}

int getnameinfo(const struct sockaddr *restrict address, socklen_t length, char *restrict host, socklen_t host_room,
		char *restrict service, socklen_t service_room, int flags)
{
	REAL(getnameinfo);
	struct record *record = enter("getnameinfo", "ad", address, length, flags);
	int status = real_getnameinfo(address, length, host, host_room, service, service_room, flags);
	if (status != 0)
		leave_resolver(record, status, NULL);
	else
		leave(record, status, "sN", host_room > 0 ? host : NULL, service_room > 0 ? service : NULL);
	return status;
}

static void leave_host(struct record *record, const struct hostent *host)
{
	if (host == NULL)
		leave_words(record, "NULL", "");
	else
		leave_words(record, "", "s", host->h_name);
}

struct hostent *gethostbyname(const char *name)
{
	REAL(gethostbyname);
	struct record *record = enter("gethostbyname", "s", name);
	struct hostent *host = real_gethostbyname(name);
	leave_host(record, host);
	return host;
}

int gethostbyname_r(const char *restrict name, struct hostent *restrict result, char *restrict room, size_t size,
		    struct hostent **restrict found, int *restrict error)
{
	REAL(gethostbyname_r);
	struct record *record = enter("gethostbyname_r", "s", name);
	int status = real_gethostbyname_r(name, result, room, size, found, error);
	leave_host(record, status == 0 ? *found : NULL);
	return status;
}

struct hostent *gethostbyaddr(const void *address, socklen_t length, int family)
{
	REAL(gethostbyaddr);
	struct record *record = enter("gethostbyaddr", "bF", address, (size_t)length, family);
	struct hostent *host = real_gethostbyaddr(address, length, family);
	leave_host(record, host);
	return host;
}

int gethostbyaddr_r(const void *restrict address, socklen_t length, int family, struct hostent *restrict result,
		    char *restrict room, size_t size, struct hostent **restrict found, int *restrict error)
{
	REAL(gethostbyaddr_r);
	struct record *record = enter("gethostbyaddr_r", "bF", address, (size_t)length, family);
	int status = real_gethostbyaddr_r(address, length, family, result, room, size, found, error);
	leave_host(record, status == 0 ? *found : NULL);
	return status;
}

int gethostname(char *name, size_t room)
{
	REAL(gethostname);
	struct record *record = enter("gethostname", "u", room);
	int result = real_gethostname(name, room);
	leave(record, result, "s", name);
	return result;
}

int __gethostname_chk(char *name, size_t room, size_t size)
{
	REAL(__gethostname_chk);
	struct record *record = enter("gethostname", "u", room);
	int result = real___gethostname_chk(name, room, size);
	leave(record, result, "s", name);
	return result;
}

int inet_aton(const char *text, struct in_addr *address)
{
	REAL(inet_aton);
	struct record *record = enter("inet_aton", "s", text);
	int valid = real_inet_aton(text, address);
	leave(record, valid, "b", address, valid ? sizeof *address : (size_t)0);
	return valid;
}

char *inet_ntoa(struct in_addr address)
{
	REAL(inet_ntoa);
	struct record *record = enter("inet_ntoa", "b", &address, sizeof address);
	char *text = real_inet_ntoa(address);
	leave_words(record, "", "s", text);
	return text;
}

static size_t size_of(int family)
{
	return family == AF_INET ? sizeof(struct in_addr) : family == AF_INET6 ? sizeof(struct in6_addr) : 0;
}

int inet_pton(int family, const char *restrict text, void *restrict address)
{
	REAL(inet_pton);
	struct record *record = enter("inet_pton", "Fs", family, text);
	int valid = real_inet_pton(family, text, address);
	leave(record, valid, "b", address, valid == 1 ? size_of(family) : (size_t)0);
	return valid;
}

const char *inet_ntop(int family, const void *restrict address, char *restrict text, socklen_t room)
{
	REAL(inet_ntop);
	struct record *record = enter("inet_ntop", "Fb", family, address, size_of(family));
	const char *result = real_inet_ntop(family, address, text, room);
	leave_words(record, result == NULL ? "NULL" : "", result == NULL ? "" : "s", result);
	return result;
}

/* With optimization the C library's headers make these one instruction, and no call that could be recorded. */
#undef htons
#undef htonl
#undef ntohs
#undef ntohl

uint16_t htons(uint16_t host)
{
	REAL(htons);
	struct record *record = enter("htons", "d", host);
	uint16_t network = real_htons(host);
	leave(record, network, "");
	return network;
}

uint16_t ntohs(uint16_t network)
{
	REAL(ntohs);
	struct record *record = enter("ntohs", "d", network);
	uint16_t host = real_ntohs(network);
	leave(record, host, "");
	return host;
}

uint32_t htonl(uint32_t host)
{
	REAL(htonl);
	struct record *record = enter("htonl", "u", (size_t)host);
	uint32_t network = real_htonl(host);
	leave(record, network, "");
	return network;
}

uint32_t ntohl(uint32_t network)
{
	REAL(ntohl);
	struct record *record = enter("ntohl", "u", (size_t)network);
	uint32_t host = real_ntohl(network);
	leave(record, host, "");
	return host;
}
