// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns a netdev's membership in a switch: which of its rings joined. No netmap
 * rings and no region are involved.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "attach.h"
#include "direct.h"

bool vale_attach_takes(const struct vale_attachment *att, int dir, u32 ring)
{
	const u64 *set = dir == VALE_TX ? att->set.tx : att->set.rx;

	return set[ring / 64] >> (ring % 64) & 1;
}

void vale_attach_receive(struct vale_attachment *att, u32 ring,
			 struct sk_buff *skb)
{
	struct vale_inlet *in = &att->inlet[VALE_RX][ring];

	if (!vale_direct_forward(in, skb))
		vale_inlet_put(in, skb);
}

/* The stack sends on a ring that the switch has taken. */
void vale_attach_intercept(struct vale_attachment *att, u32 ring,
			   struct sk_buff *skb)
{
	if (att->host)
		vale_inlet_put(&att->inlet[VALE_TX][ring], skb);
	else
		vale_inlet_drop(&att->nic->wire, skb, true,
				VALE_DROP_NOT_ATTACHED);
}

static void set_ring(u64 *set, u32 ring)
{
	set[ring / 64] |= 1ull << (ring % 64);
}

static void set_rings(u64 *set, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		set_ring(set, i);
}

/* The direction with fewer rings has ring 0 instead (SEMANTICS 3.1). */
static void set_one(u64 *set, u32 ring, u32 n)
{
	set_ring(set, ring < n ? ring : 0);
}

static int rings_by_mode(const struct vale_nic_attach *what,
			 const u32 *nrings, struct vale_ring_set *set)
{
	if (what->mode == NR_REG_ONE_NIC) {
		if (what->ringid >= max(nrings[VALE_TX], nrings[VALE_RX]))
			return -EINVAL;
		set_one(set->rx, what->ringid, nrings[VALE_RX]);
		set_one(set->tx, what->ringid, nrings[VALE_TX]);
	} else {
		if (what->ringid)
			return -EINVAL;
		set_rings(set->rx, nrings[VALE_RX]);
		set_rings(set->tx, nrings[VALE_TX]);
	}
	if (what->flags & NR_RX_RINGS_ONLY)
		memset(set->tx, 0, sizeof(set->tx));
	if (what->flags & NR_TX_RINGS_ONLY)
		memset(set->rx, 0, sizeof(set->rx));
	return 0;
}

static bool beyond(const u64 *set, u32 n)
{
	u32 i;

	for (i = n; i < VALE_NIC_RINGS_MAX; i++)
		if (set[i / 64] >> (i % 64) & 1)
			return true;
	return false;
}

static int choose_rings(const struct vale_nic_attach *what, const u32 *nrings,
			struct vale_ring_set *set)
{
	int err;

	if (what->mode != NR_REG_ALL_NIC && what->mode != NR_REG_NIC_SW &&
	    what->mode != NR_REG_ONE_NIC)
		return -EINVAL;
	if (what->set) {
		*set = *what->set;
	} else {
		err = rings_by_mode(what, nrings, set);
		if (err)
			return err;
	}
	if (beyond(set->rx, nrings[VALE_RX]) ||
	    beyond(set->tx, nrings[VALE_TX]))
		return -EINVAL;
	if (!memchr_inv(set, 0, sizeof(*set)))
		return -EINVAL;
	return 0;
}

static void list_tx_rings(struct vale_attachment *att)
{
	u32 i;

	for (i = 0; i < VALE_NIC_RINGS_MAX; i++)
		if (vale_attach_takes(att, VALE_TX, i))
			att->tx_ring[att->ntx++] = i;
}

static void free_attachment(struct vale_attachment *att)
{
	kvfree(att->inlet[VALE_RX]);
	kvfree(att->inlet[VALE_TX]);
	free_percpu(att->direct);
	kfree(att);
}

static int create_inlets(struct vale_attachment *att, int dir,
			 struct vale_member *m)
{
	u32 n = att->nic->port.nrings[dir];
	u32 i;

	att->inlet[dir] = kvcalloc(n, sizeof(struct vale_inlet), GFP_KERNEL);
	if (!att->inlet[dir])
		return -ENOMEM;
	att->ninlets[dir] = n;
	for (i = 0; i < n; i++)
		vale_inlet_init(&att->inlet[dir][i], m, i, dir == VALE_TX);
	return 0;
}

static int create_direct(struct vale_attachment *att)
{
	u32 n = att->ninlets[VALE_RX];
	u32 i;

	att->direct = vale_direct_alloc(n);
	if (!att->direct)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		att->inlet[VALE_RX][i].direct = att->direct + i;
	return 0;
}

