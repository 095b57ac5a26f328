/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Differences between kernel versions, and the only place that knows the
 * version. Force-included into every file of the module; the sources are
 * written for the newest kernel.
 */
#ifndef VALE_COMPAT_H
#define VALE_COMPAT_H

#include <linux/version.h>

#ifndef pr_fmt
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#endif

#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/netdevice.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *),
	      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/*
 * For ethtool operations called under RTNL: since 6.15 some drivers want their
 * own lock held too. Only tried for, because the notifiers that run under it
 * take locks of ours.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#include <net/netdev_lock.h>

static inline bool vale_ethtool_trylock(struct net_device *dev)
{
	return !netdev_need_ops_lock(dev) || netdev_trylock(dev);
}

static inline void vale_ethtool_unlock(struct net_device *dev)
{
	netdev_unlock_ops(dev);
}
#else
static inline bool vale_ethtool_trylock(struct net_device *dev)
{
	return true;
}

static inline void vale_ethtool_unlock(struct net_device *dev)
{
}
#endif

/* What used to be feature bits became bits of the netdev in 6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
static inline void vale_netdev_set_lltx(struct net_device *dev)
{
	dev->lltx = true;
}

static inline bool vale_netdev_is_lltx(const struct net_device *dev)
{
	return dev->lltx;
}
#else
static inline void vale_netdev_set_lltx(struct net_device *dev)
{
	dev->features |= NETIF_F_LLTX;
}

static inline bool vale_netdev_is_lltx(const struct net_device *dev)
{
	return dev->features & NETIF_F_LLTX;
}
#endif

/* A feature bit, then netns_local, then renamed: by 6.15, and in 6.12 stable. */
#if defined(VALE_HAVE_NETNS_IMMUTABLE)
static inline void vale_netdev_pin_netns(struct net_device *dev)
{
	dev->netns_immutable = true;
}
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
static inline void vale_netdev_pin_netns(struct net_device *dev)
{
	dev->netns_local = true;
}
#else
static inline void vale_netdev_pin_netns(struct net_device *dev)
{
	dev->features |= NETIF_F_NETNS_LOCAL;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
static inline void vale_txq_trans_update(struct net_device *dev,
					 struct netdev_queue *txq)
{
	txq_trans_update(txq);
}
#else
static inline void vale_txq_trans_update(struct net_device *dev,
					 struct netdev_queue *txq)
{
	txq_trans_update(dev, txq);
}
#endif

/* Would filters of its own see what a netdev receives? */
static inline bool vale_dev_filters(const struct net_device *dev)
{
#ifdef CONFIG_NETFILTER_INGRESS
	if (rcu_access_pointer(dev->nf_hooks_ingress))
		return true;
#endif
#if defined(CONFIG_NET_XGRESS)
	return rcu_access_pointer(dev->tcx_ingress);
#elif defined(CONFIG_NET_CLS_ACT) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	return rcu_access_pointer(dev->miniq_ingress);
#else
	return false;
#endif
}

/* What a veth sent, and so its peer received, as its driver counts it. */
#if defined(VALE_HAVE_PCPU_STAT_TYPE)
static inline bool vale_veth_has_tstats(const struct net_device *dev)
{
	return dev->pcpu_stat_type == NETDEV_PCPU_STAT_TSTATS;
}
#else
static inline bool vale_veth_has_tstats(const struct net_device *dev)
{
	return false;
}
#endif

static inline void vale_veth_count(struct net_device *dev, u64 packets,
				   u64 bytes)
{
	struct pcpu_lstats *lstats;

	if (vale_veth_has_tstats(dev)) {
		dev_sw_netstats_tx_add(dev, packets, bytes);
		return;
	}
	lstats = this_cpu_ptr(dev->lstats);
	u64_stats_update_begin(&lstats->syncp);
	u64_stats_add(&lstats->bytes, bytes);
	u64_stats_add(&lstats->packets, packets);
	u64_stats_update_end(&lstats->syncp);
}

/* A callback until 6.10. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
struct ubuf_info_ops {
	void (*complete)(struct sk_buff *skb, struct ubuf_info *ubuf, bool ok);
};

static inline void vale_ubuf_set_ops(struct ubuf_info *ubuf,
				     const struct ubuf_info_ops *ops)
{
	ubuf->callback = ops->complete;
}
#else
static inline void vale_ubuf_set_ops(struct ubuf_info *ubuf,
				     const struct ubuf_info_ops *ops)
{
	ubuf->ops = ops;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define vale_eventfd_signal(ctx) eventfd_signal(ctx, 1)
#else
#define vale_eventfd_signal(ctx) eventfd_signal(ctx)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define genl_info_dump(cb) genl_dumpit_info(cb)
#endif

/* Before 6.2 the text is static: the object is known by the blamed attribute. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define vale_extack_about(extack, object, why) do {	\
	if (extack)					\
		(extack)->_msg = (why);			\
} while (0)
#else
#define vale_extack_about(extack, object, why) \
	NL_SET_ERR_MSG_FMT(extack, "%s: %s", object, why)
#endif

#endif /* VALE_COMPAT_H */
