/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Commands of switchbench. */
int memory_figures(char **args);
int lifetime_figures(char **args);
int smp_figures(char **args);
int scale_points(char **args);
