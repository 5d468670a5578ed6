/*
 * Many model files in one process. Without an argument each is read under bad conditions and
 * compared with the same file read in one piece with plenty of memory: arenas of every size, bytes
 * that come one by one, reading and writing that fail, files cut at every third byte, and every
 * third byte replaced by another. With the argument "json" each one's report is written, or its
 * error, and after it a zero byte.
 *
 *     probe_models [json] < MODELS
 *
 * Each model is a line, its name, its size in bytes and the sizes of its inputs with tabs between,
 * and then its bytes.
 */
#include <cnncalc/cnncalc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MEMORY = 1 << 23,
    TEXT = 1 << 20,
    GUARD = 64,
    STEP = 16,
    EVERY = 3,
    MOST_INPUTS = 8,
    LONGEST = 1 << 16
};

static unsigned char memory[MEMORY + GUARD];
static const char *current; /* the line at work */

static void require(bool holds, const char *what, size_t at)
{
    if (!holds) {
        printf("%s: %s at %zu\n", current, what, at);
        exit(1);
    }
}

/* ---- what is read ---- */

typedef struct file {
    const uint8_t *data;
    size_t size, at;
    size_t piece; /* bytes for one call */
    size_t calls; /* that still succeed; reading fails afterwards */
    cnn_text input[MOST_INPUTS];
    int32_t inputs;
} file;

static bool give(void *user, void *into, size_t size, size_t *got)
{
    file *f = user;
    const size_t left = f->size - f->at;
    *got = size < f->piece ? size : f->piece;
    *got = *got < left ? *got : left;
    if (*got > 0) {
        memcpy(into, f->data + f->at, *got);
    }
    f->at += *got;
    return f->calls-- > 0;
}

static bool skip(void *user, int64_t size, int64_t *skipped)
{
    file *f = user;
    const int64_t left = (int64_t)(f->size - f->at);
    *skipped = size < left ? size : left;
    f->at += (size_t)*skipped;
    return f->calls-- > 0;
}

/* ---- what is written ---- */

typedef struct collected {
    size_t size, room;
    char data[TEXT];
} collected;

static collected first, other;

static bool collect(void *user, const char *data, size_t size)
{
    collected *to = user;
    if (size > to->room - to->size) {
        return false;
    }
    memcpy(to->data + to->size, data, size);
    to->size += size;
    return true;
}

static cnn_writer collect_up_to(collected *to, size_t room)
{
    to->size = 0;
    to->room = room;
    return (cnn_writer){collect, to};
}

/* ---- all that can be done with a model ---- */

static const struct {
    const char *format;
    bool all;
    int32_t width;
} reports[] = {{"table", true, 0}, {"table", false, 50}, {"table", true, 30},
               {"tsv", true, 0},   {"csv", false, 0},    {"json", false, 0}};

/* The model as a list, or why it is none; then its sums. */
static bool write_networks(cnn_model *model, cnn_arena *arena, cnn_writer *to, cnn_error *err)
{
    cnn_network net = {0}, whole = {0};
    cnn_arena rest = *arena;
    if (cnn_model_network(model, &rest, &net, err)) {
        if (!cnn_network_write(&net, rest, to, err)) {
            return false;
        }
    } else if (err->code == CNN_OUT_OF_MEMORY || !cnn_error_write_line(err, to)) {
        return false;
    }
    *err = (cnn_error){0};
    return cnn_model_whole(model, arena, &whole, err) &&
           to->write(to->user, (const char *)&whole.totals, sizeof whole.totals);
}

