/* What is wrong with an option, on standard error. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "options.h"
#include "terminal.h"

bool options_fail(const char *what, const char *argument, const char *why)
{
    SAY(terminal_begin("cnncalc"), "cnncalc:", terminal_end(), " ", what, argument,
        why[0] != '\0' ? ": " : "", why, "\n  cnncalc --help lists the options\n");
    return false;
}

/* "--co could be --check or --columns", as far as there is room; false: no option, or one alone,
 * begins so. */
static bool tell_candidates(const char *shown, char *why, size_t room)
{
    const size_t size = strlen(shown);
    int found = 0;
    size_t used = 0;
    for (int i = 0; i < options_count && size > 2; i++) {
        if (strncmp(options_table[i].name, shown + 2, size - 2) == 0 && used < room) {
            const int more = snprintf(why + used, room - used, "%s--%s",
                                      found == 0 ? "it could be " : " or ", options_table[i].name);
            used += (size_t)more;
            found++;
        }
    }
    return found > 1;
}

/* getopt leaves an unknown letter in optopt; of a long option only its place in argv, and its
 * number where a value is too many. */
bool options_fail_getopt(int result, char **argv)
{
    char why[160];
    const char letter[] = {'-', (char)optopt, '\0'};
    const bool is_long = optopt == 0 || optopt >= OPTIONS_FIRST_LONG;
    const char *shown = is_long ? argv[optind - 1] : letter;
    if (result == ':') {
        return options_fail(shown, " needs a value", "");
    }
    if (optopt >= OPTIONS_FIRST_LONG) {
        return options_fail("there is a value in ", shown, "leave it out: the option takes none");
    }
    if (optopt == 0 && tell_candidates(shown, why, sizeof why)) {
        return options_fail("several options begin with ", shown, why);
    }
    return options_fail("unknown option ", shown, "");
}
