/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Commands of switchbench. */
int memory_figures(char **args);
int lifetime_figures(char **args);
int smp_figures(char **args);
int latency_figures(char **args);
int wakeup_figures(char **args);
int whole_rows(char **args);
int apart_rows(char **args);
int pipe_ends_rows(char **args);
int ends_rows(char **args);
int scale_points(char **args);
int spaced_rows(char **args);
int endless(char **args);
