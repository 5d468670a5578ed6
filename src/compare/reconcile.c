/* What another program would report for this network, and where the difference comes from. */
#include "base/arena.h"
#include "base/json.h"
#include "compare/tools.h"
#include "net/layer_text.h"
#include "report/report.h"

typedef struct comparison {
    cnn_tool_run run;
    int64_t ours, theirs;
    cnn_out *out;
} comparison;

/* A layer that counts differently there, or is refused. */
typedef struct difference {
    int32_t layer;
    int64_t ours, theirs;
    const cnn_tool_rule *rule;
} difference;

static bool refused(int64_t theirs)
{
    return theirs == CNN_TOOL_REFUSES;
}

/* The next one from layer `from` on; false: there is none. If a layer is refused only those that
 * are count. Every layer was counted before, for the sums, so that all of it fits. */
static bool next_difference(const comparison *c, int32_t from, difference *out)
{
    for (int32_t i = from; i < c->run.numbers->net->layer_count; i++) {
        (void)cnn_tool_layer(&c->run, i, &out->ours, &out->theirs, &out->rule);
        if (refused(c->theirs) ? refused(out->theirs) : out->ours != out->theirs) {
            out->layer = i;
            return true;
        }
    }
    return false;
}

/* ---- text ---- */

static int64_t width_of(int64_t n)
{
    cnn_out probe;
    cnn_out_open(&probe, NULL);
    cnn_out_grouped(&probe, n);
    return cnn_out_columns(&probe);
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
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
    return cnn_out_columns(&probe);
}

/* index, layer, ours, theirs, difference, why; of one that is refused: index, layer, why */
static void put_lines(const comparison *c)
{
    const cnn_network *net = c->run.numbers->net;
    const int64_t ours_width = greater(width_of(c->ours), 4);
    const int64_t theirs_width = greater(width_of(c->theirs), 6);
    const int64_t index_width = width_of(net->layer_count);
    const int32_t first = cnn_tool_first(&c->run);
    int64_t names = 5;
    difference d;
    for (int32_t at = first; next_difference(c, at, &d); at = d.layer + 1) {
        names = greater(names, name_width(&net->layers[d.layer]));
    }
    for (int32_t at = first; next_difference(c, at, &d); at = d.layer + 1) {
        cnn_out_string(c->out, "  ");
        put_right(c->out, d.layer, index_width);
        cnn_out_string(c->out, "  ");
        cnn_out_layer(c->out, &net->layers[d.layer]);
        cnn_out_fill(c->out, ' ', names - name_width(&net->layers[d.layer]) + 2);
        if (!refused(d.theirs)) {
            put_right(c->out, d.ours, ours_width);
            cnn_out_string(c->out, "  ");
            put_right(c->out, d.theirs, theirs_width);
            cnn_out_string(c->out, "  ");
            put_difference(c->out, d.theirs - d.ours, theirs_width + 1);
            cnn_out_string(c->out, "  ");
        }
        cnn_out_string(c->out, d.rule->why);
        cnn_out_char(c->out, '\n');
    }
}

static void put_text(const comparison *c)
{
    cnn_out *out = c->out;
    const cnn_tool_report *report = c->run.report;
    cnn_out_string(out, report->tool->version);
    cnn_out_string(out, ", ");
    cnn_out_string(out, report->called);
    cnn_out_string(out, ": ");
    if (refused(c->theirs)) {
        cnn_out_string(out, "none, because it cannot read some layers");
    } else {
        cnn_out_grouped(out, c->theirs);
    }
    cnn_out_string(out, "\n  ");
    cnn_out_string(out, c->run.quantity->noun);
    cnn_out_string(out, " here: ");
    cnn_out_grouped(out, c->ours);
    if (!refused(c->theirs)) {
        cnn_out_string(out, ", difference ");
        put_difference(out, c->theirs - c->ours, 0);
    }
    cnn_out_char(out, '\n');
    if (report->remark != NULL) {
        cnn_out_string(out, "  ");
        cnn_out_string(out, report->remark);
        cnn_out_char(out, '\n');
    }
    put_lines(c);
}

/* ---- JSON ---- */

static void put_count(cnn_json *json, const char *key, int64_t count)
{
    if (refused(count)) {
        cnn_json_null(json, key);
    } else {
        cnn_json_int(json, key, count);
    }
}

