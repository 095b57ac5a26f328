// SPDX-License-Identifier: BSD-2-Clause
#include <boost/asio/impl/src.hpp>
