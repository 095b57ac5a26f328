// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns /dev/netmap: open, ioctl, mmap, poll, release. Only finds the binding
 * and hands on; takes no lock.
 */
#include "chardev.h"

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "confine.h"
#include "ctrl.h"
#include "handle.h"
#include "sync.h"

typedef int (*sync_fn)(struct vale_ring *ring, int flags);

static int chardev_open(struct inode *inode, struct file *file)
{
	struct vale_handle *h = kzalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return -ENOMEM;
	mutex_init(&h->lock);
	init_waitqueue_head(&h->kloop.wait);
	file->private_data = h;
	return 0;
}

static int chardev_release(struct inode *inode, struct file *file)
{
	struct vale_handle *h = file->private_data;

	vale_handle_unbind(h);
	vale_confine_drop(h);
	kfree(h);
	return 0;
}

/* Only then may slots of host rings be forwarded (SEMANTICS 4.5). */
static int has_all_tx(const struct vale_handle *h, const struct vale_port *port)
{
	const struct vale_ring_range *tx = &h->range[VALE_TX];

	return !tx->first && tx->last >= port->nrings[VALE_TX] ?
	       VALE_SYNC_ALL_TX : 0;
}

static long sync_all(struct vale_handle *h, int dir, sync_fn sync)
{
	struct vale_port *port = vale_handle_port(h);
	int flags;
	u32 i;

	if (!port)
		return -ENXIO;
	if (READ_ONCE(h->csb))
		return -EBUSY;
	if (READ_ONCE(port->dead))
		return -EIO;
	flags = VALE_SYNC_FORCE | has_all_tx(h, port);
	for (i = h->range[dir].first; i < h->range[dir].last; i++)
		sync(&port->ring[dir][i], flags);
	return 0;
}

static long chardev_ioctl(struct file *file, unsigned int cmd,
			  unsigned long arg)
{
	struct vale_handle *h = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case NIOCTXSYNC:
		return sync_all(h, VALE_TX, vale_ring_txsync);
	case NIOCRXSYNC:
		return sync_all(h, VALE_RX, vale_ring_rxsync);
	case NIOCCTRL:
		return user ? vale_ctrl(h, user) : -EINVAL;
	case NIOCREGIF:
		return user ? vale_legacy_regif(h, user) : -EINVAL;
	case NIOCGINFO:
		return user ? vale_legacy_ginfo(h, user) : -EINVAL;
	case NIOCCONFIG:
		return user ? vale_legacy_config(user) : -EINVAL;
	case VALE_IOC_CONFINE:
		return vale_confine(h, user);
	default:
		return -EOPNOTSUPP;
	}
}

static vm_fault_t region_fault(struct vm_fault *vmf)
{
	struct vale_handle *h = vmf->vma->vm_file->private_data;

	return vale_region_fault(h->port->region, vmf);
}

static const struct vm_operations_struct region_vm_ops = {
	.fault = region_fault,
};

static int chardev_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vale_port *port = vale_handle_port(file->private_data);
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	u64 length = vma->vm_end - vma->vm_start;

	if (!port || offset > port->region->size ||
	    length > port->region->size - offset)
		return -EINVAL;
	vma->vm_ops = &region_vm_ops;
	return vale_region_mmap(port->region, vma);
}

static void wait_on(struct file *file, struct vale_handle *h,
		    struct vale_port *port, int dir, poll_table *pt)
{
	u32 n = h->range[dir].last - h->range[dir].first;

	if (n == 1)
		poll_wait(file, &port->ring[dir][h->range[dir].first].wait, pt);
	else if (n)
		poll_wait(file, &port->wait[dir], pt);
}

static bool tx_pending(const struct vale_ring *ring)
{
	return READ_ONCE(ring->shared->head) != ring->pos.hwcur;
}

/* A program that looks for input only learns here what was sent. */
static bool tx_held(const struct vale_ring *ring)
{
	const struct vale_pos *pos = &ring->pos;

	return READ_ONCE(pos->hwtail) != vale_ring_prev(pos->hwcur, pos->n);
}

/*
 * TX rings with something to send, or with slots that the kernel has, are synced
 * whatever was asked for; others only until one is found that has room.
 */
static int poll_tx(struct vale_handle *h, struct vale_port *port, bool wanted)
{
	int found = 0;
	u32 i;

	if (!wanted && (h->flags & NR_NO_TX_POLL))
		return 0;
	for (i = h->range[VALE_TX].first; i < h->range[VALE_TX].last; i++) {
		struct vale_ring *ring = &port->ring[VALE_TX][i];
		bool look = wanted && !(found & VALE_SYNC_READY);

		if (look || tx_pending(ring) || tx_held(ring))
			found |= vale_ring_txsync(ring, 0);
	}
	return found;
}

/* What was forwarded goes out in the same call, NR_NO_TX_POLL or not. */
static int push_forwarded(struct vale_port *port)
{
	int found = 0;
	u32 i;

	for (i = 0; i < port->nrings[VALE_TX]; i++)
		if (tx_pending(&port->ring[VALE_TX][i]))
			found |= vale_ring_txsync(&port->ring[VALE_TX][i], 0);
	return found & VALE_SYNC_BAD;
}

static int poll_rx(struct vale_handle *h, struct vale_port *port)
{
	int flags = has_all_tx(h, port);
	int found = 0;
	u32 i;

	for (i = h->range[VALE_RX].first; i < h->range[VALE_RX].last; i++)
		found |= vale_ring_rxsync(&port->ring[VALE_RX][i], flags);
	if (found & VALE_SYNC_MOVED)
		found |= push_forwarded(port);
	return found;
}

static __poll_t chardev_poll(struct file *file, poll_table *pt)
{
	const __poll_t in = EPOLLIN | EPOLLRDNORM, out = EPOLLOUT | EPOLLWRNORM;
	struct vale_handle *h = file->private_data;
	struct vale_port *port = vale_handle_port(h);
	__poll_t wanted = poll_requested_events(pt), events = 0;
	int tx, rx = 0;

	if (!port)
		return EPOLLERR;
	/* Queue first, look then: a wake in between is not lost. */
	wait_on(file, h, port, VALE_RX, pt);
	wait_on(file, h, port, VALE_TX, pt);
	smp_mb(); /* (A) */
	if (READ_ONCE(port->dead) || READ_ONCE(h->csb))
		return EPOLLERR;
	tx = poll_tx(h, port, wanted & out);
	if (wanted & in || h->flags & NR_DO_RX_POLL)
		rx = poll_rx(h, port);
	if (tx & VALE_SYNC_READY)
		events |= wanted & out;
	if (rx & VALE_SYNC_READY)
		events |= wanted & in;
	if ((tx | rx) & VALE_SYNC_BAD)
		events |= EPOLLERR;
	/* net.core.busy_poll: the caller looks again rather than sleeps. */
	return events | (wanted & POLL_BUSY_LOOP);
}

static const struct file_operations chardev_fops = {
	.owner = THIS_MODULE,
	.open = chardev_open,
	.release = chardev_release,
	.unlocked_ioctl = chardev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = chardev_mmap,
	.poll = chardev_poll,
	.llseek = noop_llseek,
};

static struct miscdevice chardev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "netmap",
	.fops = &chardev_fops,
	.mode = 0600,
};

int vale_chardev_init(void)
{
	return misc_register(&chardev);
}

void vale_chardev_fini(void)
{
	misc_deregister(&chardev);
}