static void put_json(const comparison *c, cnn_json *json)
{
    difference d;
    cnn_json_break(json);
    cnn_json_open(json, NULL, '{');
    cnn_json_string(json, "what", c->run.quantity->name);
    cnn_json_string(json, "called", c->run.report->called);
    cnn_json_int(json, "ours", c->ours);
    put_count(json, "theirs", c->theirs);
    cnn_json_string(json, "remark", c->run.report->remark);
    cnn_json_open(json, "differences", '[');
    for (int32_t at = cnn_tool_first(&c->run); next_difference(c, at, &d); at = d.layer + 1) {
        cnn_json_break(json);
        cnn_json_open(json, NULL, '{');
        cnn_json_int(json, "layer", d.layer);
        cnn_json_int(json, "ours", d.ours);
        put_count(json, "theirs", d.theirs);
        cnn_json_string(json, "why", d.rule->why);
        cnn_json_close(json, '}');
    }
    cnn_json_close(json, ']');
    cnn_json_close(json, '}');
}

static void write_json(const comparison *all, int32_t count, cnn_out *out)
{
    const cnn_tool *its = all[0].run.report->tool;
    cnn_json json = {.out = out};
    cnn_json_begin(&json);
    cnn_json_string(&json, "like", its->name);
    cnn_json_string(&json, "version", its->version);
    cnn_json_open(&json, "reports", '[');
    for (int32_t i = 0; i < count; i++) {
        put_json(&all[i], &json);
    }
    cnn_json_close(&json, ']');
    cnn_json_end(&json);
}

static void write_text(comparison *all, int32_t count, cnn_out *out)
{
    for (int32_t i = 0; i < count; i++) {
        all[i].out = out;
        cnn_out_string(out, i > 0 ? "\n" : "");
        put_text(&all[i]);
    }
}

/* ---- all reports of a tool ---- */

static bool fail_tool(cnn_text name, cnn_error *err)
{
    cnn_nearest nearest = cnn_nearest_to(name);
    for (size_t i = 0; i < cnn_tool_count; i++) {
        cnn_nearest_offer(&nearest, cnn_text_of(cnn_tools[i].name));
    }
    err->source = CNN_SOURCE_LIKE;
    return cnn_fail_words(err, CNN_E_TOOL, (cnn_span){0, (uint32_t)name.size}, name, nearest.best);
}

/* Whether the report before is the same: of two ways to write a model that make no difference. */
static bool repeats(const comparison *c, const comparison *all)
{
    return c > all && c[-1].run.quantity == c->run.quantity && c[-1].theirs == c->theirs;
}

/* Makes every sum before anything is written. */
static bool prepare(const cnn_numbers *numbers, cnn_text name, comparison *all, int32_t *count,
                    cnn_arena *arena, cnn_error *err)
{
    const cnn_network *net = numbers->net;
    const int32_t *readers = cnn_tool_readers(net, arena);
    for (size_t i = 0; i < cnn_tool_report_count; i++) {
        if (!cnn_text_is(name, cnn_tool_reports[i].tool->name)) {
            continue;
        }
        comparison *c = &all[(*count)++];
        if (!cnn_tool_open(&c->run, &cnn_tool_reports[i], numbers, readers, arena, err)) {
            return false;
        }
        if (!cnn_tool_total(&c->run, &c->ours, &c->theirs)) {
            return cnn_fail_words(err, CNN_E_OVERFLOW, net->layers[net->layer_count - 1].span,
                                  cnn_text_of("the other program's total"), (cnn_text){0});
        }
        if (repeats(c, all)) {
            (*count)--;
        }
    }
    if (*count == 0) {
        return fail_tool(name, err);
    }
    return true;
}

bool cnn_like_write(const cnn_network *net, cnn_text tool, const cnn_report_options *options,
                    cnn_arena scratch, cnn_writer *to, cnn_error *err)
{
    const cnn_format *format = cnn_format_for(options->format, CNN_TASK_LIKE, err);
    cnn_numbers numbers;
    if (format == NULL ||
        !cnn_numbers_begin(&numbers, net, options->dtype, options->samples, err) ||
        !cnn_numbers_prepare(&numbers, CNN_NEEDS_MEMORY, &scratch, err)) {
        return false;
    }
    comparison *all = CNN_NEW_ARRAY(&scratch, comparison, cnn_tool_report_count);
    int32_t count = 0;
    if (all == NULL) {
        return cnn_fail_memory(err);
    }
    if (!prepare(&numbers, tool, all, &count, &scratch, err)) {
        return false;
    }
    cnn_out out;
    cnn_out_open(&out, to);
    if (format->kind == CNN_FORMAT_JSON) {
        write_json(all, count, &out);
    } else {
        write_text(all, count, &out);
    }
    if (!cnn_out_close(&out)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
