/* Listing the built-in networks. */
#include "builtin_list.h"

#include <stdio.h>
#include <string.h>

static void put(cnn_writer *to, const char *string)
{
    to->write(to->user, string, strlen(string));
}

/* Two lines for each: its name and what it is, then where it was published. */
void builtin_list(cnn_writer *to)
{
    const cnn_example *b;
    for (size_t i = 0; (b = cnn_example_at(i)) != NULL; i++) {
        char name[64];
        /* the longest name has fewer letters than the column */
        (void)snprintf(name, sizeof name, "%-26s ", b->name);
        put(to, name);
        put(to, b->brief);
        if (b->aliases[0] != '\0') {
            put(to, " (also ");
            put(to, b->aliases);
            put(to, ")");
        }
        (void)snprintf(name, sizeof name, "\n%-26s ", "");
        put(to, name);
        put(to, b->source);
        put(to, "\n");
    }
}
