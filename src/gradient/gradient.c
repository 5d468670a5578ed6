/* The front doors: options in, text out. Nothing is written before everything that can fail is
 * done. */
#include <math.h>

#include "base/arena.h"
#include "base/format.h"
#include "gradient/elementary.h"
#include "gradient/show.h"
#include "gradient/values.h"

static const cnn_show_format *const formats[CNN_FORMATS] = {
    [CNN_FORMAT_TABLE] = &cnn_show_text,
    [CNN_FORMAT_MARKDOWN] = &cnn_show_markdown,
    [CNN_FORMAT_LATEX] = &cnn_show_latex,
    [CNN_FORMAT_JSON] = &cnn_show_json,
};

const cnn_show_format *cnn_show_format_find(cnn_text name, cnn_error *err)
{
    const cnn_format *format = cnn_format_for(name, CNN_TASK_GRADIENTS, err);
    return format != NULL ? formats[format->kind] : NULL;
}

void cnn_show_each(cnn_show *show, bool backward, void (*put)(cnn_show *show, const cnn_line *line))
{
    bool (*const next)(const cnn_chain *, int32_t, cnn_line *) =
        backward ? cnn_derive_backward : cnn_derive_forward;
    cnn_line line;
    for (int32_t i = 0; next(show->chain, i, &line); i++) {
        if (line.what != NULL) {
            put(show, &line);
        }
    }
}

static bool write_all(cnn_show *show, void (*write)(cnn_show *), cnn_writer *to, cnn_error *err)
{
    cnn_out out;
    show->out = &out;
    cnn_out_open(&out, to);
    write(show);
    return cnn_out_close(&out) || cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
}

bool cnn_gradient_derive(const cnn_network *net, const cnn_gradient_options *options,
                         cnn_arena scratch, cnn_writer *to, cnn_error *err)
{
    const cnn_show_format *format = cnn_show_format_find(options->format, err);
    cnn_chain chain;
    if (format == NULL || !cnn_chain_make(&chain, net, options->loss, &scratch, err)) {
        return false;
    }
    cnn_arena formula = scratch;
    if (cnn_arena_take(&formula, CNN_SHOW_FORMULA, 1) == NULL) {
        return cnn_fail_memory(err);
    }
    cnn_show show = {.chain = &chain, .scratch = scratch};
    return write_all(&show, format->derivation, to, err);
}

/* The point that is given, or a random one. */
static bool fill_point(const cnn_chain *chain, const cnn_gradient_options *options,
                       const cnn_point *point, cnn_arena scratch, cnn_error *err)
{
    if (options->values.data == NULL) {
        cnn_point_random(chain, point, options->seed);
    } else if (!cnn_values_read(chain, options->values, point, scratch, err)) {
        return false;
    }
    cnn_chain_forward(chain, point, 0);
    cnn_chain_backward(chain, point, NULL);
    const cnn_value *q = cnn_point_infinite(chain, point);
    if (q == NULL) {
        return true;
    }
    cnn_span span = {0, 0};
    if (options->values.data != NULL) {
        err->source = CNN_SOURCE_VALUES;
    } else {
        span = q->step < 0 ? cnn_chain_span(chain) : chain->steps[q->step].layer->span;
    }
    return cnn_fail_words(err, CNN_E_NOT_FINITE, span, cnn_text_of(q->name), (cnn_text){0});
}

bool cnn_gradient_compute(const cnn_network *net, const cnn_gradient_options *options,
                          cnn_arena scratch, cnn_writer *to, cnn_error *err)
{
    const cnn_show_format *format = cnn_show_format_find(options->format, err);
    cnn_chain chain;
    cnn_point point;
    if (format == NULL || !cnn_chain_make(&chain, net, options->loss, &scratch, err) ||
        !cnn_chain_affordable(&chain, CNN_GRADIENT_VALUES, CNN_GRADIENT_WORK, err) ||
        !cnn_point_make(&chain, &point, &scratch, err) ||
        !fill_point(&chain, options, &point, scratch, err)) {
        return false;
    }
    double *room = CNN_NEW_ARRAY(&scratch, double, chain.values);
    if (room == NULL) {
        return cnn_fail_memory(err);
    }
    const cnn_deviation deviation = cnn_chain_deviation(&chain, &point, room);
    cnn_show show = {.chain = &chain,
                     .point = &point,
                     .deviation = &deviation,
                     .with_values = options->values.data == NULL,
                     .scratch = scratch};
    return write_all(&show, format->numbers, to, err);
}

