/*
 * What a reader should know besides the numbers: what was read otherwise than it was written, rows
 * and columns that no window reaches, a linear on a map, and jumps that are not unique.
 */
#include "base/arena.h"
#include "base/shape_text.h"
#include "net/layer_text.h"
#include "net/network.h"
#include "ops/op.h"
#include "report/report.h"

enum { SHOWN = 8 }; /* layers per remark; the others are counted */

/* "layer 3 (conv2 conv3-64 p1) ", to be followed by what is remarkable. */
static void begin(cnn_out *out, const cnn_network *net, int32_t index)
{
    const cnn_layer *layer = &net->layers[index];
    cnn_out_string(out, "layer ");
    cnn_out_int(out, index);
    cnn_out_string(out, " (");
    if (layer->path != NULL) {
        cnn_out_path(out, layer->path);
        cnn_out_string(out, " ");
    }
    cnn_out_layer(out, layer);
    cnn_out_string(out, ") ");
}

static void put_count(cnn_out *out, int64_t count, const char *noun)
{
    cnn_out_grouped(out, count);
    cnn_out_char(out, ' ');
    cnn_out_string(out, noun);
    cnn_out_string(out, count == 1 ? "" : "s");
}

/* Rows or columns that no window reaches at the far side. Without `out` they are only found. */
static bool put_unread(cnn_out *out, const cnn_network *net, int32_t index)
{
    const cnn_layer *layer = &net->layers[index];
    if (layer->op->unread == NULL) {
        return false;
    }
    static const char *const nouns[] = {"plane", "row", "column"};
    const int32_t axes = layer->in.axes;
    int64_t left[CNN_AXES];
    int32_t unread = 0, told = 0;
    for (int32_t i = 0; i < axes; i++) {
        left[i] = layer->op->unread(layer, i);
        unread += left[i] > 0;
    }
    if (unread == 0 || out == NULL) {
        return unread > 0;
    }
    begin(out, net, index);
    cnn_out_string(out, "leaves ");
    for (int32_t i = 0; i < axes; i++) {
        if (left[i] > 0) {
            cnn_out_string(out, told == 0 ? "" : told + 1 < unread ? ", " : " and ");
            put_count(out, left[i], axes == 1 ? "position" : nouns[CNN_AXES - axes + i]);
            told++;
        }
    }
    cnn_out_string(out, " unread: the stride does not fit\n");
    return true;
}

static void put_all_unread(cnn_out *out, const cnn_network *net)
{
    int64_t found = 0;
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        found += put_unread(found < SHOWN ? out : NULL, net, i);
    }
    if (found > SHOWN) {
        put_count(out, found - SHOWN, "more layer");
        cnn_out_string(out, " with unread rows or columns\n");
    }
}

/* PyTorch's Linear and Keras' Dense flatten nothing; readers of lists often expect that. */
static void put_last_axis(cnn_out *out, const cnn_network *net)
{
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        /* only the first: the others are meant alike */
        if (layer->op->role == CNN_ROLE_LINEAR && layer->in.axes > 0) {
            begin(out, net, i);
            cnn_out_string(out, "works on the last axis of a map; FC-");
            cnn_out_int(out, layer->attrs->value[CNN_CHANNELS][0]);
            cnn_out_string(out, " flattens it first\n");
            return;
        }
    }
}

static void put_mixed(cnn_out *out, const cnn_network *net, const cnn_field *fields)
{
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        if (fields[i].mixed) {
            begin(out, net, i);
            cnn_out_string(out, "joins branches with different jumps: jump is that of the branch "
                                "that sees most\n");
            return; /* once is enough: it spreads to all that follows */
        }
    }
}

/* {a} is the remark's word, {l} the line of its place. */
static void put_pasted(cnn_out *out, const cnn_network *net, const cnn_remark *remark)
{
    for (const char *c = remark->sentence; *c != '\0'; c++) {
        if (*c != '{') {
            cnn_out_char(out, *c);
            continue;
        }
        if (c[1] == 'a') {
            cnn_out_text(out, remark->word);
        } else {
            int64_t line, column;
            cnn_text_locate(net->text, remark->span.begin, &line, &column);
            cnn_out_int(out, line);
        }
        c += 2;
    }
    cnn_out_char(out, '\n');
}

bool cnn_remarks_write(const cnn_network *net, const cnn_report_options *options, cnn_arena scratch,
                       cnn_writer *to)
{
    cnn_error ignored = {0};
    const cnn_format *format = cnn_format_for(options->format, CNN_TASK_REPORT, &ignored);
    cnn_column columns[CNN_MAX_COLUMNS];
    cnn_report report = {.net = net, .options = options, .format = format, .columns = columns};
    /* programs want no remarks; an error is told by the report itself */
    if (format == NULL || format->machine || !cnn_columns_choose(&report, &ignored)) {
        return true;
    }
    cnn_out out;
    cnn_out_open(&out, to);
    for (const cnn_remark *r = net->pasted == NULL ? NULL : net->pasted->remarks; r != NULL;
         r = r->next) {
        put_pasted(&out, net, r);
    }
    const cnn_shape *input = &net->layers[0].out;
    if (net->pasted == NULL && cnn_input_looks_turned(input)) {
        const cnn_shape turned = {input->side[1], {input->channels, input->side[0]}, 2};
        cnn_out_shape(&out, input);
        cnn_out_string(&out, " is read as ");
        put_count(&out, input->channels, "channel");
        cnn_out_string(&out, "; for channels last write ");
        cnn_out_shape(&out, &turned);
        cnn_out_char(&out, '\n');
    }
    put_all_unread(&out, net);
    put_last_axis(&out, net);
    for (int32_t i = 0; i < report.column_count; i++) {
        const cnn_quantity *what = report.columns[i].quantity;
        if (what != NULL && (what->needs & CNN_NEEDS_FIELDS) != 0) {
            int64_t effort = 0;
            const cnn_field *fields = cnn_network_fields(net, &scratch, &effort, &ignored);
            if (fields != NULL) {
                put_mixed(&out, net, fields);
            }
            break;
        }
    }
    return cnn_out_close(&out);
}
