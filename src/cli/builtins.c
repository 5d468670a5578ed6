/* Finding and listing the built-in networks. */
#include "builtins.h"

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
static size_t likeness(const char *a, const char *b)
{
    const size_t n = strlen(a), m = strlen(b);
    size_t head = 0, tail = 0;
    while (head < n && head < m && a[head] == b[head]) {
        head++;
    }
    while (head + tail < n && head + tail < m && a[n - 1 - tail] == b[m - 1 - tail]) {
        tail++;
    }
    return head + tail;
}

const char *builtin_nearest(const char *name)
{
    const char *best = NULL;
    size_t most = strlen(name) > 4 ? strlen(name) - 3 : 3; /* two letters may differ */
    for (size_t i = 0; i < builtin_count; i++) {
        const size_t like = likeness(name, builtins[i].name);
        if (like > most && strlen(builtins[i].name) < like + 3) {
            most = like;
            best = builtins[i].name;
        }
    }
    return best;
}

static bool put(cnn_writer *to, const char *string)
{
    return to->write(to->user, string, strlen(string));
}

static bool pad(cnn_writer *to, size_t written, size_t width)
{
    static const char blanks[] = "                                        ";
    const size_t fill = written < width ? width - written : 1;
    return to->write(to->user, blanks, fill < sizeof blanks ? fill : sizeof blanks - 1);
}

bool builtin_list(cnn_writer *to)
{
    enum { WIDTH = 27 };
    bool done = true;
    for (size_t i = 0; done && i < builtin_count; i++) {
        const builtin *b = &builtins[i];
        done = put(to, b->name) && pad(to, strlen(b->name), WIDTH) && put(to, b->brief);
        if (done && b->aliases[0] != '\0') {
            done = put(to, " (also ") && put(to, b->aliases) && put(to, ")");
        }
        done = done && put(to, "\n") && pad(to, 0, WIDTH) && put(to, b->source) && put(to, "\n");
    }
    return done;
}
