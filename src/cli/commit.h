/* The commit that was built; written by cmake/commit.cmake. */
#ifndef CNN_CLI_COMMIT_H
#define CNN_CLI_COMMIT_H

extern const char commit[]; /* " (commit 0123456789ab)"; empty when there is no repository */

#endif
