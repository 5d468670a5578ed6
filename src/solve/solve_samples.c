/* How many samples pass at once within budgets: what they take only grows with their number. */
#include "base/arena.h"
#include "base/checked.h"
#include "base/json.h"
#include "check/claim.h"
#include "report/report.h"
#include "solve/solve.h"

/* The wants, and what they are computed from. */
typedef struct search {
    cnn_numbers numbers;
    cnn_claim wants[CNN_MOST_WANTS];
    int32_t count;
    uint32_t needs;
    cnn_arena scratch;
    cnn_error *err;
} search;

static bool read_wants(search *s, const cnn_solve_options *options)
{
    for (int32_t i = 0; i < options->want_count; i++) {
        s->err->source = CNN_SOURCE_WANT;
        s->err->index = i;
        if (i == CNN_MOST_WANTS) {
            return cnn_fail_numbers(s->err, CNN_E_MANY_WANTS, (cnn_span){0, 0}, CNN_MOST_WANTS, 0);
        }
        cnn_claim *want = &s->wants[i];
        if (!cnn_want_read(options->wants[i], want, s->err)) {
            return false;
        }
        const bool budget = want->what->kind == CNN_QUANTITY_COUNT && want->relation == CNN_EQUAL;
        want->relation = budget ? CNN_AT_MOST : want->relation;
        s->needs |= want->what->needs;
        s->count++;
    }
    *s->err = (cnn_error){0};
    return true;
}

/* Does the work that is the same whatever the number of samples. */
static bool prepare_once(search *s)
{
    const uint32_t each = CNN_NEEDS_KEPT | CNN_NEEDS_TRAIN_PEAK | CNN_NEEDS_TRAINED;
    return cnn_numbers_prepare(&s->numbers, s->needs & ~each, &s->scratch, s->err);
}

/* What a want is computed from when so many samples pass at once, in `arena`. */
static bool numbers_for(const search *s, int32_t samples, cnn_arena *arena, cnn_numbers *out)
{
    *out = s->numbers;
    out->samples = samples;
    return cnn_numbers_prepare(out, s->needs, arena, s->err);
}

/* False: it does not fit into 64 bits. */
static bool answer_of(const cnn_claim *want, const cnn_numbers *numbers, cnn_answer *out)
{
    const cnn_subject all = cnn_subject_total(numbers->net);
    return cnn_answer_of(want->what, &all, numbers->net->layers, numbers, out);
}

static bool fits(const search *s, int32_t samples)
{
    cnn_arena arena = s->scratch;
    cnn_numbers numbers;
    bool all = numbers_for(s, samples, &arena, &numbers);
    for (int32_t i = 0; i < s->count && all; i++) {
        cnn_answer answer;
        const cnn_claim *want = &s->wants[i];
        all = answer_of(want, &numbers, &answer) &&
              (want->relation == CNN_EQUAL ? cnn_claim_is(want, &answer)
                                           : cnn_claim_holds(want, &answer));
    }
    return all;
}

/* 0: not even one. */
static int32_t find_most(const search *s)
{
    int64_t low = 0, high = (int64_t)INT32_MAX + 1;
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        *(fits(s, (int32_t)middle) ? &low : &high) = middle;
    }
    return (int32_t)low;
}

static void put_answers(const search *s, int32_t samples, cnn_out *out)
{
    cnn_arena arena = s->scratch;
    cnn_numbers numbers;
    const bool known = numbers_for(s, samples, &arena, &numbers);
    cnn_out_grouped(out, samples);
    cnn_out_string(out, samples == 1 ? " sample:" : " samples:");
    const char *before = " ";
    for (int32_t i = 0; i < s->count && known; i++) {
        cnn_answer answer;
        const cnn_claim *want = &s->wants[i];
        if (answer_of(want, &numbers, &answer)) {
            cnn_out_string(out, before);
            before = ", ";
            cnn_want_answer_put(want, &answer, out);
        }
    }
    cnn_out_char(out, '\n');
}

static void put_json(int32_t most, cnn_out *out)
{
    cnn_json json = {.out = out};
    cnn_json_begin(&json);
    cnn_json_int(&json, "samples", most);
    cnn_json_end(&json);
}

bool cnn_samples_write(const cnn_network *net, const cnn_solve_options *options, cnn_arena scratch,
                       cnn_writer *to, cnn_writer *notes, bool *found, cnn_error *err)
{
    const cnn_format *format = cnn_format_for(options->format, CNN_TASK_SOLVE, err);
    search s = {.scratch = scratch, .err = err};
    if (format == NULL || !cnn_numbers_begin(&s.numbers, net, options->dtype, 1, err) ||
        !cnn_numbers_train(&s.numbers, options->train, options->device, options->checkpoint, err) ||
        !cnn_numbers_checkpoint(&s.numbers, &s.scratch, err) || !read_wants(&s, options) ||
        !prepare_once(&s)) {
        return false;
    }
    const int32_t most = find_most(&s);
    if (err->code != CNN_OK) {
        return false;
    }
    const bool json = format->kind == CNN_FORMAT_JSON;
    *found = most > 0;
    cnn_out out;
    cnn_out_open(&out, to);
    if (json) {
        put_json(most, &out);
    } else if (most > 0) {
        cnn_out_string(&out, "samples ");
        cnn_out_int(&out, most);
        cnn_out_char(&out, '\n');
    }
    bool written = cnn_out_close(&out);
    cnn_out_open(&out, notes);
    if (most > 0 && !json) {
        put_answers(&s, most, &out);
    }
    if (most < INT32_MAX && !json) {
        put_answers(&s, most + 1, &out);
    }
    written = cnn_out_close(&out) && written;
    return written || cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
}
