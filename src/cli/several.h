/* Several networks side by side, or one with several inputs: a row for each. */
#ifndef CNN_CLI_SEVERAL_H
#define CNN_CLI_SEVERAL_H

#include "operand.h"

/* Whether the command line names more than one network, or sizes without names for one. */
bool several_wanted(const options *o);

/* Reads them all and writes the table. The exit status. */
int several_run(const options *o);

#endif
