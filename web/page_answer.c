/*
 * The page's side of the library: answers a request as the program does, and hands the bytes
 * to JavaScript.
 *
 * Memory is one piece that begins after the program's data: the request, then the arena. It only
 * grows; a caller who wants it back takes another instance.
 */
#include <string.h>

#include "page.h"

/* Given by JavaScript: takes bytes of a stream. */
__attribute__((import_module("page"), import_name("take"))) void
page_take(int stream, const char *data, size_t size);

#define EXPORT(name) __attribute__((export_name(#name)))

enum { FINE = 0, WRONG_ANSWER = 1, WRONG_INPUT = 2, FAILED = 3 };
enum { WASM_PAGE = 65536, FIRST_MEMORY = 1 << 18, BUFFER = 1 << 14 };
#define MOST_MEMORY ((size_t)1 << 30)

extern unsigned char __heap_base;

/* ---- streams: buffered, because a call to JavaScript takes as long as many bytes ---- */

typedef struct stream {
    size_t used;
    char buffer[BUFFER];
} stream;

static stream output, messages;

static void take(const stream *s, const char *data, size_t size)
{
    page_take(s == &output ? STREAM_OUTPUT : STREAM_MESSAGES, data, size);
}

static void flush(stream *s)
{
    take(s, s->buffer, s->used);
    s->used = 0;
}

static bool put(void *user, const char *data, size_t size)
{
    stream *s = user;
    if (size > BUFFER - s->used) {
        flush(s);
    }
    if (size > BUFFER) {
        take(s, data, size);
        return true;
    }
    memcpy(s->buffer + s->used, data, size);
    s->used += size;
    return true;
}

/* Puts a word before each line. */
typedef struct prefix {
    const char *word;
    bool begun;
} prefix;

static bool put_prefixed(void *user, const char *data, size_t size)
{
    prefix *before = user;
    for (size_t i = 0; i < size; i++) {
        if (!before->begun) {
            put(&messages, before->word, strlen(before->word));
        }
        before->begun = data[i] != '\n';
        put(&messages, &data[i], 1);
    }
    return true;
}

/* ---- memory ---- */

/* Makes sure that there are `size` bytes after the program's data. */
static bool reserve(size_t size)
{
    const size_t there = __builtin_wasm_memory_size(0) * WASM_PAGE;
    const size_t begin = (size_t)&__heap_base;
    if (there - begin >= size) {
        return true;
    }
    const size_t pages = (size - (there - begin) + WASM_PAGE - 1) / WASM_PAGE;
    return __builtin_wasm_memory_grow(0, pages) != SIZE_MAX;
}

/* Room for a request of `size` bytes; 0: there is none. */
EXPORT(room) unsigned char *room(size_t size)
{
    return reserve(size) ? &__heap_base : NULL;
}

static bool asks(const request *r, const char *task)
{
    return r->task.size == strlen(task) && memcmp(r->task.data, task, r->task.size) == 0;
}

/* ---- answers: the order of things is that of the program ---- */

/* What became of a request. */
typedef struct outcome {
    bool wrong, unread, remarked;
} outcome;

static bool derived(const request *r)
{
    return asks(r, "gradients") || cnn_gradient_claimed(r->joined);
}

static bool answer_gradients(const request *r, const cnn_network *net, cnn_arena arena,
                             cnn_writer *to, outcome *o, cnn_error *err)
{
    const cnn_gradient_options choice = {
        .format = r->report.format,
        .loss = r->loss,
        .values = r->has_values && r->values.size == 0 ? (cnn_text){" ", 1} : r->values,
        .seed = page_number_of(r->seed)};
    if (r->claim_count > 0) {
        int32_t count = 0;
        const bool done = cnn_gradient_check(net, &choice, r->joined, arena, to, &count, err);
        o->wrong = count > 0;
        return done;
    }
    const bool numbers = r->has_values || r->seed.size > 0;
    return (numbers ? cnn_gradient_compute : cnn_gradient_derive)(net, &choice, arena, to, err);
}

