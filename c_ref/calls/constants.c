#define _GNU_SOURCE /* EAI_, MSG_ and POLL names that are Linux's own */
#include "calls/constants.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define NAME(constant) {(long)(constant), #constant}
#define END {0, NULL}

const struct constant FAMILIES[] = {NAME(AF_UNSPEC), NAME(AF_INET),    NAME(AF_INET6),
				    NAME(AF_UNIX),   NAME(AF_NETLINK), END};
const struct constant TYPES[] = {NAME(SOCK_STREAM), NAME(SOCK_DGRAM), NAME(SOCK_SEQPACKET),
				 NAME(SOCK_RAW),    NAME(SOCK_RDM),   END};
const struct constant TYPE_FLAGS[] = {NAME(SOCK_CLOEXEC), NAME(SOCK_NONBLOCK), END};
const struct constant MESSAGE_FLAGS[] = {NAME(MSG_OOB),
					 NAME(MSG_PEEK),
					 NAME(MSG_DONTROUTE),
					 NAME(MSG_CTRUNC),
					 NAME(MSG_TRUNC),
					 NAME(MSG_DONTWAIT),
					 NAME(MSG_EOR),
					 NAME(MSG_WAITALL),
					 NAME(MSG_NOSIGNAL),
					 NAME(MSG_MORE),
					 NAME(MSG_ERRQUEUE),
					 NAME(MSG_CMSG_CLOEXEC),
					 END};
const struct constant HOWS[] = {NAME(SHUT_RD), NAME(SHUT_WR), NAME(SHUT_RDWR), END};
const struct constant LEVELS[] = {NAME(SOL_SOCKET),  NAME(IPPROTO_IP),   NAME(IPPROTO_TCP),
				  NAME(IPPROTO_UDP), NAME(IPPROTO_IPV6), END};
const struct constant SOCKET_OPTIONS[] = {NAME(SO_REUSEADDR),  NAME(SO_REUSEPORT), NAME(SO_TYPE),
					  NAME(SO_ERROR),      NAME(SO_BROADCAST), NAME(SO_SNDBUF),
					  NAME(SO_RCVBUF),     NAME(SO_KEEPALIVE), NAME(SO_LINGER),
					  NAME(SO_PEERCRED),   NAME(SO_RCVTIMEO),  NAME(SO_SNDTIMEO),
					  NAME(SO_ACCEPTCONN), NAME(SO_PROTOCOL),  NAME(SO_DOMAIN),
					  NAME(SO_OOBINLINE),  NAME(SO_DONTROUTE), END};
const struct constant TCP_OPTIONS[] = {NAME(TCP_NODELAY),
				       NAME(TCP_MAXSEG),
				       NAME(TCP_CORK),
				       NAME(TCP_KEEPIDLE),
				       NAME(TCP_KEEPINTVL),
				       NAME(TCP_KEEPCNT),
				       NAME(TCP_QUICKACK),
				       NAME(TCP_DEFER_ACCEPT),
				       NAME(TCP_INFO),
				       NAME(TCP_USER_TIMEOUT),
				       END};
const struct constant INET_OPTIONS[] = {
	NAME(IP_TTL), NAME(IP_TOS), NAME(IP_RECVERR), NAME(IP_PKTINFO), NAME(IP_MULTICAST_TTL), NAME(IP_ADD_MEMBERSHIP),
	END};
const struct constant INET6_OPTIONS[] = {NAME(IPV6_V6ONLY), NAME(IPV6_UNICAST_HOPS), NAME(IPV6_RECVPKTINFO), END};
const struct constant POLL_EVENTS[] = {NAME(POLLIN),
				       NAME(POLLPRI),
				       NAME(POLLOUT),
				       NAME(POLLERR),
				       NAME(POLLHUP),
				       NAME(POLLNVAL),
				       NAME(POLLRDHUP),
				       NAME(POLLRDNORM),
				       NAME(POLLRDBAND),
				       NAME(POLLWRNORM),
				       NAME(POLLWRBAND),
				       NAME(POLLMSG),
				       END};
