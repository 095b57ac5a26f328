// SPDX-License-Identifier: BSD-2-Clause
#include <boost/json/src.hpp>