static bool answer(const request *r, const cnn_network *net, cnn_arena arena, outcome *o,
                   cnn_writer *to, cnn_error *err)
{
    cnn_report_options report = r->report;
    report.all |= net->pasted != NULL;
    if (net->layers[net->output].out.channels == 0 && report.columns.size == 0) {
        static const char known[] = "index,layer,path,params"; /* without sizes there is no more */
        report.columns = (cnn_text){known, sizeof known - 1};
    }
    if (r->claim_count == 1 && r->claims[0].sheet && r->report.format.size == 0 &&
        cnn_summary_recognise(r->claims[0].text)) {
        bool right = true;
        const bool done = cnn_summary_check(net, r->claims[0].text, to, &right, err);
        o->wrong = !right;
        return done;
    }
    if (derived(r)) {
        return answer_gradients(r, net, arena, to, o, err);
    }
    if (r->claim_count > 0) {
        cnn_check_counts counts = {0};
        const bool done =
            cnn_check_write(net, r->claims, r->claim_count, &r->report, arena, to, &counts, err);
        o->wrong = counts.wrong > 0;
        o->unread = counts.unread > 0;
        return done;
    }
    if (r->like.size > 0) {
        return cnn_like_write(net, r->like, &r->report, arena, to, err);
    }
    if (asks(r, "view")) {
        page_view(net, report.all, (int32_t)page_number_of(r->samples), to);
        return true;
    }
    return (asks(r, "explain") ? cnn_explain_write : cnn_report_write)(net, &report, arena, to,
                                                                       err);
}

static bool solve(const request *r, const cnn_settings *settings, const cnn_network *net,
                  cnn_arena arena, outcome *o, cnn_error *err)
{
    const cnn_solve_options wanted = {.format = r->report.format,
                                      .wants = r->wants.text,
                                      .want_count = r->wants.count,
                                      .samples = r->report.samples,
                                      .dtype = r->report.dtype,
                                      .train = r->report.train,
                                      .device = r->report.device,
                                      .checkpoint = r->report.checkpoint,
                                      .fold = r->fold};
    prefix remark = {"remark: ", false};
    cnn_writer to = {put, &output}, notes = {put_prefixed, &remark};
    bool found = true;
    const bool done =
        net != NULL ? cnn_samples_write(net, &wanted, arena, &to, &notes, &found, err)
                    : cnn_solve_write(r->list, settings, &wanted, arena, &to, &notes, &found, err);
    o->wrong = !found;
    return done;
}

/* A request about a network that was read. */
static bool answer_network(const request *r, cnn_network *net, cnn_arena arena, outcome *o,
                           cnn_error *err)
{
    prefix remark = {"remark: ", false}, wrong = {"wrong: ", false};
    cnn_writer to = {put, &output};
    cnn_writer remarks = {put_prefixed, &remark}, mismatches = {put_prefixed, &wrong};
    if (asks(r, "fix")) {
        return cnn_paste_fix_write(net, &to);
    }
    if (r->samples.size == 1 && r->samples.data[0] == '?') {
        return solve(r, NULL, net, arena, o, err);
    }
    if (r->fold && !cnn_network_fold(net, &arena, err)) {
        return false;
    }
    const bool remarked = !derived(r);
    if (remarked && r->claim_count > 0 && !o->remarked) {
        o->remarked = true;
        (void)cnn_remarks_write(net, &r->report, arena, &remarks);
    }
    if (!answer(r, net, arena, o, &to, err)) {
        return false;
    }
    o->wrong |= net->pasted != NULL && net->pasted->mismatch_count > 0;
    (void)cnn_mismatches_write(net, &mismatches);
    if (remarked && !o->remarked) {
        (void)cnn_remarks_write(net, &r->report, arena, &remarks);
    }
    return true;
}

static bool report(const request *r, cnn_arena arena, outcome *o, cnn_error *err)
{
    const cnn_text first = r->inputs.text[0];
    const bool named = r->inputs.count > 0 && memchr(first.data, '=', first.size) != NULL;
    const cnn_settings settings = {.input = named ? (cnn_text){0} : first,
                                   .inputs = r->inputs.text,
                                   .input_count = named ? r->inputs.count : 0,
                                   .defines = r->defines.text,
                                   .define_count = r->defines.count,
                                   .from = r->from,
                                   .model = r->model};
    if (r->wants.count > 0 && !(r->samples.size == 1 && r->samples.data[0] == '?')) {
        return solve(r, &settings, NULL, arena, o, err);
    }
    const bool pasted = r->from.size > 0 || (!r->builtin && cnn_paste_recognise(r->list));
    cnn_network net = {0};
    if (!(pasted ? cnn_paste_read : cnn_network_read)(&arena, r->list, &settings, &net, err)) {
        if (net.input_count > 0 && net.layer_count == 0 && err->code != CNN_OUT_OF_MEMORY) {
            prefix remark = {"remark: ", false};
            cnn_writer remarks = {put_prefixed, &remark};
            (void)cnn_remarks_write(&net, &r->report, arena, &remarks);
        }
        return false;
    }
    return answer_network(r, &net, arena, o, err);
}

