// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>

#include "name.h"

#define PREFIX		"vale"
#define PREFIX_LEN	4
#define NETDEV_NAMSIZ	16

static bool is_switch_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '_';
}

/* Length of valeSSS if text is valeSSS:..., else 0. */
static size_t switch_len(const char *text)
{
	size_t len = PREFIX_LEN;

	while (is_switch_char(text[len]))
		len++;
	return text[len] == ':' && len < VALE_SWITCH_NAMSIZ ? len : 0;
}

static void copy_part(char *to, const char *from, size_t len)
{
	memcpy(to, from, len);
	to[len] = '\0';
}

/*
 * 15 bytes, or 16 if the last is the '^' of a netdev's host side: a netdev of
 * 15 bytes can be attached with its host stack, and must be found again.
 */
static bool port_fits(const char *port, size_t len)
{
	return len < NETDEV_NAMSIZ ||
	       (len == NETDEV_NAMSIZ && port[len - 1] == '^');
}

static enum vale_name_kind parse(struct vale_name *name, const char *text)
{
	const char *port;
	size_t len;

	if (strchr(text, '{') || strchr(text, '}'))
		return VALE_NAME_PIPE;
	if (strncmp(text, PREFIX, PREFIX_LEN))
		return VALE_NAME_NETDEV;
	len = switch_len(text);
	port = text + len + 1;
	if (!len || !port_fits(port, strlen(port)))
		return VALE_NAME_BAD;
	copy_part(name->switch_name, text, len);
	len = strlen(port);
	copy_part(name->port, port, len);
	name->host = len && port[len - 1] == '^';
	copy_part(name->netdev, port, len - name->host);
	return VALE_NAME_PORT;
}

int vale_name_parse(struct vale_name *name, const char *text, bool create)
{
	memset(name, 0, sizeof(*name));
	name->kind = parse(name, text);
	if (name->kind != VALE_NAME_BAD)
		return 0;
	return create ? -ENOMEM : -ENXIO;
}

int vale_name_split_pipe(struct vale_pipe_name *pipe, const char *text)
{
	const char *sign = strrchr(text, '{');
	size_t len;

	pipe->slave = !sign;
	if (!sign)
		sign = strrchr(text, '}');
	len = sign - text;
	pipe->id = sign + 1;
	if (!len || !*pipe->id || len >= sizeof(pipe->base))
		return -EINVAL;
	copy_part(pipe->base, text, len);
	return 0;
}

int vale_name_check_newif(const char *text)
{
	if (!strncmp(text, PREFIX, PREFIX_LEN) || strlen(text) >= NETDEV_NAMSIZ)
		return -EINVAL;
	return 0;
}
