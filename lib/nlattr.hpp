// SPDX-License-Identifier: BSD-2-Clause
// Walks over netlink attributes (libmnl's macros are C only). A malformed attribute ends the walk.
#pragma once

#include <libmnl/libmnl.h>

#include <cstddef>

namespace vale {

template <class Visit>
void for_each_attr_in(const void* start, std::size_t length, Visit visit) {
  const auto* at = static_cast<const std::byte*>(start);
  while (length >= sizeof(nlattr)) {
    const auto* attr = reinterpret_cast<const nlattr*>(at);
    const std::size_t size = attr->nla_len;
    if (size < sizeof(nlattr) || size > length) return;
    visit(attr);
    const std::size_t step = (size + MNL_ALIGNTO - 1) & ~std::size_t{MNL_ALIGNTO - 1};
    if (step >= length) return;
    at += step;
    length -= step;
  }
}

/// Attributes behind a fixed part of @p skip bytes of the message's payload.
template <class Visit>
void for_each_attr(const nlmsghdr* message, std::size_t skip, Visit visit) {
  const std::size_t length = mnl_nlmsg_get_payload_len(message);
  if (length < skip) return;
  for_each_attr_in(static_cast<const std::byte*>(mnl_nlmsg_get_payload(message)) + skip,
                   length - skip, visit);
}

template <class Visit>
void for_each_nested(const nlattr* nest, Visit visit) {
  for_each_attr_in(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest), visit);
}

}  // namespace vale