/*
 * A point tells something only where no gradient vanishes, as behind a relu that is 0 everywhere,
 * and where the numbers are of a size that can be multiplied without losing digits. NULL: it does.
 */
static const cnn_value *find_vanished(const cnn_chain *chain, const cnn_point *point)
{
    for (int32_t i = 0; i < chain->quantity_count; i++) {
        const cnn_value *q = &chain->quantities[i];
        double size = 0; /* no number when one of them is none */
        for (int64_t k = 0; k < cnn_dims_count(&q->dims); k++) {
            size += fabs(point->slope[q->at + k]);
        }
        if (cnn_is_variable(q) && !(fabs(cnn_log(size)) < 345)) { /* 10^-150 to 10^150 */
            return q;
        }
    }
    return NULL;
}

/* The next random point that tells something. */
static bool find_point(const cnn_chain *chain, const cnn_point *point, uint64_t *seed,
                       cnn_error *err)
{
    enum { TRIES = 1000 };
    const int64_t affordable = CNN_GRADIENT_WORK / (chain->work + chain->values) + 10;
    const cnn_value *vanished = &chain->quantities[chain->loss_at];
    for (int64_t left = affordable < TRIES ? affordable : TRIES; left > 0; left--) {
        cnn_point_random(chain, point, ++*seed);
        cnn_chain_forward(chain, point, 0);
        cnn_chain_backward(chain, point, NULL);
        vanished = find_vanished(chain, point);
        if (vanished == NULL) {
            return true;
        }
    }
    return cnn_fail_words(err, CNN_E_VANISHED, cnn_chain_span(chain), cnn_text_of(vanished->name),
                          (cnn_text){0});
}

static bool make_points(cnn_assertions *sheet, const cnn_gradient_options *options)
{
    uint64_t seed = options->seed;
    for (int32_t i = 0; i < CNN_POINTS; i++) {
        if (!cnn_point_make(sheet->chain, &sheet->points[i], &sheet->arena, sheet->err)) {
            return false;
        }
        if (i == 0 && options->values.data != NULL) {
            if (!fill_point(sheet->chain, options, &sheet->points[0], sheet->arena, sheet->err)) {
                return false;
            }
        } else if (!find_point(sheet->chain, &sheet->points[i], &seed, sheet->err)) {
            return false;
        }
    }
    return cnn_point_make(sheet->chain, &sheet->spare, &sheet->arena, sheet->err);
}

bool cnn_gradient_check(const cnn_network *net, const cnn_gradient_options *options,
                        cnn_text claims, cnn_arena scratch, cnn_writer *to, int32_t *wrong,
                        cnn_error *err)
{
    const cnn_show_format *format = cnn_show_format_find(options->format, err);
    cnn_chain chain;
    *wrong = 0;
    if (format == NULL || !cnn_chain_make(&chain, net, options->loss, &scratch, err) ||
        !cnn_chain_affordable(&chain, CNN_CLAIM_VALUES, CNN_CLAIM_WORK, err)) {
        return false;
    }
    cnn_assertions sheet = {.chain = &chain, .text = claims, .arena = scratch, .err = err};
    if (!cnn_assertions_read(&sheet)) {
        err->source = CNN_SOURCE_CLAIM;
        return false;
    }
    if (!make_points(&sheet, options)) {
        return false;
    }
    if (!cnn_assertions_judge(&sheet)) {
        err->source = CNN_SOURCE_CLAIM;
        return false;
    }
    for (int32_t i = 0; i < sheet.count; i++) {
        *wrong += sheet.claims[i].judgement == CNN_JUDGED_WRONG;
    }
    cnn_show show = {.chain = &chain, .sheet = &sheet, .scratch = sheet.arena};
    return write_all(&show, format->claims, to, err);
}
