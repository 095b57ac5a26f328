// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns null ports: rings that nothing moves, for a program that wants a
 * netmap_if, rings and buffers in somebody's region. Each registration makes
 * its own, which nobody else can find.
 */
#include <linux/slab.h>

#include "core/req.h"
#include "lookup.h"

static int sync_nothing(struct vale_ring *ring, int flags)
{
	return 0;
}

static int release_all(struct vale_ring *ring, int flags)
{
	ring->pos.hwcur = ring->pos.head;
	return 0;
}

static void destroy(struct vale_port *port)
{
	vale_region_put(port->region);
	kfree(port);
}

static const struct vale_port_ops null_ops = {
	.kind = "null",
	.txsync = sync_nothing,
	.rxsync = release_all,
	.destroy = destroy,
};

static bool is_null(const struct vale_lookup *l)
{
	return l->reg->nr_mode == NR_REG_NULL;
}

static int check(const struct vale_lookup *l)
{
	return l->reg->nr_mem_id ? vale_req_check_null(l->reg) : -EINVAL;
}

static struct vale_port *make(struct vale_lookup *l, bool preview)
{
	const struct nmreq_register *reg = l->reg;
	struct vale_region *region;
	struct vale_port *port;

	region = vale_region_get(reg->nr_mem_id);
	if (IS_ERR(region))
		return ERR_CAST(region);
	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port) {
		vale_region_put(region);
		return ERR_PTR(-ENOMEM);
	}
	vale_port_init(port, &null_ops, l->vn, l->text);
	port->region = region;
	port->nrings[VALE_TX] = reg->nr_tx_rings;
	port->nrings[VALE_RX] = reg->nr_rx_rings;
	port->nslots[VALE_TX] = reg->nr_tx_slots;
	port->nslots[VALE_RX] = reg->nr_rx_slots;
	return port;
}

const struct vale_kind vale_null_kind = {
	.match = is_null,
	.check = check,
	.make = make,
};
