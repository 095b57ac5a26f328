// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns pipes: two ports, made together in their parent's region and freed when
 * nobody has either open. They hold their parent, which is made for them if it
 * is missing. All but the syncs run under RTNL and vn->lock; the syncs of both
 * ends of a ring share nothing but the two positions in struct link.
 */
#include "pipe.h"

#include <linux/slab.h>

#include "core/name.h"
#include "core/pipe.h"
#include "core/req.h"

enum { MASTER, SLAVE, ENDS };

/* A TX ring and the RX ring it is joined with; ring->adapter of both. */
struct link {
	struct vale_ring *tx;
	struct vale_ring *rx;
	u32 shown ____cacheline_aligned_in_smp;	/* written by the TX sync */
	u32 released ____cacheline_aligned_in_smp;	/* by the RX sync */
};

struct end {
	struct vale_port port;
	struct vale_pipe *pipe;
	struct link *links;		/* of its TX rings */
};

struct vale_pipe {
	struct end end[ENDS];
	refcount_t refs;		/* ends that somebody refers to */
	struct vale_port *parent;	/* NULL: not joined to one */
	struct list_head list;		/* parent->pipes */
	const char *id;			/* in the master's name */
};

static struct vale_pipe *pipe_of(struct vale_port *port)
{
	return container_of(port, struct end, port)->pipe;
}

static int txsync(struct vale_ring *ring, int flags)
{
	struct link *link = ring->adapter;
	struct vale_pos *pos = &ring->pos;
	u32 shown = link->shown;
	u32 released;

	if (pos->hwcur != pos->head) {
		shown = vale_pipe_send(ring->shared->slot,
				       link->rx->shared->slot, pos->n,
				       pos->hwcur, pos->head, shown);
		pos->hwcur = pos->head;
	}
	/* (G) the slots returned; partner: the store in rxsync. */
	released = smp_load_acquire(&link->released);
	pos->hwtail = vale_ring_prev(released, pos->n);
	if (shown == link->shown)
		return 0;
	/* (H) the slots sent; partner: the load in rxsync. */
	smp_store_release(&link->shown, shown);
	vale_ring_wake(link->rx);
	return 0;
}

static int rxsync(struct vale_ring *ring, int flags)
{
	struct link *link = ring->adapter;
	struct vale_pos *pos = &ring->pos;

	if (pos->hwcur != pos->head) {
		vale_pipe_return(link->tx->shared->slot, ring->shared->slot,
				 pos->n, pos->hwcur, pos->head);
		pos->hwcur = pos->head;
		smp_store_release(&link->released, pos->hwcur); /* (G) */
		vale_ring_wake(link->tx);
	}
	pos->hwtail = smp_load_acquire(&link->shown); /* (H) */
	return 0;
}

/* What is in flight goes back to the sender's slots, to be freed once. */
static void destroy_link(struct link *link)
{
	struct vale_ring *tx = link->tx, *rx = link->rx;

	if (tx->shared && rx->shared)
		vale_pipe_return(tx->shared->slot, rx->shared->slot, tx->pos.n,
				 rx->pos.hwcur, tx->pos.hwcur);
	if (tx->shared)
		vale_ring_destroy(tx);
	if (rx->shared)
		vale_ring_destroy(rx);
}

static void destroy_links(struct end *end)
{
	u32 i;

	for (i = 0; i < end->port.nrings[VALE_TX]; i++)
		destroy_link(&end->links[i]);
}

static int create_link(struct link *link, struct vale_ring *tx,
		       struct vale_ring *rx)
{
	int err;

	tx->adapter = link;
	rx->adapter = link;
	tx->kept = true;
	rx->kept = true;
	rx->borrows = true;
	link->tx = tx;
	link->rx = rx;
	err = vale_ring_create(tx);
	return err ?: vale_ring_create(rx);
}

static int create_links(struct end *from, struct end *to)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < from->port.nrings[VALE_TX]; i++)
		err = create_link(&from->links[i], &from->port.ring[VALE_TX][i],
				  &to->port.ring[VALE_RX][i]);
	if (!err)
		return 0;
	while (i--)
		destroy_link(&from->links[i]);
	return err;
}

static void destroy(struct vale_port *port)
{
	struct vale_pipe *pipe = pipe_of(port);
	int e;

	if (!refcount_dec_and_test(&pipe->refs))
		return;
	for (e = 0; e < ENDS; e++) {
		if (pipe->end[e].port.region)
			vale_region_put(pipe->end[e].port.region);
		kvfree(pipe->end[e].links);
	}
	kfree(pipe);
}

static void put_ends(struct vale_pipe *pipe)
{
	vale_port_put(&pipe->end[MASTER].port);
	vale_port_put(&pipe->end[SLAVE].port);
}

/* The pipe itself held it. */
static void unhold_end(struct end *end)
{
	end->port.holds--;
	vale_port_deactivate(&end->port);
}

/* Nobody has an end open, and no pipe has one as its parent. */
static void dissolve(struct vale_pipe *pipe)
{
	struct vale_port *parent = pipe->parent;

	list_del(&pipe->list);
	destroy_links(&pipe->end[MASTER]);
	destroy_links(&pipe->end[SLAVE]);
	unhold_end(&pipe->end[MASTER]);
	unhold_end(&pipe->end[SLAVE]);
	pipe->parent = NULL;
	put_ends(pipe);
	vale_port_unhold(parent);
	vale_port_put(parent);
}

static bool in_use(const struct end *end)
{
	return end->port.users || end->port.holds > 1;
}

