// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Brings about for one netdev what otherwise takes the whole machine or a
 * broken device: its device is suspended and resumed as the PM core would, and
 * its driver is told of a transmit timeout as dev_watchdog() would. Parameters
 * to write to, a name and a number; the write fails as the driver does:
 *
 *	suspend		milliseconds until it is resumed, if no signal comes
 *	tx_timeout	queue
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pm_runtime.h>

#include "nicevents_compat.h"

/* Its name, and who does it for d. */
#define PHASE(name) #name, d->bus->pm->name ?: d->driver->pm->name

static int run(struct device *d, const char *name,
	       int (*phase)(struct device *d))
{
	int err = phase ? min(phase(d), 0) : 0;

	if (err)
		dev_err(d, "%s: error %d\n", name, err);
	return err;
}

static int run_locked(struct device *d, const char *name,
		      int (*phase)(struct device *d))
{
	int err;

	device_lock(d);
	err = run(d, name, phase);
	device_unlock(d);
	return err;
}

/* Of a virtio device the transport's: it suspends the driver of both. */
static struct device *find_sleeper(struct net_device *dev)
{
	struct device *d = dev->dev.parent;

	while (d && !(d->bus && d->bus->pm))
		d = d->parent;
	return d && d->driver && d->driver->pm ? d : NULL;
}

/* What cannot sleep wakes what sleeps already; the first error counts. */
static int sleep_and_wake(struct device *d, struct net_device *dev,
			  unsigned int ms)
{
	int err, woken;

	err = run_locked(d, PHASE(suspend));
	if (err)
		return err;
	if (netif_device_present(dev)) {
		dev_err(d, "suspended, but its netdev is not detached\n");
		err = -EIO;
	}
	pm_runtime_disable(d);
	err = err ?: run(d, PHASE(suspend_late));
	if (err)
		goto resume;
	err = run(d, PHASE(suspend_noirq));
	if (err)
		goto resume_early;
	msleep_interruptible(ms);
	err = run(d, PHASE(resume_noirq));
resume_early:
	woken = run(d, PHASE(resume_early));
	err = err ?: woken;
resume:
	pm_runtime_enable(d);
	woken = run_locked(d, PHASE(resume));
	return err ?: woken;
}

static int suspend(struct net_device *dev, unsigned int ms)
{
	struct device *d = find_sleeper(dev);
	int err;

	if (!d)
		return -EOPNOTSUPP;
	/* Drivers need not detach one that is down. */
	if (!netif_running(dev))
		return -ENETDOWN;
	pm_runtime_get_sync(d);
	nicevents_must_resume(d);
	err = run_locked(d, PHASE(prepare)) ?: sleep_and_wake(d, dev, ms);
	device_lock(d);
	if (d->bus->pm->complete)
		d->bus->pm->complete(d);
	device_unlock(d);
	pm_runtime_put(d);
	return err;
}

static int time_out(struct net_device *dev, unsigned int queue)
{
	int err = -ENETDOWN;

	if (queue >= dev->num_tx_queues)
		return -EINVAL;
	netif_tx_lock_bh(dev);
	if (!dev->netdev_ops->ndo_tx_timeout) {
		err = -EOPNOTSUPP;
	} else if (netif_device_present(dev) && netif_running(dev) &&
		   netif_carrier_ok(dev)) {
		atomic_long_inc(&netdev_get_tx_queue(dev, queue)->trans_timeout);
		dev->netdev_ops->ndo_tx_timeout(dev, queue);
		err = 0;
	}
	netif_tx_unlock_bh(dev);
	return err;
}

static int set_event(const char *text, const struct kernel_param *param)
{
	int (*event)(struct net_device *dev, unsigned int number) = param->arg;
	char name[IFNAMSIZ];
	struct net_device *dev;
	unsigned int number;
	int err;

	if (sscanf(text, "%15s %u", name, &number) != 2)
		return -EINVAL;
	dev = dev_get_by_name(&init_net, name);
	if (!dev)
		return -ENODEV;
	err = event(dev, number);
	dev_put(dev);
	return err;
}

static const struct kernel_param_ops event_ops = { .set = set_event };

module_param_cb(suspend, &event_ops, suspend, 0200);
module_param_cb(tx_timeout, &event_ops, time_out, 0200);

MODULE_DESCRIPTION("Suspend and transmit timeout of one netdev, for tests");
MODULE_LICENSE("Dual BSD/GPL");
