/* SPDX-License-Identifier: BSD-2-Clause */
/* libnetmap as programs of its age use it; compiled in the dialects of old_program.c, and never run. */
#include <stdio.h>
#include <libnetmap.h>
#include <net/netmap_user.h>

static void complain(struct nmctx *ctx, const char *msg)
{
	(void)ctx;
	fprintf(stderr, "my own: %s\n", msg);
}

int main(int argc, char **argv)
{
	struct nmport_d *d;
	struct nmreq_option *o;
	unsigned int i, n = 0;

	nmctx_get()->error = complain;
	d = nmport_prepare(argc > 1 ? argv[1] : "vale0:x");
	if (d == NULL)
		return 1;
	d->reg.nr_flags |= NR_NO_TX_POLL;
	nmreq_foreach_option(&d->hdr, o)
		n += o->nro_reqtype;
	if (nmport_open_desc(d) < 0)
		return 1;
	for (i = d->first_rx_ring; i <= d->last_rx_ring; i++)
		n += nm_ring_space(NETMAP_RXRING(d->nifp, i));
	if (nmport_inject(d, "x", 1) != 1)
		n = 0;
	nmport_close(d);
	return n != 0;
}
