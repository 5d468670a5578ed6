/* Finding and listing the built-in networks. */
#include "builtins.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Whether `name` is one of the words of `list`. */
static bool has_word(const char *list, const char *name)
{
    const size_t size = strlen(name);
    for (const char *word = list; *word != '\0';) {
        const size_t length = strcspn(word, " ");
        if (length == size && strncasecmp(word, name, size) == 0) {
            return true;
        }
        word += length + strspn(word + length, " ");
    }
    return false;
}

const builtin *builtin_find(const char *name)
{
    for (size_t i = 0; i < builtin_count; i++) {
        if (strcasecmp(builtins[i].name, name) == 0 || has_word(builtins[i].aliases, name)) {
            return &builtins[i];
        }
    }
    return NULL;
}

/* Letters that both names have at their beginning and at their end. */
static size_t likeness(const char *a, const char *b, size_t m)
{
    const size_t n = strlen(a);
    size_t head = 0, tail = 0;
    while (head < n && head < m && a[head] == b[head]) {
        head++;
    }
    while (head + tail < n && head + tail < m && a[n - 1 - tail] == b[m - 1 - tail]) {
        tail++;
    }
    return head + tail;
}

/* Keeps `word` if it is more like the name than the best one so far. */
static void offer(const char *name, const char *word, size_t size, size_t *most, cnn_text *best)
{
    const size_t like = likeness(name, word, size);
    if (like > *most && size < like + 3) {
        *most = like;
        *best = (cnn_text){word, size};
    }
}

cnn_text builtin_nearest(const char *name)
{
    cnn_text best = {0};
    size_t most = strlen(name) > 4 ? strlen(name) - 3 : 3; /* two letters may differ */
    for (size_t i = 0; i < builtin_count; i++) {
        offer(name, builtins[i].name, strlen(builtins[i].name), &most, &best);
        for (const char *word = builtins[i].aliases; *word != '\0';) {
            const size_t length = strcspn(word, " ");
            offer(name, word, length, &most, &best);
            word += length + strspn(word + length, " ");
        }
    }
    return best;
}

static void put(cnn_writer *to, const char *string)
{
    to->write(to->user, string, strlen(string));
}

void builtin_list(cnn_writer *to)
{
    for (size_t i = 0; i < builtin_count; i++) {
        const builtin *b = &builtins[i];
        char name[64];
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
