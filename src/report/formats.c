/* The table of formats, and the report's front door. */
#include "base/arena.h"
#include "report/report.h"

const cnn_format cnn_formats[] = {
    {.name = "table",
     .brief = "aligned columns for people",
     .prepare = cnn_prepare_table,
     .write = cnn_write_table},
    {.name = "tsv",
     .brief = "tab-separated values: header, rows, total",
     .machine = true,
     .write = cnn_write_tsv},
    {.name = "csv",
     .brief = "comma-separated values, quoted where needed",
     .machine = true,
     .write = cnn_write_csv},
    {.name = "json",
     .brief = "one JSON object with every layer and the totals",
     .machine = true,
     .every_layer = true,
     .totals = true,
     .write = cnn_write_json},
    {.name = "markdown", .brief = "a Markdown table", .write = cnn_write_markdown},
    {.name = "latex",
     .brief = "a LaTeX table; with --explain the working, for amsmath",
     .write = cnn_write_latex},
    {.name = "svg",
     .brief = "a picture: a box for each item, as papers draw networks",
     .machine = true,
     .prepare = cnn_prepare_svg,
     .write = cnn_write_svg},
    {.name = "dot",
     .brief = "the graph of all layers, for Graphviz",
     .machine = true,
     .every_layer = true,
     .write = cnn_write_dot},
};

const size_t cnn_format_count = CNN_LENGTH(cnn_formats);

const cnn_format *cnn_format_find(cnn_text name, cnn_error *err)
{
    cnn_nearest nearest = cnn_nearest_to(name);
    for (size_t i = 0; i < cnn_format_count; i++) {
        if (name.size == 0 || cnn_text_is(name, cnn_formats[i].name)) {
            return &cnn_formats[i];
        }
        cnn_nearest_offer(&nearest, cnn_text_of(cnn_formats[i].name));
    }
    err->source = CNN_SOURCE_FORMAT;
    cnn_fail_words(err, CNN_E_FORMAT, (cnn_span){0, (uint32_t)name.size}, name, nearest.best);
    return NULL;
}

bool cnn_format_answers(const cnn_format *format, cnn_text name, int32_t code, bool *json,
                        cnn_error *err)
{
    *json = format->write == cnn_write_json;
    if (!*json && format != cnn_formats) {
        err->source = CNN_SOURCE_FORMAT;
        return cnn_fail_words(err, code, (cnn_span){0, (uint32_t)name.size}, name, (cnn_text){0});
    }
    return true;
}

static const struct {
    const char *name;
    int64_t bytes;
} dtypes[] = {{"f32", 4}, {"f16", 2}, {"bf16", 2}, {"f64", 8}, {"i8", 1}};

bool cnn_dtype_choose(cnn_report *report, cnn_error *err)
{
    const cnn_text name = report->options->dtype;
    for (size_t i = 0; i < CNN_LENGTH(dtypes); i++) {
        if (name.size == 0 || cnn_text_is(name, dtypes[i].name)) {
            report->numbers.value_bytes = dtypes[i].bytes;
            report->dtype = cnn_text_of(dtypes[i].name);
            return true;
        }
    }
    err->source = CNN_SOURCE_DTYPE;
    return cnn_fail_words(err, CNN_E_DTYPE, (cnn_span){0, (uint32_t)name.size}, name,
                          (cnn_text){0});
}

/* Columns that do not fit are an error; totals that nobody asked for are left out. */
static bool sum_columns(cnn_report *report, cnn_error *err)
{
    const cnn_network *net = report->net;
    const cnn_subject all = cnn_subject_total(net);
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_column *column = &report->columns[i];
        const cnn_quantity *what = column->quantity;
        if (what != NULL && what->kind == CNN_QUANTITY_COUNT &&
            !cnn_sum_of(what, &all, net->layers, &report->numbers, &column->total)) {
            return cnn_fail_words(err, CNN_E_OVERFLOW, net->layers[net->layer_count - 1].span,
                                  cnn_text_of(what->whole != NULL ? what->whole : what->noun),
                                  (cnn_text){0});
        }
    }
    return true;
}

bool cnn_report_prepare(cnn_report *report, bool every_layer, uint32_t needs, cnn_error *err)
{
    report->every_layer = every_layer;
    report->numbers.net = report->net;
    report->numbers.samples = report->options->samples == 0 ? 1 : report->options->samples;
    if (!cnn_dtype_choose(report, err) || !cnn_columns_choose(report, err)) {
        return false;
    }
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_quantity *what = report->columns[i].quantity;
        needs |= what != NULL ? what->needs : 0;
    }
    return cnn_numbers_prepare(&report->numbers, needs, &report->scratch, err) &&
           sum_columns(report, err);
}

/* What the totals of a format need that shows them all. */
static uint32_t needs_of_totals(void)
{
    uint32_t needs = 0;
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        needs |= (cnn_quantities[i].shown & CNN_IN_TOTALS) != 0 ? cnn_quantities[i].needs : 0;
    }
    return needs;
}

bool cnn_report_write(const cnn_network *net, const cnn_report_options *options, cnn_arena scratch,
                      cnn_writer *to, cnn_error *err)
{
    const cnn_format *format = cnn_format_find(options->format, err);
    cnn_out out;
    if (format == NULL) {
        return false;
    }
    cnn_report report = {.net = net,
                         .options = options,
                         .machine = format->machine,
                         .scratch = scratch,
                         .out = &out};
    const uint32_t needs = format->totals ? needs_of_totals() : 0;
    if (!cnn_report_prepare(&report, options->all || format->every_layer, needs, err) ||
        (format->prepare != NULL && !format->prepare(&report, err))) {
        return false;
    }
    cnn_out_open(&out, to);
    format->write(&report);
    if (!cnn_out_close(&out)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
