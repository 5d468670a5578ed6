/* What another program would report for this network, and where the difference comes from. */
#include "base/arena.h"
#include "base/checked.h"
#include "compare/tools.h"
#include "net/layer_text.h"
#include "report/report.h"

typedef struct comparison {
    const cnn_tool_report *report;
    const cnn_quantity *measure;
    cnn_numbers numbers;
    int64_t ours, theirs;
    int32_t differences;
    cnn_out *out;
} comparison;

/* The rule for a layer; NULL: it counts as with us. Heads do not run. */
static const cnn_tool_rule *rule_of(const cnn_tool_report *report, const cnn_layer *layer)
{
    for (int32_t i = 0; report->rules[i].count != NULL; i++) {
        if ((report->rules[i].roles >> layer->op->role & 1) != 0) {
            return &report->rules[i];
        }
    }
    return NULL;
}

static bool count_layer(const comparison *c, int32_t index, int64_t *ours, int64_t *theirs,
                        const cnn_tool_rule **rule)
{
    const cnn_layer *layer = &c->numbers.net->layers[index];
    if (!cnn_layer_count(c->measure, layer, &c->numbers, ours)) {
        return false;
    }
    *rule = rule_of(c->report, layer);
    *theirs = *ours;
    const bool runs = !layer->aux || *ours > 0;
    return *rule == NULL || !runs || (*rule)->count(layer, &c->numbers, theirs);
}

static bool sum(comparison *c)
{
    const cnn_network *net = c->numbers.net;
    const cnn_tool_rule *rule;
    int64_t ours, theirs;
    c->ours = c->theirs = c->differences = 0;
    for (int32_t i = c->measure->with_input ? 0 : 1; i < net->layer_count; i++) {
        if (!count_layer(c, i, &ours, &theirs, &rule) ||
            !cnn_checked_add(c->ours, ours, &c->ours) ||
            !cnn_checked_add(c->theirs, theirs, &c->theirs)) {
            return false;
        }
        c->differences += ours != theirs;
    }
    return true;
}

/* ---- text ---- */

static int64_t width_of(int64_t n)
{
    cnn_out probe;
    cnn_out_open(&probe, NULL);
    cnn_out_grouped(&probe, n);
    return probe.count;
}

static void put_right(cnn_out *out, int64_t n, int64_t width)
{
    cnn_out_fill(out, ' ', width - width_of(n));
    cnn_out_grouped(out, n);
}

static void put_difference(cnn_out *out, int64_t n, int64_t width)
{
    cnn_out_fill(out, ' ', width - width_of(n) - (n >= 0 ? 1 : 0));
    cnn_out_string(out, n >= 0 ? "+" : "");
    cnn_out_grouped(out, n);
}

static int64_t name_width(const cnn_layer *layer)
{
    cnn_out probe;
    cnn_out_open(&probe, NULL);
    cnn_out_layer(&probe, layer);
    return probe.count;
}

/* Every layer was counted before, for the sums. */

/* index, layer, ours, theirs, difference, why */
static void put_lines(const comparison *c)
{
    const cnn_network *net = c->numbers.net;
    const int64_t ours_width = width_of(c->ours) > 4 ? width_of(c->ours) : 4;
    const int64_t theirs_width = width_of(c->theirs) > 6 ? width_of(c->theirs) : 6;
    const int64_t index_width = width_of(net->layer_count);
    int64_t names = 5, ours, theirs;
    const cnn_tool_rule *rule;
    for (int32_t i = 0; i < net->layer_count; i++) {
        (void)count_layer(c, i, &ours, &theirs, &rule);
        const int64_t width = ours != theirs ? name_width(&net->layers[i]) : 0;
        names = width > names ? width : names;
    }
    for (int32_t i = c->measure->with_input ? 0 : 1; i < net->layer_count; i++) {
        (void)count_layer(c, i, &ours, &theirs, &rule);
        if (ours == theirs) {
            continue;
        }
        cnn_out_string(c->out, "  ");
        put_right(c->out, i, index_width);
        cnn_out_string(c->out, "  ");
        cnn_out_layer(c->out, &net->layers[i]);
        cnn_out_fill(c->out, ' ', names - name_width(&net->layers[i]) + 2);
        put_right(c->out, ours, ours_width);
        cnn_out_string(c->out, "  ");
        put_right(c->out, theirs, theirs_width);
        cnn_out_string(c->out, "  ");
        put_difference(c->out, theirs - ours, theirs_width + 1);
        cnn_out_string(c->out, "  ");
        cnn_out_string(c->out, rule->why);
        cnn_out_char(c->out, '\n');
    }
}

