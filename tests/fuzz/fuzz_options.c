/*
 * Any bytes as a command line, one argument in each line: either it is understood, or there is a
 * message of whole lines. What is understood lies within the limits of its option.
 */
#include <getopt.h>

#include "files.h"
#include "jobs.h"
#include "options.h"
#include "target.h"

enum { ARGUMENTS = 300, TEXT = 1 << 14 };

/* No file is opened for a fuzzed name. */
static bool seems_known(const char *operand)
{
    return strchr(operand, 'x') == NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[TEXT + 1], program[] = "cnncalc";
    static char *arguments[ARGUMENTS + 2];
    if (size > TEXT) {
        return 0;
    }
    int count = 1;
    memcpy(text, data, size);
    text[size] = '\0';
    arguments[0] = program;
    for (char *at = text; *at != '\0' && count < ARGUMENTS; count++) {
        arguments[count] = at;
        at += strcspn(at, "\n");
        if (*at != '\0') {
            *at++ = '\0';
        }
    }
    arguments[count] = NULL;

    options o = {.known = seems_known};
    optind = 0; /* begin anew */
    streams_open();
    messages->fd = -1;
    messages->used = 0;
    if (options_read(count, arguments, &o)) {
        require(messages->used == 0);
        require(o.layer_parts <= MAX_PARTS && o.define_count <= MAX_PARTS);
        require(o.operand_count <= MAX_PARTS && o.input_count <= MAX_PARTS);
        require(o.check_count <= MAX_PARTS && o.want_count <= MAX_WANTS);
        require(o.jobs >= 1 && o.jobs <= MAX_JOBS && o.report.samples >= 0);
        require(o.help != HELP_NONE || (o.asked & FOR(BATCH)) != 0 || o.operand != NULL ||
                o.layer_parts > 0);
    } else {
        require(messages->used > 9 && memcmp(messages->buffer, "cnncalc: ", 9) == 0);
        require(messages->buffer[messages->used - 1] == '\n');
    }
    return 0;
}
