/* An explanation from its first line to its last: what is assumed, layer by layer, the sums. */
#include "explain/explain.h"

#include "base/shape_text.h"
#include "net/layer_text.h"
#include "ops/op.h"

/* ---- what is assumed ---- */

static bool always(const cnn_network *net)
{
    (void)net;
    return true;
}

static bool has_biases(const cnn_network *net)
{
    return net->totals.biases > 0;
}

static bool has_statistics(const cnn_network *net)
{
    return net->totals.statistics > 0;
}

static bool has_macs(const cnn_network *net)
{
    return net->totals.macs > 0;
}

/* Names of formulas, and conventions where exercises disagree: for a column, and when it applies.
 */
static const struct {
    const char *column;
    bool (*applies)(const cnn_network *net);
    const char *sentence;
} assumptions[] = {
    {"output", always,
     "W, H, C: width, height and channels of what enters; k kernel, s stride, p padding at each\n"
     "side, d dilation; N filters or units; O a side of the output."},
    {"params", has_biases, "Biases count as parameters: one for each filter or unit."},
    {"params", has_statistics,
     "A batch norm has 2C parameters, a scale and a shift for each channel; its means and\n"
     "variances are not trained and not counted."},
    {"macs", has_macs,
     "A MAC is one use of a weight; biases, norms, pooling and functions count none. FLOPs are\n"
     "twice the MACs. Ho, Wo: height and width of the output."},
    {"rf", always,
     "The receptive field r grows by e - 1 jumps, where e is how many positions of the layer\n"
     "before it are seen; the jump j is the number of pixels from one position to the next."},
    {"start", always,
     "x: the middle of the first position's field, where the first pixel's middle is 0.5;\n"
     "o: how far the middle of the first window lies behind the first position."},
    {"activations", always, "Functions work in place and add no values; the input counts."},
    {"memory", always,
     "v values, n samples, b bytes of a value. Functions work in place and add no values;\n"
     "the input counts."},
};

static void put_assumptions(const cnn_report *report, cnn_working *to)
{
    for (size_t i = 0; i < CNN_LENGTH(assumptions); i++) {
        if (cnn_explain_wants(report, assumptions[i].column) &&
            assumptions[i].applies(report->net)) {
            cnn_working_remark(to, assumptions[i].sentence);
        }
    }
}

static void put_input(const cnn_report *report, cnn_working *to)
{
    const cnn_shape *input = &report->net->layers[0].out;
    cnn_working_put(to, to->style->remark_begin);
    cnn_working_put(to, input->axes == 0 ? "input vector " : "input ");
    cnn_working_put(to, to->style->math_begin);
    cnn_working_shape(to, input);
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
    cnn_out_int(to->out, index);
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
        cnn_out_int(to->out, twin);
    }
    cnn_working_put(to, style->heading_end);
}

static bool put_layers(const cnn_report *report, cnn_working *to, cnn_error *err)
{
    const cnn_network *net = report->net;
    cnn_report inner = *report;
    cnn_twins twins;
    bool repeats = false; /* what stands above is only a heading */
    if (!cnn_twins_begin(&twins, net, &inner.scratch)) {
        return cnn_fail_memory(err);
    }
    for (int32_t i = 1; i < net->layer_count; i++) {
        const int32_t twin = cnn_twins_find(&twins, net, i);
        cnn_working_put(to, twin == i || !repeats ? to->style->blank : "");
        repeats = twin != i;
        put_heading(&inner, i, twin, to);
        if (!cnn_explain_steps(&inner, i, twin != i, to, err)) {
            return false;
        }
    }
    return true;
}

/* ---- the front doors ---- */

/* Columns that are no numbers of a layer, like its name, have no working. */
static bool check_columns(const cnn_report *report, cnn_error *err)
{
    if (cnn_explain_any(report)) {
        return true;
    }
    const cnn_text all = report->options->columns;
    err->source = CNN_SOURCE_COLUMNS;
    return cnn_fail(err, CNN_E_EXPLAIN_COLUMNS, (cnn_span){0, (uint32_t)all.size});
}

static bool begin(cnn_report *report, cnn_working *to, bool every_layer, cnn_error *err)
{
    to->style = cnn_style_find(report->options->format, err);
    return to->style != NULL && cnn_report_prepare(report, every_layer, err) &&
           check_columns(report, err);
}

bool cnn_explain_layer(const cnn_network *net, int32_t index, cnn_text columns, cnn_text format,
                       cnn_arena scratch, cnn_out *out, cnn_error *err)
{
    const cnn_report_options options = {.columns = columns, .format = format};
    cnn_report report = {.net = net, .options = &options, .scratch = scratch, .out = out};
    cnn_working to = {.out = out};
    return begin(&report, &to, true, err) && cnn_explain_steps(&report, index, false, &to, err);
}

static bool has_sums(const cnn_report *report)
{
    bool any = false;
    for (int32_t i = 0; i < report->column_count; i++) {
        any = any || report->columns[i]->adds;
    }
    return any;
}

/* Out of memory may show itself late, so a run that only counts comes before the one that writes.
 */
static bool explain(cnn_report *report, cnn_working *to, cnn_error *err)
{
    const cnn_style *style = to->style;
    cnn_working_put(to, report->options->standalone ? style->document_begin : "");
    put_input(report, to);
    put_assumptions(report, to);
    if (!put_layers(report, to, err)) {
        return false;
    }
    if (has_sums(report)) {
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
    cnn_report report = {.net = net, .options = options, .scratch = scratch, .out = &out};
    cnn_working to = {.out = &out};
    if (!begin(&report, &to, options->all, err)) {
        return false;
    }
    cnn_out_open(&out, NULL);
    if (!explain(&report, &to, err)) {
        return false;
    }
    cnn_out_open(&out, writer);
    explain(&report, &to, err);
    if (!cnn_out_close(&out)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
