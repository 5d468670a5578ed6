/* Reports: what each format needs and who writes it, and the way from options to bytes. */
#include "base/arena.h"
#include "report/bars.h"
#include "report/code.h"

/* What is not here is written elsewhere: a list of layers is the network's own text. */
static const struct {
    bool every_layer; /* always one row per layer */
    bool no_columns;
    bool (*prepare)(cnn_report *report, cnn_error *err);
    void (*write)(cnn_report *report);
} writers[CNN_FORMATS] = {
    [CNN_FORMAT_TABLE] = {.prepare = cnn_prepare_table, .write = cnn_write_table},
    [CNN_FORMAT_TSV] = {.write = cnn_write_delimited},
    [CNN_FORMAT_CSV] = {.write = cnn_write_delimited},
    [CNN_FORMAT_JSON] = {.every_layer = true, .prepare = cnn_prepare_json, .write = cnn_write_json},
    [CNN_FORMAT_MARKDOWN] = {.write = cnn_write_markdown},
    [CNN_FORMAT_LATEX] = {.write = cnn_write_latex},
    [CNN_FORMAT_SVG] = {.no_columns = true, .prepare = cnn_prepare_svg, .write = cnn_write_svg},
    [CNN_FORMAT_DOT] = {.every_layer = true, .no_columns = true, .write = cnn_write_dot},
    [CNN_FORMAT_BARS] = {.prepare = cnn_prepare_bars, .write = cnn_write_bars},
    [CNN_FORMAT_PLOT] = {.prepare = cnn_prepare_plot, .write = cnn_write_plot},
    [CNN_FORMAT_PYTORCH] = {.no_columns = true,
                            .prepare = cnn_prepare_pytorch,
                            .write = cnn_write_pytorch},
    [CNN_FORMAT_KERAS] = {.no_columns = true,
                          .prepare = cnn_prepare_keras,
                          .write = cnn_write_keras},
};

/* Columns that do not fit are an error; totals that are not shown are left out. */
static bool sum_columns(cnn_report *report, cnn_error *err)
{
    const cnn_network *net = report->net;
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_column *column = &report->columns[i];
        const cnn_quantity *what = column->quantity;
        if (what != NULL && what->kind == CNN_QUANTITY_COUNT &&
            !cnn_total_of(what, &report->numbers, &column->total)) {
            return cnn_fail_overflow(err, what, net);
        }
    }
    return true;
}

/* All of them are read, also where the format shows nothing of it: a wrong name is told. */
static bool read_settings(cnn_report *report, cnn_error *err)
{
    const cnn_report_options *o = report->options;
    cnn_numbers *numbers = &report->numbers;
    return cnn_numbers_begin(numbers, report->net, o->dtype, o->samples, err) &&
           cnn_numbers_train(numbers, o->train, o->device, o->checkpoint, err) &&
           cnn_numbers_checkpoint(numbers, &report->scratch, err);
}

bool cnn_report_prepare(cnn_report *report, bool every_layer, cnn_error *err)
{
    report->every_layer = every_layer;
    if (!read_settings(report, err) || !cnn_columns_choose(report, err)) {
        return false;
    }
    uint32_t needs = 0;
    for (int32_t i = 0; i < report->column_count; i++) {
        /* only what is shown is analysed: fields and memory take time */
        const cnn_quantity *what = report->columns[i].quantity;
        needs |= what != NULL ? what->needs : 0;
    }
    return cnn_numbers_prepare(&report->numbers, needs, &report->scratch, err) &&
           sum_columns(report, err);
}

bool cnn_report_write(const cnn_network *net, const cnn_report_options *options, cnn_arena scratch,
                      cnn_writer *to, cnn_error *err)
{
    const cnn_format *format = cnn_format_for(options->format, CNN_TASK_REPORT, err);
    cnn_out out;
    if (format == NULL) {
        return false;
    }
    /* pictures and code need every size; tables do without */
    const bool whole = writers[format->kind].no_columns || format->kind == CNN_FORMAT_LAYERS;
    if (whole && net->layers[net->output].out.channels == 0) { /* pasted code without a size */
        return cnn_fail(err, CNN_E_PASTE_NO_INPUT, (cnn_span){0, 0});
    }
    if (writers[format->kind].no_columns && options->columns.size > 0) {
        const cnn_span all = {0, (uint32_t)options->columns.size};
        err->source = CNN_SOURCE_COLUMNS;
        return cnn_fail_words(err, CNN_E_PICTURE_COLUMNS, all, cnn_text_of(format->name),
                              (cnn_text){0});
    }
    cnn_column columns[CNN_MAX_COLUMNS];
    cnn_report report = {.net = net,
                         .options = options,
                         .columns = columns,
                         .format = format,
                         .machine = format->machine,
                         .scratch = scratch,
                         .out = &out};
    if (format->kind == CNN_FORMAT_LAYERS) {
        return read_settings(&report, err) && cnn_code_check_list(net, err) &&
               cnn_network_write(net, scratch, to, err);
    }
    const bool every_layer = options->all || writers[format->kind].every_layer;
    if (!cnn_report_prepare(&report, every_layer, err) ||
        (writers[format->kind].prepare != NULL && !writers[format->kind].prepare(&report, err))) {
        return false;
    }
    cnn_out_open(&out, to);
    writers[format->kind].write(&report);
    if (!cnn_out_close(&out)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}

bool cnn_memory_shown(const cnn_report_options *options, bool batch)
{
    cnn_error ignored = {0};
    const cnn_format *format =
        cnn_format_for(options->format, batch ? CNN_TASK_BATCH : CNN_TASK_REPORT, &ignored);
    const bool whole =
        options->train.size > 0 || (format != NULL && format->kind == CNN_FORMAT_JSON);
    if (format == NULL || (!batch && whole)) {
        return true; /* an unknown format is reported elsewhere */
    }
    /* of the columns that are named, some may depend on the data type */
    for (cnn_text rest = options->columns; rest.size > 0;) {
        cnn_text name = cnn_text_trim(cnn_text_split(&rest, ','));
        if (name.size > 0 && name.data[0] == '+') {
            name = cnn_text_skip(name, 1);
        }
        cnn_column column;
        const cnn_quantity *what =
            cnn_column_find(name, &column) ? column.quantity : cnn_quantity_find(name);
        const bool below = !batch && format->kind == CNN_FORMAT_TABLE; /* the lines of memory */
        if (what != NULL && (what->scaled || (below && what->with_input))) {
            return true;
        }
    }
    return false;
}