static void left(struct vale_port *port)
{
	struct vale_pipe *pipe = pipe_of(port);

	if (pipe->parent && !in_use(&pipe->end[MASTER]) &&
	    !in_use(&pipe->end[SLAVE]))
		dissolve(pipe);
}

/* The root of its parents may be a netdev: RTNL. */
static const struct vale_port_ops pipe_ops = {
	.kind = "pipe",
	.needs_rtnl = true,
	.left = left,
	.txsync = txsync,
	.rxsync = rxsync,
	.destroy = destroy,
};

/* A crossover: what the request says is the master's. */
static int setup_end(struct vale_pipe *pipe, int e,
		     const struct vale_pipe_name *name, struct vale_port *parent,
		     const struct nmreq_register *reg)
{
	struct vale_port *port = &pipe->end[e].port;
	int tx = e == MASTER ? VALE_TX : VALE_RX;

	vale_port_init(port, &pipe_ops, parent->vn, name->base);
	pipe->end[e].pipe = pipe;
	if (snprintf(port->name, sizeof(port->name), "%s%c%s", name->base,
		     e == MASTER ? '{' : '}', name->id) >= sizeof(port->name))
		return -ENAMETOOLONG;
	port->nrings[tx] = reg->nr_tx_rings;
	port->nrings[!tx] = reg->nr_rx_rings;
	port->nslots[tx] = reg->nr_tx_slots;
	port->nslots[!tx] = reg->nr_rx_slots;
	pipe->end[e].links = kvcalloc(port->nrings[VALE_TX],
				      sizeof(struct link), GFP_KERNEL);
	return pipe->end[e].links ? 0 : -ENOMEM;
}

/* Not joined to its parent yet, and without memory. Clamps reg. */
static struct vale_pipe *alloc_pipe(struct vale_port *parent,
				    const struct vale_pipe_name *name,
				    struct nmreq_register *reg)
{
	struct vale_pipe *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);
	int e, err = 0;

	if (!pipe)
		return ERR_PTR(-ENOMEM);
	vale_req_clamp_pipe(reg, parent->nslots[VALE_TX],
			    parent->nslots[VALE_RX]);
	refcount_set(&pipe->refs, ENDS);
	for (e = 0; e < ENDS; e++)
		err = setup_end(pipe, e, name, parent, reg) ?: err;
	pipe->id = pipe->end[MASTER].port.name + strlen(name->base) + 1;
	if (!err)
		return pipe;
	put_ends(pipe);
	return ERR_PTR(err);
}

static void share_region(struct vale_pipe *pipe, struct vale_region *region)
{
	int e;

	for (e = 0; region && e < ENDS; e++) {
		kref_get(&region->ref);
		pipe->end[e].port.region = region;
	}
}

static int create_rings(struct vale_pipe *pipe,
			const struct nmreq_register *reg)
{
	struct end *master = &pipe->end[MASTER], *slave = &pipe->end[SLAVE];
	int err;

	err = vale_port_hold(&master->port, reg);
	if (err)
		return err;
	err = vale_port_hold(&slave->port, reg);
	if (err)
		goto err_unhold_master;
	err = create_links(master, slave);
	if (err)
		goto err_unhold_slave;
	err = create_links(slave, master);
	if (err)
		goto err_destroy_links;
	return 0;

err_destroy_links:
	destroy_links(master);
err_unhold_slave:
	unhold_end(slave);
err_unhold_master:
	unhold_end(master);
	return err;
}

/* Both ends' memory, in that of the parent, which is held. */
static int join(struct vale_pipe *pipe, struct vale_port *parent,
		const struct nmreq_register *reg)
{
	int err;

	err = vale_port_hold(parent, reg);
	if (err)
		return err;
	share_region(pipe, parent->region);
	err = create_rings(pipe, reg);
	if (err) {
		vale_port_unhold(parent);
		return err;
	}
	vale_port_get(parent);
	pipe->parent = parent;
	list_add_tail(&pipe->list, &parent->pipes);
	return 0;
}

static struct vale_port *get_end(struct vale_pipe *pipe, bool slave)
{
	struct vale_port *port = &pipe->end[slave ? SLAVE : MASTER].port;

	vale_port_get(port);
	return port;
}

struct vale_port *vale_pipe_find(struct vale_port *parent,
				 const struct vale_pipe_name *name)
{
	struct vale_pipe *pipe;

	lockdep_assert_held(&parent->vn->lock);
	list_for_each_entry(pipe, &parent->pipes, list)
		if (!strcmp(pipe->id, name->id))
			return get_end(pipe, name->slave);
	return NULL;
}

struct vale_port *vale_pipe_create(struct vale_port *parent,
				   const struct vale_pipe_name *name,
				   struct nmreq_register *reg)
{
	struct vale_pipe *pipe = alloc_pipe(parent, name, reg);
	int err;

	if (IS_ERR(pipe))
		return ERR_CAST(pipe);
	err = join(pipe, parent, reg);
	if (err) {
		put_ends(pipe);
		return ERR_PTR(err);
	}
	return get_end(pipe, name->slave);
}

struct vale_port *vale_pipe_preview(struct vale_port *parent,
				    const struct vale_pipe_name *name,
				    struct nmreq_register *reg)
{
	struct vale_pipe *pipe = alloc_pipe(parent, name, reg);
	struct vale_port *port;

	if (IS_ERR(pipe))
		return ERR_CAST(pipe);
	share_region(pipe, parent->region);
	port = get_end(pipe, name->slave);
	put_ends(pipe);
	return port;
}