/* Reads and writes everything; false: *err, or the writer is full. */
static bool run(file f, cnn_arena arena, cnn_writer *to, cnn_error *err)
{
    const cnn_byte_source from = {give, f.piece > 1 ? skip : NULL, &f};
    cnn_model *model = NULL;
    *err = (cnn_error){0};
    if (!cnn_model_read(&arena, &from, f.input, f.inputs, &model, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        const cnn_report_options options = {
            .format = {reports[i].format, strlen(reports[i].format)},
            .all = reports[i].all,
            .width = reports[i].width};
        if (!cnn_model_write(model, &options, arena, to, err)) {
            return false;
        }
    }
    return cnn_model_write_remarks(model, to) && write_networks(model, &arena, to, err);
}

/* An error that can be told, with its place in the file. */
static void require_error(const cnn_error *err, const file *f, const char *what, size_t at)
{
    const cnn_text input = err->source == CNN_SOURCE_INPUT ? f->input[err->index] : (cnn_text){0};
    cnn_writer to = collect_up_to(&other, TEXT);
    require(err->code != CNN_OK, what, at);
    require(err->source != CNN_SOURCE_FILE || (err->index >= 0 && err->index <= (int64_t)f->size),
            what, at);
    require(err->span.begin <= err->span.end && err->span.end <= input.size, what, at);
    require(cnn_error_write(err, input, (cnn_text){"model", 5}, &to) && other.size > 0, what, at);
}

static void require_same(bool done, const cnn_error *err, bool was_done, const cnn_error *was,
                         const char *what, size_t at)
{
    require(done == was_done && err->code == was->code && err->index == was->index, what, at);
    require(!done || (other.size == first.size && memcmp(other.data, first.data, first.size) == 0),
            what, at);
}

/* ---- the conditions ---- */

/* With too little memory that is the error, until there is enough. */
static void probe_memory(const file *f, bool was_done, const cnn_error *was)
{
    bool enough = false;
    for (size_t size = 0; !enough && size < MEMORY; size += STEP) {
        cnn_error err;
        memset(memory + size, 0x5A, GUARD);
        cnn_writer to = collect_up_to(&other, TEXT);
        const bool done = run(*f, cnn_arena_over(memory, size), &to, &err);
        for (size_t i = 0; i < GUARD; i++) {
            require(memory[size + i] == 0x5A, "written beyond the arena", size);
        }
        enough = err.code != CNN_OUT_OF_MEMORY;
        if (enough) {
            require_same(done, &err, was_done, was, "other with little memory", size);
        } else {
            require(!done, "success without memory", size);
        }
    }
    require(enough, "never enough memory", 0);
}

/* Every call to read or skip fails once. */
static void probe_reading(const file *f, bool was_done, const cnn_error *was)
{
    cnn_error err;
    for (size_t piece = 1; piece <= TEXT; piece *= TEXT) {
        bool failed = true;
        for (size_t calls = 0; failed && calls < TEXT; calls += 1 + calls / 4) {
            file broken = *f;
            broken.piece = piece;
            broken.calls = calls;
            cnn_writer to = collect_up_to(&other, TEXT);
            const bool done = run(broken, cnn_arena_over(memory, MEMORY), &to, &err);
            failed = err.code == CNN_READ_FAILED;
            if (failed) {
                require_error(&err, f, "reading fails", calls);
            } else {
                require_same(done, &err, was_done, was, "other in pieces", piece);
            }
        }
    }
}

/* Writing fails after so many bytes. */
static void probe_writing(const file *f, size_t size)
{
    for (size_t room = 0; room < size; room += 1 + room / 4) {
        cnn_error err;
        cnn_writer to = collect_up_to(&other, room);
        require(!run(*f, cnn_arena_over(memory, MEMORY), &to, &err), "writing fails", room);
        require(memcmp(other.data, first.data, other.size) == 0, "other before it fails", room);
    }
}

/* Any result is fine as long as it is one. Every third byte, another one in each model. */
static void probe_damage(const file *f)
{
    static const uint8_t masks[] = {0x01, 0x80, 0x02, 0x7f, 0x04, 0x40, 0xff};
    static uint8_t copy[LONGEST];
    for (size_t i = f->size % EVERY; i < f->size; i += EVERY) {
        file damaged = *f;
        cnn_error err;
        cnn_writer to = collect_up_to(&other, TEXT);
        memcpy(copy, f->data, f->size);
        copy[i] ^= masks[(i + f->size) % sizeof masks];
        damaged.data = copy;
        if (!run(damaged, cnn_arena_over(memory, MEMORY), &to, &err)) {
            require_error(&err, &damaged, "damage", i);
        }
        damaged = *f;
        damaged.size = i;
        to = collect_up_to(&other, TEXT);
        if (!run(damaged, cnn_arena_over(memory, MEMORY), &to, &err)) {
            require_error(&err, &damaged, "cut", i);
        }
    }
}

static void probe(const file *f)
{
    cnn_error err;
    cnn_writer to = collect_up_to(&first, TEXT);
    const bool done = run(*f, cnn_arena_over(memory, MEMORY), &to, &err);
    if (!done) {
        require_error(&err, f, "read", 0);
    }
    probe_memory(f, done, &err);
    probe_reading(f, done, &err);
    if (done) {
        probe_writing(f, first.size);
    }
    probe_damage(f);
}

static void write_json(file f)
{
    const cnn_byte_source from = {give, skip, &f};
    const cnn_report_options options = {.format = {"json", 4}};
    cnn_arena arena = cnn_arena_over(memory, MEMORY);
    cnn_model *model = NULL;
    cnn_error err = {0};
    cnn_writer to = collect_up_to(&first, TEXT);
    if (!cnn_model_read(&arena, &from, f.input, f.inputs, &model, &err) ||
        !cnn_model_write(model, &options, arena, &to, &err)) {
        to = collect_up_to(&first, TEXT);
        require(cnn_error_write_line(&err, &to), "the error cannot be written", 0);
    }
    fwrite(first.data, 1, first.size, stdout);
    putchar('\0');
}

/* Splits the line of a model into its fields. */
static file split(char *line)
{
    static uint8_t data[LONGEST];
    file f = {.data = data, .piece = TEXT, .calls = SIZE_MAX};
    char *at = strchr(line, '\t');
    require(at != NULL, "a line without a size", 0);
    *at = '\0';
    f.size = strtoul(at + 1, &at, 10);
    while (*at == '\t' && f.inputs < MOST_INPUTS) {
        char *end = strchr(++at, '\t');
        end = end == NULL ? strchr(at, '\0') : end;
        f.input[f.inputs++] = (cnn_text){at, (size_t)(end - at)};
        at = end;
    }
    require(f.size <= LONGEST && fread(data, 1, f.size, stdin) == f.size, "its bytes", f.size);
    return f;
}

int main(int argc, char **argv)
{
    static char line[1 << 12];
    const bool json = argc > 1 && strcmp(argv[1], "json") == 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        current = line;
        const file f = split(line);
        if (json) {
            write_json(f);
        } else {
            probe(&f);
        }
    }
    return 0;
}
