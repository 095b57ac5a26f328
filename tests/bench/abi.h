/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Commands of switchbench. */
int monitor_rows(char **args);
int kloop_rows(char **args);
int header_rows(char **args);