static struct vale_attachment *
create_attachment(struct vale_nic *nic, const struct vale_nic_attach *what)
{
	struct vale_attachment *att = kzalloc(sizeof(*att), GFP_KERNEL);
	int err;

	if (!att)
		return ERR_PTR(-ENOMEM);
	att->nic = nic;
	att->host = what->host;
	err = choose_rings(what, nic->port.nrings, &att->set);
	if (!err)
		err = create_inlets(att, VALE_RX, &nic->wire);
	if (!err)
		err = create_inlets(att, VALE_TX, &nic->host);
	if (!err)
		err = create_direct(att);
	if (err) {
		free_attachment(att);
		return ERR_PTR(err);
	}
	list_tx_rings(att);
	return att;
}

static void describe(struct vale_nic *nic, struct net_device *dev,
		     const char *name)
{
	struct vale_member *wire = &nic->wire, *host = &nic->host;

	strscpy(wire->name, name, sizeof(wire->name));
	wire->kind = VALE_PORT_NIC;
	wire->ops = &vale_wire_ops;
	wire->port = &nic->port;
	wire->dev = dev;
	wire->link = vale_nic_running(nic, dev);
	snprintf(host->name, sizeof(host->name), "%s^", name);
	host->kind = VALE_PORT_HOST;
	host->ops = &vale_host_ops;
	host->port = &nic->port;
	host->dev = dev;
	host->link = nic->up;
}

static int join(struct vale_nic *nic)
{
	struct vale_net *vn = nic->port.vn;
	int err;

	err = vale_switch_join(vn, &nic->wire);
	if (err || !nic->att->host)
		return err;
	err = vale_switch_join(vn, &nic->host);
	if (err)
		vale_switch_leave(&nic->wire);
	return err;
}

static void leave(struct vale_nic *nic)
{
	if (nic->att->host)
		vale_switch_leave(&nic->host);
	vale_switch_leave(&nic->wire);
	nic->wire.dev = NULL;
	nic->host.dev = NULL;
}

/* Nothing comes in any more. */
static void stop_inlets(struct vale_attachment *att)
{
	int dir;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++)
		for (i = 0; i < att->ninlets[dir]; i++)
			vale_inlet_stop(&att->inlet[dir][i]);
}

/* On the switch first: once hooked, frames may come. */
static int connect(struct vale_nic *nic, struct net_device *dev)
{
	struct vale_attachment *att = nic->att;
	int err;

	err = join(nic);
	if (err)
		return err;
	err = vale_hook_install(nic, dev);
	if (err) {
		leave(nic);
		return err;
	}
	if (att->ntx && (att->host || !vale_dev_is_tun(dev)))
		vale_hook_intercept(nic, dev, true);
	return 0;
}

/* Takes over the caller's reference to nic on success. */
static int attach(struct vale_nic *nic, struct net_device *dev,
		  const struct vale_nic_attach *what)
{
	struct vale_attachment *att;
	int err;

	if (vale_port_in_use(&nic->port) || nic->port.kernel_owned)
		return -EBUSY;
	/* What enters lo comes back: it would loop through the switch. */
	if (dev->flags & IFF_LOOPBACK)
		return -EINVAL;
	vale_nic_config(&nic->port);
	att = create_attachment(nic, what);
	if (IS_ERR(att))
		return PTR_ERR(att);
	describe(nic, dev, what->name);
	nic->att = att;
	err = connect(nic, dev);
	if (err) {
		nic->att = NULL;
		free_attachment(att);
		return err;
	}
	nic->port.kernel_owned = true;
	__module_get(THIS_MODULE);
	return 0;
}

int vale_nic_attach(struct vale_net *vn, struct net_device *dev,
		    const struct vale_nic_attach *what, u32 *index)
{
	struct vale_nic *nic;
	int err;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	nic = vale_nic_get_dev(vn, dev);
	if (IS_ERR(nic))
		return PTR_ERR(nic);
	err = attach(nic, dev, what);
	if (err) {
		vale_port_put(&nic->port);
		return err;
	}
	*index = nic->wire.index;
	return 0;
}

void vale_attach_undo(struct vale_nic *nic)
{
	struct vale_attachment *att = nic->att;

	vale_hook_remove(nic, vale_nic_dev(nic));
	vale_polling_stop(att);
	stop_inlets(att);
	leave(nic);
	nic->att = NULL;
	nic->port.kernel_owned = false;
	free_attachment(att);
	vale_port_put(&nic->port);
	module_put(THIS_MODULE);
}

int vale_nic_detach(struct vale_net *vn, struct vale_member *m, u32 *index)
{
	struct vale_nic *nic;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	/* The host side goes with the wire side. */
	if (m->kind != VALE_PORT_NIC)
		return -EINVAL;
	nic = container_of(m, struct vale_nic, wire);
	if (nic->att->npollers)
		return -EBUSY;
	*index = m->index;
	vale_attach_undo(nic);
	return 0;
}
