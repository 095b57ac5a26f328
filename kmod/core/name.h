/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_NAME_H
#define VALE_CORE_NAME_H

#include <linux/types.h>

#define VALE_SWITCH_NAMSIZ 16	/* "vale0", NUL included */
#define VALE_PORT_NAMSIZ 17	/* "eth0^": a netdev name, '^' and NUL */

/*
 * Names as REGISTER and its like see them (SEMANTICS 2.0), tried in this order:
 *
 *   PIPE     has a '{' or a '}'
 *   PORT     valeSSS:PPP    SSS of [A-Za-z0-9_], at most 11; PPP anything, even
 *                           nothing, at most 15
 *   BAD      starts with "vale" but is not such a name; never a netdev
 *   NETDEV   all others; "valley0" and "valX:p" are netdev names too
 */
enum vale_name_kind {
	VALE_NAME_NETDEV,
	VALE_NAME_PORT,
	VALE_NAME_PIPE,
	VALE_NAME_BAD,
};

struct vale_name {
	enum vale_name_kind kind;
	char switch_name[VALE_SWITCH_NAMSIZ];	/* "valeSSS"; only of a PORT */
	char port[VALE_PORT_NAMSIZ];		/* "PPP"; only of a PORT */
	char netdev[VALE_PORT_NAMSIZ];		/* PPP without '^' at its end */
	bool host;				/* there was one */
};

/*
 * text: at most 64 bytes with the NUL. 0, or for BAD -ENOMEM when `create`
 * (the request may make the port), else -ENXIO; name->kind is set anyway.
 */
int vale_name_parse(struct vale_name *name, const char *text, bool create);

/*
 * Split a PIPE name at its last '{', or its last '}' if it has none: the base
 * (64 bytes) and where the id starts. 0; -EINVAL: one of them is empty.
 */
struct vale_pipe_name {
	char base[64];
	const char *id;		/* in text */
	bool slave;		/* '}' */
};

int vale_name_split_pipe(struct vale_pipe_name *pipe, const char *text);

/* A name NEWIF may give to a netdev: 0, or -EINVAL. */
int vale_name_check_newif(const char *text);

#endif /* VALE_CORE_NAME_H */
