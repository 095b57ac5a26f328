// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns monitors as ports: which port is observed, how the monitor looks, what
 * becomes of it when the observed port is closed. Each registration makes its
 * own, which nobody else can find.
 */
#include <linux/slab.h>

#include "core/req.h"
#include "lookup.h"
#include "monitor.h"

#define MONITOR_FLAGS (NR_MONITOR_TX | NR_MONITOR_RX | NR_ZCOPY_MON)

static int rxsync(struct vale_ring *ring, int flags)
{
	struct vale_monitor *m = vale_monitor_of(ring->port);
	bool orphan = READ_ONCE(m->orphan);

	if (!orphan && !m->zero_copy)
		vale_monitor_sync_observed(ring);
	/* (R) what was read from slots and done to them */
	smp_store_release(&ring->pos.hwcur, ring->pos.head);
	if (!orphan)
		ring->pos.hwtail = vale_lease_published(&ring->lease);
	return orphan ? -EINVAL : 0;
}

/* There is nothing to send on. */
static int txsync(struct vale_ring *ring, int flags)
{
	return -EINVAL;
}

static int start(struct vale_port *port)
{
	return vale_monitor_tap(vale_monitor_of(port));
}

static void forget_observed(struct vale_monitor *m)
{
	list_del(&m->list);
	vale_port_put(m->observed);
	m->observed = NULL;
}

static void idle(struct vale_port *port)
{
	struct vale_monitor *m = vale_monitor_of(port);

	if (m->observed) {
		vale_monitor_untap(m);
		forget_observed(m);
	}
	vale_net_quiesce();
}

void vale_monitor_orphan(struct vale_port *port)
{
	struct vale_monitor *m, *next;

	lockdep_assert_held(&port->vn->lock);
	list_for_each_entry_safe(m, next, &port->monitors, list) {
		vale_monitor_untap(m);
		forget_observed(m);
		WRITE_ONCE(m->orphan, true);
		vale_port_wake(&m->port);
	}
}

static void destroy(struct vale_port *port)
{
	struct vale_monitor *m = vale_monitor_of(port);

	if (port->region)
		vale_region_put(port->region);
	kfree(m->taps);
	kfree(m);
}

static const struct vale_port_ops monitor_ops = {
	.kind = "monitor",
	.start = start,
	.idle = idle,
	.txsync = txsync,
	.rxsync = rxsync,
	.destroy = destroy,
};

bool vale_port_is_monitor(const struct vale_port *port)
{
	return port->ops == &monitor_ops;
}

static bool is_monitor(const struct vale_lookup *l)
{
	return l->reg->nr_flags & MONITOR_FLAGS;
}

/* In netmap mode, with a reference. */
static struct vale_port *find_observed(const struct vale_lookup *l)
{
	struct nmreq_register reg = { .nr_mode = NR_REG_ALL_NIC };
	struct vale_lookup base;
	struct vale_port *port;
	int err;

	err = vale_lookup_init(&base, l->vn, l->text, &reg);
	if (err)
		return ERR_PTR(err);
	port = vale_lookup_find(&base);
	if (IS_ERR(port) || port->users)
		return port;
	/* What a switch drives has no rings to look at. */
	err = port->kernel_owned ? -EOPNOTSUPP : -EINVAL;
	vale_port_release(port);
	return ERR_PTR(err);
}

static struct vale_region *choose_region(const struct vale_monitor *m)
{
	const struct vale_port *port = &m->port;
	const struct vale_layout_need need = {
		.tx_rings = port->nrings[VALE_TX],
		.rx_rings = port->nrings[VALE_RX],
		.tx_slots = port->nslots[VALE_TX],
		.rx_slots = port->nslots[VALE_RX],
	};

	if (!m->zero_copy)
		return vale_region_create_private(&need);
	kref_get(&m->observed->region->ref);
	return m->observed->region;
}

/* An RX ring for each pair of the observed port's rings. */
static void set_numbers(struct vale_port *port, const struct vale_port *observed,
			const struct nmreq_register *reg)
{
	u32 host = observed->nhost[VALE_RX] ? 1 : 0;

	port->nrings[VALE_TX] = 1;
	port->nrings[VALE_RX] = max(observed->nrings[VALE_TX],
				    observed->nrings[VALE_RX]);
	port->nhost[VALE_TX] = host;
	port->nhost[VALE_RX] = host;
	port->nslots[VALE_TX] = vale_req_slots(reg->nr_tx_slots,
					       observed->nslots[VALE_TX]);
	port->nslots[VALE_RX] = vale_req_slots(reg->nr_rx_slots,
					       observed->nslots[VALE_RX]);
}

static struct list_head *alloc_taps(u32 n)
{
	struct list_head *taps = kcalloc(n, sizeof(*taps), GFP_KERNEL);
	u32 i;

	for (i = 0; taps && i < n; i++)
		INIT_LIST_HEAD(&taps[i]);
	return taps;
}

/* Takes over the reference to observed, on failure too. */
static struct vale_monitor *create(struct vale_lookup *l,
				   struct vale_port *observed)
{
	struct vale_monitor *m = kzalloc(sizeof(*m), GFP_KERNEL);
	struct vale_region *region;

	if (!m) {
		vale_port_put(observed);
		return ERR_PTR(-ENOMEM);
	}
	vale_port_init(&m->port, &monitor_ops, l->vn, l->text);
	m->observed = observed;
	list_add_tail(&m->list, &observed->monitors);
	m->directions = l->reg->nr_flags;
	m->zero_copy = l->reg->nr_flags & NR_ZCOPY_MON;
	m->port.no_offsets = m->zero_copy;
	set_numbers(&m->port, observed, l->reg);
	m->taps = alloc_taps(vale_port_rings(&m->port, VALE_RX));
	region = m->taps ? choose_region(m) : ERR_PTR(-ENOMEM);
	if (IS_ERR(region)) {
		forget_observed(m);
		vale_port_put(&m->port);
		return ERR_CAST(region);
	}
	m->port.region = region;
	return m;
}

static struct vale_port *make(struct vale_lookup *l, bool preview)
{
	struct vale_port *observed = find_observed(l);
	struct vale_monitor *m;

	if (IS_ERR(observed))
		return observed;
	if (l->reg->nr_flags & NR_ZCOPY_MON)
		l->reg->nr_flags |= NR_MONITOR_TX | NR_MONITOR_RX;
	m = create(l, observed);
	return IS_ERR(m) ? ERR_CAST(m) : &m->port;
}

/* What is observed may be a netdev: RTNL. */
const struct vale_kind vale_monitor_kind = {
	.match = is_monitor,
	.needs_rtnl = true,
	.make = make,
};
