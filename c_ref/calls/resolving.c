/*
 * Names, addresses and byte order.  What getaddrinfo does inside, sockets of its
 * own included, is not seen: inside the C library nothing passes the loader.
 */
#define _DEFAULT_SOURCE /* gethostbyname and its kind, which POSIX dropped in 2008 */
#include "calls/constants.h"
#include "calls/notation.h"
#include "calls/real.h"
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

REAL(getaddrinfo);
int getaddrinfo(const char *restrict host, const char *restrict service, const struct addrinfo *restrict hints,
		struct addrinfo **restrict found)
{
	static const struct addrinfo none = {0};
	find_getaddrinfo();
	const struct addrinfo *hint = hints == NULL ? &none : hints;
	struct record *record = enter("getaddrinfo", "sNFTdl", host, service, hint->ai_family, hint->ai_socktype,
				      hint->ai_protocol, hint->ai_flags);
	int status = real_getaddrinfo(host, service, hints, found);
	leave_resolver(record, status, status == 0 ? *found : NULL);
	return status;
}

REAL(getnameinfo);
int getnameinfo(const struct sockaddr *restrict address, socklen_t length, char *restrict host, socklen_t host_room,
		char *restrict service, socklen_t service_room, int flags)
{
	find_getnameinfo();
	struct record *record = enter("getnameinfo", "aj", address, length, (unsigned)flags);
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

REAL(gethostbyname);
struct hostent *gethostbyname(const char *name)
{
	find_gethostbyname();
	struct record *record = enter("gethostbyname", "s", name);
	struct hostent *host = real_gethostbyname(name);
	leave_host(record, host);
	return host;
}

REAL(gethostbyname_r);
int gethostbyname_r(const char *restrict name, struct hostent *restrict result, char *restrict room, size_t size,
		    struct hostent **restrict found, int *restrict error)
{
	find_gethostbyname_r();
	struct record *record = enter("gethostbyname_r", "s", name);
	int status = real_gethostbyname_r(name, result, room, size, found, error);
	leave_host(record, status == 0 ? *found : NULL);
	return status;
}

REAL(gethostbyaddr);
struct hostent *gethostbyaddr(const void *address, socklen_t length, int family)
{
	find_gethostbyaddr();
	struct record *record = enter("gethostbyaddr", "bF", address, (size_t)length, family);
	struct hostent *host = real_gethostbyaddr(address, length, family);
	leave_host(record, host);
	return host;
}

REAL(gethostbyaddr_r);
int gethostbyaddr_r(const void *restrict address, socklen_t length, int family, struct hostent *restrict result,
		    char *restrict room, size_t size, struct hostent **restrict found, int *restrict error)
{
	find_gethostbyaddr_r();
	struct record *record = enter("gethostbyaddr_r", "bF", address, (size_t)length, family);
	int status = real_gethostbyaddr_r(address, length, family, result, room, size, found, error);
	leave_host(record, status == 0 ? *found : NULL);
	return status;
}

REAL(gethostname);
int gethostname(char *name, size_t room)
{
	find_gethostname();
	struct record *record = enter("gethostname", "u", room);
	int result = real_gethostname(name, room);
	leave(record, result, "s", name);
	return result;
}

REAL(__gethostname_chk);
int __gethostname_chk(char *name, size_t room, size_t size)
{
	find___gethostname_chk();
	struct record *record = enter("gethostname", "u", room);
	int result = real___gethostname_chk(name, room, size);
	leave(record, result, "s", name);
	return result;
}

REAL(inet_aton);
int inet_aton(const char *text, struct in_addr *address)
{
	find_inet_aton();
	struct record *record = enter("inet_aton", "s", text);
	int valid = real_inet_aton(text, address);
	leave(record, valid, "b", address, valid ? sizeof *address : (size_t)0);
	return valid;
}

REAL(inet_ntoa);
char *inet_ntoa(struct in_addr address)
{
	find_inet_ntoa();
	struct record *record = enter("inet_ntoa", "b", &address, sizeof address);
	char *text = real_inet_ntoa(address);
	leave_words(record, "", "s", text);
	return text;
}

static size_t size_of(int family)
{
	return family == AF_INET ? sizeof(struct in_addr) : family == AF_INET6 ? sizeof(struct in6_addr) : 0;
}

REAL(inet_pton);
int inet_pton(int family, const char *restrict text, void *restrict address)
{
	find_inet_pton();
	struct record *record = enter("inet_pton", "Fs", family, text);
	int valid = real_inet_pton(family, text, address);
	leave(record, valid, "b", address, valid == 1 ? size_of(family) : (size_t)0);
	return valid;
}

REAL(inet_ntop);
const char *inet_ntop(int family, const void *restrict address, char *restrict text, socklen_t room)
{
	find_inet_ntop();
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

REAL(htons);
uint16_t htons(uint16_t host)
{
	find_htons();
	struct record *record = enter("htons", "d", host);
	uint16_t network = real_htons(host);
	leave(record, network, "");
	return network;
}

REAL(ntohs);
uint16_t ntohs(uint16_t network)
{
	find_ntohs();
	struct record *record = enter("ntohs", "d", network);
	uint16_t host = real_ntohs(network);
	leave(record, host, "");
	return host;
}

REAL(htonl);
uint32_t htonl(uint32_t host)
{
	find_htonl();
	struct record *record = enter("htonl", "u", (size_t)host);
	uint32_t network = real_htonl(host);
	leave(record, network, "");
	return network;
}

REAL(ntohl);
uint32_t ntohl(uint32_t network)
{
	find_ntohl();
	struct record *record = enter("ntohl", "u", (size_t)network);
	uint32_t host = real_ntohl(network);
	leave(record, host, "");
	return host;
}
