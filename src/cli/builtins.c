/* Finding and listing the built-in networks. */
#include "builtins.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Takes the next word from the front of the list; empty: there is none. */
static cnn_text next_word(const char **list)
{
    const cnn_text word = {*list, strcspn(*list, " ")};
    *list += word.size;
    *list += strspn(*list, " ");
    return word;
}

static bool same(cnn_text a, cnn_text b)
{
    return a.size == b.size && strncasecmp(a.data, b.data, a.size) == 0;
}

/* Whether `name` is one of the words of `list`. */
static bool has_word(const char *list, cnn_text name)
{
    while (*list != '\0') {
        if (same(next_word(&list), name)) {
            return true;
        }
    }
    return false;
}

const builtin *builtin_find(cnn_text name)
{
    for (size_t i = 0; i < builtin_count; i++) {
        const cnn_text its = {builtins[i].name, strlen(builtins[i].name)};
        if (same(its, name) || has_word(builtins[i].aliases, name)) {
            return &builtins[i];
        }
    }
    return NULL;
}

/* Letters that both names have at their beginning and at their end. */
static size_t likeness(cnn_text a, cnn_text b)
{
    size_t head = 0, tail = 0;
    while (head < a.size && head < b.size && a.data[head] == b.data[head]) {
        head++;
    }
    while (head + tail < a.size && head + tail < b.size &&
           a.data[a.size - 1 - tail] == b.data[b.size - 1 - tail]) {
        tail++;
    }
    return head + tail;
}

/* Keeps `word` if it is more like the name than the best one so far. */
static void offer(cnn_text name, cnn_text word, size_t *most, cnn_text *best)
{
    const size_t like = likeness(name, word);
    if (like > *most && word.size < like + 3) {
        *most = like;
        *best = word;
    }
}

cnn_text builtin_nearest(const char *name)
{
    const cnn_text wanted = {name, strlen(name)};
    cnn_text best = {0};
    size_t most = wanted.size > 4 ? wanted.size - 3 : 3; /* two letters may differ */
    for (size_t i = 0; i < builtin_count; i++) {
        offer(wanted, (cnn_text){builtins[i].name, strlen(builtins[i].name)}, &most, &best);
        for (const char *rest = builtins[i].aliases; *rest != '\0';) {
            offer(wanted, next_word(&rest), &most, &best);
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
