/* The front doors: options in, text out. Nothing is written before everything that can fail is
 * done. */
#include "base/arena.h"
#include "base/format.h"
#include "gradient/points.h"
#include "gradient/show.h"

/* cnn_format_for returns only formats that are in this table. */
static const cnn_show_format *const formats[CNN_FORMATS] = {
    [CNN_FORMAT_TABLE] = &cnn_show_text,
    [CNN_FORMAT_MARKDOWN] = &cnn_show_markdown,
    [CNN_FORMAT_LATEX] = &cnn_show_latex,
    [CNN_FORMAT_JSON] = &cnn_show_json,
};

/* NULL with an error when the name is unknown. */
static const cnn_show_format *find_format(cnn_text name, cnn_error *err)
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
    const cnn_show_format *format = find_format(options->format, err);
    cnn_chain chain;
    if (format == NULL || !cnn_chain_make(&chain, net, options->loss, &scratch, err)) {
        return false;
    }
    /* writing cannot fail halfway: what one formula takes is there before */
    cnn_arena formula = scratch;
    if (cnn_arena_take(&formula, CNN_SHOW_FORMULA, 1) == NULL) {
        return cnn_fail_memory(err);
    }
    cnn_show show = {.chain = &chain, .scratch = scratch};
    return write_all(&show, format->derivation, to, err);
}

bool cnn_gradient_compute(const cnn_network *net, const cnn_gradient_options *options,
                          cnn_arena scratch, cnn_writer *to, cnn_error *err)
{
    const cnn_show_format *format = find_format(options->format, err);
    cnn_chain chain;
    cnn_point point;
    if (format == NULL || !cnn_chain_make(&chain, net, options->loss, &scratch, err) ||
        !cnn_chain_affordable(&chain, CNN_GRADIENT_VALUES, CNN_GRADIENT_WORK, err) ||
        !cnn_point_make(&chain, &point, &scratch, err) ||
        !cnn_point_fill(&chain, options, &point, scratch, err)) {
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
                     /* random values are shown, the caller's own are not repeated */
                     .with_values = options->values.size == 0,
                     .scratch = scratch};
    return write_all(&show, format->numbers, to, err);
}

/* What is not a derivation's own line is evaluated at points. */
static bool judge(cnn_gradient_sheet *sheet, const cnn_gradient_options *options)
{
    if (!cnn_chain_affordable(sheet->chain, CNN_CLAIM_VALUES, CNN_CLAIM_WORK, sheet->err) ||
        !cnn_points_choose(&sheet->points, sheet->chain, options, &sheet->arena, sheet->err) ||
        !cnn_point_make(sheet->chain, &sheet->spare, &sheet->arena, sheet->err)) {
        return false;
    }
    if (!cnn_gradient_sheet_judge(sheet)) {
        sheet->err->source = CNN_SOURCE_CLAIM;
        return false;
    }
    return true;
}

bool cnn_gradient_check(const cnn_network *net, const cnn_gradient_options *options,
                        cnn_text claims, cnn_arena scratch, cnn_writer *to, int32_t *wrong,
                        cnn_error *err)
{
    const cnn_show_format *format = find_format(options->format, err);
    cnn_chain chain;
    *wrong = 0;
    if (format == NULL || !cnn_chain_make(&chain, net, options->loss, &scratch, err)) {
        return false;
    }
    cnn_gradient_sheet sheet = {.chain = &chain, .text = claims, .arena = scratch, .err = err};
    if (!cnn_gradient_sheet_read(&sheet)) {
        err->source = CNN_SOURCE_CLAIM;
        return false;
    }
    if (options->loss.size == 0 && !cnn_gradient_sheet_adopt_loss(&sheet, &chain, options->seed)) {
        return false;
    }
    /* A sheet that a derivation printed is right without any numbers, however large its network
     * is. */
    if (!cnn_gradient_sheet_derived(&sheet) && !judge(&sheet, options)) {
        return false;
    }
    for (int32_t i = 0; i < sheet.count; i++) {
        *wrong += sheet.claims[i].judgement == CNN_JUDGED_WRONG;
    }
    cnn_show show = {.chain = &chain, .sheet = &sheet, .scratch = sheet.arena};
    return write_all(&show, format->claims, to, err);
}