static void put_text(const comparison *c)
{
    cnn_out *out = c->out;
    cnn_out_string(out, c->report->tool);
    cnn_out_string(out, ", ");
    cnn_out_string(out, c->report->called);
    cnn_out_string(out, ": ");
    cnn_out_grouped(out, c->theirs);
    cnn_out_string(out, "\n  ");
    cnn_out_string(out, c->measure->noun);
    cnn_out_string(out, " here: ");
    cnn_out_grouped(out, c->ours);
    cnn_out_string(out, ", difference ");
    put_difference(out, c->theirs - c->ours, 0);
    cnn_out_char(out, '\n');
    if (c->report->remark != NULL) {
        cnn_out_string(out, "  ");
        cnn_out_string(out, c->report->remark);
        cnn_out_char(out, '\n');
    }
    put_lines(c);
}

/* ---- JSON ---- */

static void put_json(const comparison *c)
{
    cnn_out *out = c->out;
    const cnn_tool_rule *rule;
    int64_t ours, theirs;
    bool begun = false;
    cnn_out_string(out, "{\"what\":\"");
    cnn_out_string(out, c->measure->name);
    cnn_out_string(out, "\",\"called\":\"");
    cnn_out_string(out, c->report->called);
    cnn_out_string(out, "\",\"ours\":");
    cnn_out_int(out, c->ours);
    cnn_out_string(out, ",\"theirs\":");
    cnn_out_int(out, c->theirs);
    cnn_out_string(out, ",\"differences\":[");
    for (int32_t i = c->measure->with_input ? 0 : 1; i < c->numbers.net->layer_count; i++) {
        (void)count_layer(c, i, &ours, &theirs, &rule);
        if (ours == theirs) {
            continue;
        }
        cnn_out_string(out, begun ? ",\n    {\"layer\":" : "\n    {\"layer\":");
        begun = true;
        cnn_out_int(out, i);
        cnn_out_string(out, ",\"ours\":");
        cnn_out_int(out, ours);
        cnn_out_string(out, ",\"theirs\":");
        cnn_out_int(out, theirs);
        cnn_out_string(out, ",\"why\":\"");
        cnn_out_string(out, rule->why);
        cnn_out_string(out, "\"}");
    }
    cnn_out_string(out, "]}");
}

/* ---- all reports of a tool ---- */

static bool fail_tool(cnn_text tool, cnn_error *err)
{
    cnn_nearest nearest = cnn_nearest_to(tool);
    for (size_t i = 0; i < cnn_tool_report_count; i++) {
        cnn_nearest_offer(&nearest, cnn_text_of(cnn_tool_reports[i].tool));
    }
    err->source = CNN_SOURCE_LIKE;
    return cnn_fail_words(err, CNN_E_TOOL, (cnn_span){0, (uint32_t)tool.size}, tool, nearest.best);
}

/* Checks every sum before anything is written. */
static bool prepare(const cnn_numbers *numbers, cnn_text tool, comparison *all, int32_t *count,
                    cnn_error *err)
{
    for (size_t i = 0; i < cnn_tool_report_count; i++) {
        if (!cnn_text_is(tool, cnn_tool_reports[i].tool)) {
            continue;
        }
        comparison *c = &all[(*count)++];
        *c = (comparison){.report = &cnn_tool_reports[i],
                          .measure = cnn_quantity_find(cnn_text_of(cnn_tool_reports[i].measure)),
                          .numbers = *numbers};
        if (!sum(c)) {
            const cnn_network *net = numbers->net;
            return cnn_fail_words(err, CNN_E_OVERFLOW, net->layers[net->layer_count - 1].span,
                                  cnn_text_of("the other program's total"), (cnn_text){0});
        }
    }
    if (*count == 0) {
        return fail_tool(tool, err);
    }
    return true;
}

bool cnn_like_write(const cnn_network *net, cnn_text tool, const cnn_report_options *options,
                    cnn_arena scratch, cnn_writer *to, cnn_error *err)
{
    const cnn_format *format = cnn_format_for(options->format, CNN_TASK_LIKE, err);
    cnn_numbers numbers;
    if (format == NULL ||
        !cnn_numbers_begin(&numbers, net, options->dtype, options->samples, err)) {
        return false;
    }
    const bool json = format->kind == CNN_FORMAT_JSON;
    comparison *all = CNN_NEW_ARRAY(&scratch, comparison, cnn_tool_report_count);
    int32_t count = 0;
    if (all == NULL) {
        return cnn_fail_memory(err);
    }
    if (!prepare(&numbers, tool, all, &count, err)) {
        return false;
    }
    cnn_out out;
    cnn_out_open(&out, to);
    cnn_out_string(&out, json ? "{\"like\":\"" : "");
    cnn_out_string(&out, json ? all[0].report->tool : "");
    cnn_out_string(&out, json ? "\",\"reports\":[" : "");
    for (int32_t i = 0; i < count; i++) {
        all[i].out = &out;
        cnn_out_string(&out, json ? (i > 0 ? ",\n  " : "\n  ") : (i > 0 ? "\n" : ""));
        (json ? put_json : put_text)(&all[i]);
    }
    cnn_out_string(&out, json ? "\n ]}\n" : "");
    if (!cnn_out_close(&out)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