const struct constant EPOLL_EVENTS[] = {NAME(EPOLLIN),     NAME(EPOLLPRI),     NAME(EPOLLOUT),       NAME(EPOLLERR),
					NAME(EPOLLHUP),    NAME(EPOLLRDNORM),  NAME(EPOLLRDBAND),    NAME(EPOLLWRNORM),
					NAME(EPOLLWRBAND), NAME(EPOLLMSG),     NAME(EPOLLRDHUP),     NAME(EPOLLWAKEUP),
					NAME(EPOLLET),     NAME(EPOLLONESHOT), NAME(EPOLLEXCLUSIVE), END};
const struct constant EPOLL_COMMANDS[] = {NAME(EPOLL_CTL_ADD), NAME(EPOLL_CTL_MOD), NAME(EPOLL_CTL_DEL), END};
const struct constant EPOLL_FLAGS[] = {NAME(EPOLL_CLOEXEC), END};
const struct constant FCNTL_COMMANDS[] = {
	NAME(F_GETFD), NAME(F_SETFD), NAME(F_GETFL), NAME(F_SETFL), NAME(F_DUPFD), NAME(F_DUPFD_CLOEXEC), END};
const struct constant IOCTL_COMMANDS[] = {NAME(FIONBIO),  NAME(FIONREAD), NAME(FIOCLEX),
					  NAME(FIONCLEX), NAME(TCGETS),   END};
const struct constant FILE_FLAGS[] = {NAME(O_WRONLY), NAME(O_RDWR), NAME(O_NONBLOCK), NAME(O_APPEND), END};
const struct constant DESCRIPTOR_FLAGS[] = {NAME(FD_CLOEXEC), END};
const struct constant RESOLVER_FLAGS[] = {
	NAME(AI_PASSIVE),    NAME(AI_CANONNAME), NAME(AI_NUMERICHOST), NAME(AI_NUMERICSERV),
	NAME(AI_ADDRCONFIG), NAME(AI_V4MAPPED),  NAME(AI_ALL),         END};
const struct constant NAMEINFO_FLAGS[] = {NAME(NI_NUMERICHOST), NAME(NI_NUMERICSERV), NAME(NI_NOFQDN),
					  NAME(NI_NAMEREQD),    NAME(NI_DGRAM),       END};
const struct constant RESOLVER_ERRORS[] = {NAME(EAI_AGAIN),
					   NAME(EAI_BADFLAGS),
					   NAME(EAI_FAIL),
					   NAME(EAI_FAMILY),
					   NAME(EAI_MEMORY),
					   NAME(EAI_NONAME),
					   NAME(EAI_SERVICE),
					   NAME(EAI_SOCKTYPE),
					   NAME(EAI_SYSTEM),
					   NAME(EAI_OVERFLOW),
					   NAME(EAI_NODATA),
					   NAME(EAI_ADDRFAMILY),
					   END};
const struct constant ERRORS[] = {NAME(EACCES),        NAME(EADDRINUSE),
				  NAME(EADDRNOTAVAIL), NAME(EAFNOSUPPORT),
				  NAME(EAGAIN),        NAME(EALREADY),
				  NAME(EBADF),         NAME(ECONNABORTED),
				  NAME(ECONNREFUSED),  NAME(ECONNRESET),
				  NAME(EDESTADDRREQ),  NAME(EEXIST),
				  NAME(EFAULT),        NAME(EHOSTUNREACH),
				  NAME(EINPROGRESS),   NAME(EINTR),
				  NAME(EINVAL),        NAME(EIO),
				  NAME(EISCONN),       NAME(ELOOP),
				  NAME(EMFILE),        NAME(EMSGSIZE),
				  NAME(ENAMETOOLONG),  NAME(ENETDOWN),
				  NAME(ENETUNREACH),   NAME(ENFILE),
				  NAME(ENOBUFS),       NAME(ENOENT),
				  NAME(ENOMEM),        NAME(ENOPROTOOPT),
				  NAME(ENOSPC),        NAME(ENOTCONN),
				  NAME(ENOTDIR),       NAME(ENOTSOCK),
				  NAME(ENOTTY),        NAME(EOPNOTSUPP),
				  NAME(EPERM),         NAME(EPIPE),
				  NAME(EPROTO),        NAME(EPROTONOSUPPORT),
				  NAME(EPROTOTYPE),    NAME(ESOCKTNOSUPPORT),
				  NAME(ETIMEDOUT),     END};

const char *constant_name(const struct constant *table, long value)
{
	for (; table->name != NULL; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}
