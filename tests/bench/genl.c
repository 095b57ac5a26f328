/* SPDX-License-Identifier: BSD-2-Clause */
/* Just enough generic netlink to set the size of a forwarding table. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/vale.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "end.h"
#include "genl.h"

struct message {
	struct nlmsghdr nl;
	struct genlmsghdr genl;
	uint8_t attrs[4096];
};

static void add_attr(struct message *m, uint16_t type, const void *data,
		     size_t len)
{
	struct nlattr *a = (void *)((uint8_t *)m + NLMSG_ALIGN(m->nl.nlmsg_len));

	a->nla_type = type;
	a->nla_len = (uint16_t)(NLA_HDRLEN + len);
	memcpy((uint8_t *)a + NLA_HDRLEN, data, len);
	m->nl.nlmsg_len = NLMSG_ALIGN(m->nl.nlmsg_len) + NLA_ALIGN(a->nla_len);
}

static struct message request(uint16_t family, uint8_t cmd)
{
	return (struct message){
		.nl.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
		.nl.nlmsg_type = family,
		.nl.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.genl.cmd = cmd,
		.genl.version = 1,
	};
}

/* Sends and takes one answer; an error ends the program. */
static void talk(int fd, struct message *m, struct message *answer)
{
	const struct nlmsgerr *err = (const void *)&answer->genl;

	if (send(fd, m, m->nl.nlmsg_len, 0) < 0 ||
	    recv(fd, answer, sizeof(*answer), 0) < 0)
		die("netlink");
	if (answer->nl.nlmsg_type == NLMSG_ERROR && err->error) {
		errno = -err->error;
		die("netlink request");
	}
}

static uint16_t family_id(int fd)
{
	struct message m = request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY), answer;
	const struct nlattr *a = (const void *)answer.attrs;
	uint16_t id;

	m.nl.nlmsg_flags = NLM_F_REQUEST;
	add_attr(&m, CTRL_ATTR_FAMILY_NAME, VALE_GENL_NAME,
		 sizeof(VALE_GENL_NAME));
	talk(fd, &m, &answer);
	while (a->nla_type != CTRL_ATTR_FAMILY_ID)
		a = (const void *)((const uint8_t *)a + NLA_ALIGN(a->nla_len));
	memcpy(&id, (const uint8_t *)a + NLA_HDRLEN, sizeof(id));
	return id;
}

void genl_set_fdb_size(const char *sw, uint32_t entries)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	struct message m, answer;

	if (fd < 0)
		die("netlink socket");
	m = request(family_id(fd), VALE_CMD_SWITCH_SET);
	add_attr(&m, VALE_A_SWITCH_NAME, sw, strlen(sw) + 1);
	add_attr(&m, VALE_A_FDB_SIZE, &entries, sizeof(entries));
	talk(fd, &m, &answer);
	close(fd);
}
