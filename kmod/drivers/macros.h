/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What spatch cannot read in drivers: it would take the argument for a type. */
#define __free(function)
