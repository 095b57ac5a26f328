/* SPDX-License-Identifier: BSD-2-Clause */
/* Just enough generic netlink to change a setting of a switch. */
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

/* Sends and takes one answer, 0 or the error it says; others end the program. */
static int talk(int fd, struct message *m, struct message *answer)
{
	const struct nlmsgerr *err = (const void *)&answer->genl;

	if (send(fd, m, m->nl.nlmsg_len, 0) < 0 ||
	    recv(fd, answer, sizeof(*answer), 0) < 0)
		die("netlink");
	return answer->nl.nlmsg_type == NLMSG_ERROR ? err->error : 0;
}

static uint16_t family_id(int fd)
{
	struct message m = request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY), answer;
	const struct nlattr *a = (const void *)answer.attrs;
	uint16_t id;

	m.nl.nlmsg_flags = NLM_F_REQUEST;
	add_attr(&m, CTRL_ATTR_FAMILY_NAME, VALE_GENL_NAME,
		 sizeof(VALE_GENL_NAME));
	if (talk(fd, &m, &answer))
		die("netlink family");
	while (a->nla_type != CTRL_ATTR_FAMILY_ID)
		a = (const void *)((const uint8_t *)a + NLA_ALIGN(a->nla_len));
	memcpy(&id, (const uint8_t *)a + NLA_HDRLEN, sizeof(id));
	return id;
}

int genl_set(const char *sw, uint16_t attr, uint32_t value)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	struct message m, answer;
	int err;

	if (fd < 0)
		die("netlink socket");
	m = request(family_id(fd), VALE_CMD_SWITCH_SET);
	add_attr(&m, VALE_A_SWITCH_NAME, sw, strlen(sw) + 1);
	add_attr(&m, attr, &value, sizeof(value));
	err = talk(fd, &m, &answer);
	close(fd);
	return err;
}
