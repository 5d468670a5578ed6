/* What the tests share: cmocka, reading a list into a network, collecting output, tables of data.
 */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

/* cmocka.h wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cnncalc/cnncalc.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static inline cnn_text view(const char *string)
{
    return (cnn_text){string, strlen(string)};
}

/*
 * One row of a table failed: say which and go on, so that one run shows all of them. The test
 * function ends with assert_int_equal(failed, 0).
 */
#define EXPECT(failed, condition, ...)                                                             \
    ((condition) ? (void)0 : (print_error("  " __VA_ARGS__), print_error("\n"), (void)(failed)++))

/* ---- output ---- */

/* Collects what is written, as a NUL-terminated string. */
typedef struct sink {
    size_t size;
    size_t limit; /* writing fails beyond so many bytes; 0: never */
    char data[1 << 20];
} sink;

static inline bool sink_write(void *user, const char *data, size_t size)
{
    sink *s = user;
    if (s->size + size >= sizeof s->data || (s->limit > 0 && s->size + size > s->limit)) {
        return false;
    }
    memcpy(s->data + s->size, data, size);
    s->size += size;
    s->data[s->size] = '\0';
    return true;
}

static inline cnn_writer sink_open(sink *s)
{
    s->size = 0;
    s->limit = 0;
    s->data[0] = '\0';
    return (cnn_writer){sink_write, s};
}

/* ---- networks ---- */

/* A copy that ends where its page does; the next one cannot be read. */
typedef struct guarded {
    char *pages;
    size_t room;
    cnn_text text;
} guarded;

static inline guarded guard(cnn_text text)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    guarded g = {.room = (text.size / page + 1) * page};
    void *pages = NULL;
    assert_int_equal(posix_memalign(&pages, page, g.room + page), 0);
    g.pages = pages;
    g.text = (cnn_text){g.pages + g.room - text.size, text.size};
    memcpy(g.pages + g.room - text.size, text.data, text.size);
    assert_int_equal(mprotect(g.pages + g.room, page, PROT_NONE), 0);
    return g;
}

static inline void unguard(guarded *g)
{
    if (g->pages != NULL) {
        const size_t page = (size_t)sysconf(_SC_PAGESIZE);
        assert_int_equal(mprotect(g->pages + g->room, page, PROT_READ | PROT_WRITE), 0);
        free(g->pages);
        g->pages = NULL;
    }
}

/* A network in memory of its own. */
typedef struct reading {
    cnn_network net;
    cnn_error err;
    cnn_arena arena; /* what is left */
    void *memory;
    guarded text, input; /* so that not a byte behind them is looked at */
    bool done;
} reading;

enum { MARKED = 1 << 21 };

/* Reads a list with more and more memory until it is enough; some is left for what is done with it.
 * `input` may be NULL. */
static inline reading read_text_list(const char *input, cnn_text layers)
{
    reading r = {0};
    const guarded copy = guard(layers), size = input == NULL ? (guarded){0} : guard(view(input));
    const cnn_settings settings = {.input = size.text};
    for (size_t room = 1 << 20; room <= (size_t)1 << 30; room *= 8) {
        free(r.memory);
        r = (reading){.memory = malloc(room), .text = copy, .input = size};
        assert_non_null(r.memory);
        memset(r.memory, 0x5A, room < MARKED ? room : MARKED); /* it need not be zero */
        r.arena = cnn_arena_over(r.memory, room);
        r.done = cnn_network_read(&r.arena, copy.text, &settings, &r.net, &r.err);
        if (r.err.code != CNN_OUT_OF_MEMORY) {
            break;
        }
    }
    assert_int_equal(r.done, r.err.code == CNN_OK);
    return r;
}

static inline reading read_list(const char *input, const char *layers)
{
    return read_text_list(input, view(layers));
}

static inline void reading_free(reading *r)
{
    free(r->memory);
    r->memory = NULL;
    unguard(&r->text);
    unguard(&r->input);
}

static inline const cnn_shape *output_of(const cnn_network *net)
{
    return &net->layers[net->output].out;
}

/* "64x112x112", or "4096" for a vector. */
static inline const char *shape_name(const cnn_shape *shape, char *name, size_t size)
{
    int used = snprintf(name, size, "%lld", (long long)shape->channels);
    for (int32_t i = 0; i < shape->axes; i++) {
        used += snprintf(name + used, size - (size_t)used, "x%lld", (long long)shape->side[i]);
    }
    return name;
}

/* The network's canonical text, with as much memory for it as it takes. */
static inline bool write_list(const cnn_network *net, cnn_writer *to)
{
    const size_t size = (size_t)net->layer_count * 64 + 4096;
    void *memory = malloc(size);
    cnn_error err = {0};
    assert_non_null(memory);
    const bool done = cnn_network_write(net, cnn_arena_over(memory, size), to, &err);
    free(memory);
    return done;
}

/*
 * Whether the canonical text of the network reads back to the same output and totals, and is
 * written the same once more.
 */
static inline bool round_trips(const cnn_network *net)
{
    static sink first, second;
    cnn_writer to = sink_open(&first);
    if (!write_list(net, &to)) {
        return false;
    }
    reading again = read_text_list(NULL, (cnn_text){first.data, first.size});
    to = sink_open(&second);
    const bool same = again.done && write_list(&again.net, &to) &&
                      strcmp(first.data, second.data) == 0 &&
                      memcmp(&again.net.totals, &net->totals, sizeof net->totals) == 0 &&
                      memcmp(output_of(&again.net), output_of(net), sizeof(cnn_shape)) == 0;
    reading_free(&again);
    return same;
}

/* ---- data ---- */

/* A whole file, NUL-terminated, from malloc. */
static inline char *slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot open %s", path);
        return NULL;
    }
    size_t size = 0, room = 1 << 16;
    char *data = malloc(room);
    size_t n;
    while (data != NULL && (n = fread(data + size, 1, room - size - 1, file)) > 0) {
        size += n;
        if (room - size < 2) {
            room *= 2;
            data = realloc(data, room);
        }
    }
    fclose(file);
    assert_non_null(data);
    data[size] = '\0';
    return data;
}

/* The next line of a table, cut at its tabs; lines that begin with "#" are left out. False: there
 * is none. `*at` is the whole table at first, and is written to. */
static inline bool next_row(char **at, char **cells, size_t count)
{
    for (;;) {
        char *line = *at;
        if (*line == '\0') {
            return false;
        }
        char *end = line + strcspn(line, "\n");
        *at = *end == '\0' ? end : end + 1;
        *end = '\0';
        if (*line == '#' || *line == '\0') {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            cells[i] = line;
            line += strcspn(line, "\t");
            if (*line == '\t') {
                *line++ = '\0';
            }
        }
        return true;
    }
}

#endif
