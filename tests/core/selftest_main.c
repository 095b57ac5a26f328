// SPDX-License-Identifier: BSD-2-Clause
#include "selftest.h"

int main(void)
{
	return vale_selftest() ? 1 : 0;
}
