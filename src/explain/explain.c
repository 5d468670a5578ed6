/* An explanation from its first line to its last: what is assumed, layer by layer, the sums. */
#include "explain/explain.h"

#include "base/shape_text.h"
#include "net/layer_text.h"
#include "ops/op.h"

/* ---- what is assumed ---- */

static bool applies(const cnn_convention *convention, const cnn_network *net)
{
    const uint32_t axes = 1u << net->layers[0].out.axes;
    return (convention->axes == 0 || (convention->axes & axes) != 0) &&
           (convention->when == NULL || cnn_quantity_named(convention->when)->total(net) > 0);
}

void cnn_explain_conventions(const cnn_report *report,
                             void (*put)(cnn_working *to, const char *sentence), cnn_working *to)
{
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        const cnn_quantity *what = &cnn_quantities[i];
        for (size_t k = 0; k < CNN_LENGTH(what->conventions); k++) {
            const cnn_convention *convention = &what->conventions[k];
            if (convention->sentence != NULL && cnn_explain_wants(report, what) &&
                applies(convention, report->net)) {
                put(to, convention->sentence);
            }
        }
    }
}

static void put_input(const cnn_report *report, int32_t index, cnn_working *to)
{
    static const char *const forms[] = {"vector ", "1d ", "", "3d "};
    const cnn_layer *input = &report->net->layers[index];
    cnn_working_put(to, to->style->remark_begin);
    cnn_working_put(to, "input ");
    if (report->net->input_count > 1) {
        cnn_working_escape(to, true);
        cnn_out_text(to->out, input->label);
        cnn_working_escape(to, false);
        cnn_working_put(to, " ");
    }
    cnn_working_put(to, forms[input->out.axes]);
    cnn_working_put(to, to->style->math_begin);
    cnn_working_shape(to, &input->out);
    cnn_working_put(to, to->style->math_end);
    cnn_working_put(to, to->style->remark_end);
}

/* ---- layer by layer ---- */

/* " 4  conv3-64 (neck[2]/a): 64x56x56 -> 64x56x56" */
static void put_heading(const cnn_report *report, int32_t index, int32_t twin, cnn_working *to)
{
    const cnn_layer *layer = &report->net->layers[index];
    const cnn_style *style = to->style;
    cnn_working_put(to, style->heading_begin);
    cnn_out_int(to->out, index - report->net->input_count + 1);
    cnn_working_put(to, style->number_end);
    cnn_working_put(to, style->code_begin);
    cnn_working_escape(to, true);
    cnn_out_layer(to->out, layer);
    cnn_working_escape(to, false);
    cnn_working_put(to, style->code_end);
    if (layer->path != NULL) {
        cnn_working_escape(to, true);
        cnn_working_put(to, " (");
        cnn_out_path(to->out, layer->path);
        cnn_working_put(to, ")");
        cnn_working_escape(to, false);
    }
    cnn_working_put(to, layer->aux ? " (aux): " : ": ");
    cnn_working_put(to, style->math_begin);
    for (int32_t i = 0; i < layer->source_count; i++) {
        cnn_working_put(to, i > 0 ? style->also : "");
        cnn_working_shape(to, &report->net->layers[layer->sources[i]].out);
    }
    cnn_working_put(to, style->arrow);
    cnn_working_shape(to, &layer->out);
    cnn_working_put(to, style->math_end);
    if (twin != index) {
        cnn_working_put(to, ", as layer ");
        cnn_out_int(to->out, twin - report->net->input_count + 1);
    }
    cnn_working_put(to, style->heading_end);
}

static bool put_layers(const cnn_report *report, cnn_working *to, cnn_error *err)
{
    const cnn_network *net = report->net;
    cnn_report inner = *report;
    cnn_twins twins;
    bool repeats = false; /* the line above is only a heading */
    if (!cnn_twins_begin(&twins, net, &inner.scratch)) {
        return cnn_fail_memory(err);
    }
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const int32_t twin = cnn_twins_find(&twins, &report->numbers, i);
        cnn_working_put(to, twin == i || !repeats ? to->style->blank : "");
        repeats = twin != i;
        put_heading(&inner, i, twin, to);
        if (!cnn_explain_steps(&inner, i, twin != i, to, err)) {
            return false;
        }
    }
    return true;
}

/* ---- the entrances ---- */

/* Columns that are no numbers of a layer, like its name, have no working. */
static bool check_columns(const cnn_report *report, cnn_error *err)
{
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_column *column = &report->columns[i];
        if (cnn_column_adds(column) ||
            (column->quantity != NULL && column->quantity->steps != 0 && !column->share)) {
            return true;
        }
    }
    const cnn_text all = report->options->columns;
    err->source = CNN_SOURCE_COLUMNS;
    return cnn_fail(err, CNN_E_EXPLAIN_COLUMNS, (cnn_span){0, (uint32_t)all.size});
}

bool cnn_explain_layer(const cnn_numbers *numbers, int32_t index, cnn_text columns, cnn_working *to,
                       cnn_arena scratch, cnn_error *err)
{
    const cnn_report_options options = {.columns = columns};
    cnn_column chosen[CNN_MAX_COLUMNS];
    cnn_report report = {.net = numbers->net,
                         .options = &options,
                         .columns = chosen,
                         .every_layer = true,
                         .numbers = *numbers,
                         .scratch = scratch,
                         .out = to->out};
    return cnn_columns_choose(&report, err) && check_columns(&report, err) &&
           cnn_explain_steps(&report, index, false, to, err);
}

bool cnn_explain_has_sums(const cnn_report *report)
{
    bool any = false;
    for (int32_t i = 0; i < report->column_count; i++) {
        any = any || cnn_column_adds(&report->columns[i]);
    }
    return any;
}

static bool explain(const cnn_report *report, cnn_working *to, cnn_error *err)
{
    const cnn_style *style = to->style;
    cnn_working_put(to, report->options->standalone ? style->document_begin : "");
    for (int32_t i = 0; i < report->net->input_count; i++) {
        put_input(report, i, to);
    }
    cnn_explain_conventions(report, cnn_working_remark, to);
    if (!put_layers(report, to, err)) {
        return false;
    }
    if (cnn_explain_has_sums(report)) {
        cnn_working_put(to, style->blank);
        cnn_working_put(to, style->heading_begin);
        cnn_working_put(to, "total");
        cnn_working_put(to, style->heading_end);
        cnn_explain_totals(report, to);
    }
    cnn_working_put(to, report->options->standalone ? style->document_end : "");
    return true;
}

bool cnn_explain_write(const cnn_network *net, const cnn_report_options *options, cnn_arena scratch,
                       cnn_writer *writer, cnn_error *err)
{
    cnn_out out;
    cnn_column columns[CNN_MAX_COLUMNS];
    cnn_report report = {
        .net = net, .options = options, .columns = columns, .scratch = scratch, .out = &out};
    cnn_working to = {.out = &out};
    to.style = cnn_style_find(options->format, err);
    if (to.style == NULL || !cnn_report_prepare(&report, options->all, err) ||
        !check_columns(&report, err)) {
        return false;
    }
    bool (*const write)(const cnn_report *report, cnn_working *to, cnn_error *err) =
        to.style->quoted ? cnn_explain_json : explain;
    cnn_out_open(&out, NULL); /* memory may run out late: the first run only counts */
    if (!write(&report, &to, err)) {
        return false;
    }
    cnn_out_open(&out, writer);
    write(&report, &to, err);
    if (!cnn_out_close(&out)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
