// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>

#include "../core/name.h"
#include "selftest.h"

static bool kind(const char *text, enum vale_name_kind want)
{
	struct vale_name n;
	int err = vale_name_parse(&n, text, true);

	return n.kind == want && err == (want == VALE_NAME_BAD ? -ENOMEM : 0);
}

static bool port(const char *text, const char *sw, const char *port,
		 const char *netdev, bool host)
{
	struct vale_name n;

	return !vale_name_parse(&n, text, false) && n.kind == VALE_NAME_PORT &&
	       !strcmp(n.switch_name, sw) && !strcmp(n.port, port) &&
	       !strcmp(n.netdev, netdev) && n.host == host;
}

static bool newif(void)
{
	CASE(vale_name_check_newif("v0") == 0);
	CASE(vale_name_check_newif("abcdefghijklmno") == 0);
	CASE(vale_name_check_newif("abcdefghijklmnop") == -EINVAL);
	CASE(vale_name_check_newif("vale0") == -EINVAL);
	CASE(vale_name_check_newif("valve0") == 0);
	return true;
}

static bool pipe(const char *text, const char *base, const char *id, bool slave)
{
	struct vale_pipe_name p;

	return !vale_name_split_pipe(&p, text) && !strcmp(p.base, base) &&
	       !strcmp(p.id, id) && p.slave == slave;
}

static bool pipes(void)
{
	struct vale_pipe_name p;

	CASE(pipe("a{1", "a", "1", false));
	CASE(pipe("a}1", "a", "1", true));
	CASE(pipe("vale0:a{xyz", "vale0:a", "xyz", false));
	CASE(pipe("a{1{2", "a{1", "2", false));
	CASE(pipe("a}1}2", "a}1", "2", true));
	CASE(pipe("a{1}2", "a", "1}2", false));
	CASE(pipe("a}1{2", "a}1", "2", false));
	CASE(vale_name_split_pipe(&p, "{1") == -EINVAL);
	CASE(vale_name_split_pipe(&p, "}1") == -EINVAL);
	CASE(vale_name_split_pipe(&p, "a{") == -EINVAL);
	CASE(vale_name_split_pipe(&p, "a}") == -EINVAL);
	CASE(vale_name_split_pipe(&p, "{") == -EINVAL);
	return true;
}

bool vale_selftest_name(void)
{
	struct vale_name n;

	CASE(pipes());
	CASE(port("vale0:a", "vale0", "a", "a", false));
	CASE(port("vale:x", "vale", "x", "x", false));
	CASE(port("vale0:", "vale0", "", "", false));
	CASE(port("valeAB_9:x", "valeAB_9", "x", "x", false));
	CASE(port("vale012345678:x", "vale012345678", "x", "x", false));
	CASE(port("vale01234567890:x", "vale01234567890", "x", "x", false));
	CASE(port("vale0:a b", "vale0", "a b", "a b", false));
	CASE(port("vale0:a:b", "vale0", "a:b", "a:b", false));
	CASE(port("vale0:eth0^", "vale0", "eth0^", "eth0", true));
	CASE(port("vale0:^", "vale0", "^", "", true));
	CASE(port("vale0:abcdefghijklmno", "vale0", "abcdefghijklmno",
		  "abcdefghijklmno", false));
	CASE(port("vale0:abcdefghijklmno^", "vale0", "abcdefghijklmno^",
		  "abcdefghijklmno", true));

	CASE(kind("vale0", VALE_NAME_BAD));
	CASE(kind("vale-1:x", VALE_NAME_BAD));
	CASE(kind("vale 1:x", VALE_NAME_BAD));
	CASE(kind("vale012345678901:x", VALE_NAME_BAD));
	CASE(kind("vale0:abcdefghijklmnop", VALE_NAME_BAD));
	CASE(kind("vale0:abcdefghijklmnop^", VALE_NAME_BAD));
	CASE(kind("vale0:averyveryverylongname123", VALE_NAME_BAD));
	CASE(vale_name_parse(&n, "vale0", false) == -ENXIO);

	CASE(kind("", VALE_NAME_NETDEV));
	CASE(kind("eth0", VALE_NAME_NETDEV));
	CASE(kind("val", VALE_NAME_NETDEV));
	CASE(kind("valX:p", VALE_NAME_NETDEV));
	CASE(kind("valley0", VALE_NAME_NETDEV));
	CASE(kind("VALE0:x", VALE_NAME_NETDEV));
	CASE(kind("verylongvalename:x", VALE_NAME_NETDEV));
	CASE(kind("netmap:eth0", VALE_NAME_NETDEV));

	CASE(kind("p{1", VALE_NAME_PIPE));
	CASE(kind("vale0:a}1", VALE_NAME_PIPE));
	CASE(newif());
	return true;
}
