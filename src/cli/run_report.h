/* What the program does with one network. */
#ifndef CNN_CLI_RUN_REPORT_H
#define CNN_CLI_RUN_REPORT_H

#include "options.h"

/* Reads the network that the options name, answers what they ask, and returns the exit status. */
int run_report(const options *o);

#endif