/* ---- errors ---- */

static void show_error(const request *r, const cnn_error *err)
{
    const bool numbered = r->inputs.count > 1 && err->source == CNN_SOURCE_INPUT;
    const int64_t claim = err->source == CNN_SOURCE_CLAIM && !derived(r) ? err->index : 0;
    const int64_t want = err->source == CNN_SOURCE_WANT ? err->index : 0;
    const int64_t define = err->source == CNN_SOURCE_DEFINE ? err->index : 0;
    const struct {
        cnn_text text;
        const char *name;
    } sources[] = {
        [CNN_SOURCE_LAYERS] = {r->list, NULL},
        [CNN_SOURCE_INPUT] = {r->inputs.text[numbered ? err->index : 0], "--input"},
        [CNN_SOURCE_DEFINE] = {r->defines.text[define], "--define"},
        [CNN_SOURCE_COLUMNS] = {r->report.columns, "--columns"},
        [CNN_SOURCE_FORMAT] = {r->report.format, "--format"},
        [CNN_SOURCE_CLAIM] = {derived(r) ? r->joined : r->claims[claim].text, "--check"},
        [CNN_SOURCE_WANT] = {r->wants.text[want], "--want"},
        [CNN_SOURCE_VALUES] = {r->values, "values"},
        [CNN_SOURCE_DTYPE] = {r->report.dtype, "--dtype"},
        [CNN_SOURCE_TRAIN] = {r->report.train, "--train"},
        [CNN_SOURCE_DEVICE] = {r->report.device, "--device"},
        [CNN_SOURCE_CHECKPOINT] = {r->report.checkpoint, "--checkpoint"},
        [CNN_SOURCE_LOSS] = {r->loss, "--loss"},
        [CNN_SOURCE_LIKE] = {r->like, "--like"},
        [CNN_SOURCE_FROM] = {r->from, "--from"},
        [CNN_SOURCE_MODEL] = {r->model, "--model"},
        [CNN_SOURCE_FILE] = {{0}, NULL},
    };
    const char *name = sources[err->source].name;
    const cnn_text text = sources[err->source].text;
    cnn_writer to = {put, &messages};
    if (asks(r, "view")) {
        to.user = &output;
        put(&output, "{\"error\":", 9);
        cnn_error_write_json(err, text, &to);
        put(&output, "}\n", 2);
        return;
    }
    put(&messages, "cnncalc: ", 9);
    cnn_error_write(err, text, name != NULL ? (cnn_text){name, strlen(name)} : r->name, &to);
}

/* Answers with as much memory as it takes. */
static int answer_all(const request *r, size_t size)
{
    outcome o = {0};
    cnn_error err = {.code = CNN_OUT_OF_MEMORY};
    const size_t most = r->most.size > 0 ? (size_t)page_number_of(r->most) : MOST_MEMORY;
    unsigned char *begin = &__heap_base + (size + 15) / 16 * 16;
    bool done = false;
    for (size_t memory = FIRST_MEMORY; memory <= most; memory *= 4) {
        err = (cnn_error){.code = CNN_OUT_OF_MEMORY};
        if (!reserve((size_t)(begin - &__heap_base) + memory)) {
            break;
        }
        err = (cnn_error){0};
        done = report(r, cnn_arena_over(begin, memory), &o, &err);
        if (done || err.code != CNN_OUT_OF_MEMORY) {
            break;
        }
    }
    if (!done) {
        show_error(r, &err);
    }
    flush(&output);
    flush(&messages);
    return !done      ? err.code == CNN_OUT_OF_MEMORY ? FAILED : WRONG_INPUT
           : o.unread ? WRONG_INPUT
           : o.wrong  ? WRONG_ANSWER
                      : FINE;
}

/* Answers the request of `size` bytes that was put where room() said. The status is the program's:
 * 0 fine, 1 an answer is wrong, 2 the input is wrong, 3 there is too little memory. */
EXPORT(run) int run(size_t size)
{
    static request r;
    output.used = messages.used = 0;
    if (!page_request_read(&r, &__heap_base, size)) {
        return WRONG_INPUT;
    }
    if (asks(&r, "words")) {
        cnn_writer to = {put, &output};
        page_words(&to);
        flush(&output);
        return FINE;
    }
    return answer_all(&r, size);
}
