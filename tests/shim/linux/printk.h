/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <stdio.h>

#define pr_err(...) fprintf(stderr, __VA_ARGS__)
#define pr_info(...) printf(__VA_ARGS__)
