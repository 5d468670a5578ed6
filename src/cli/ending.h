/* Being ended by a signal without leaving half a line. */
#ifndef CNN_CLI_ENDING_H
#define CNN_CLI_ENDING_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP wait for what is being written. */
void ending_guard(void);

/* Whether a signal waits: a write that has not begun need not begin. */
bool ending_wanted(void);

/* Around every write that ends with a whole line; a signal that came in between ends the program
 * then. Only one thread writes at a time. */
void ending_hold(void);
void ending_release(void);

#endif
