/* The table of columns: one row here, and every format shows it. */
#include <assert.h>

#include "net/layer_text.h"
#include "ops/op.h"
#include "report/report.h"

/* ---- text ---- */

enum { NAME_SHOWN = 48 };

/* An item's text on one line, cut when it is long. */
static void put_item_text(const cnn_report *report, const cnn_item *item, cnn_out *out)
{
    const cnn_text text = cnn_text_part(report->net->text, item->span);
    bool blank = false, comment = false;
    int32_t shown = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        comment = c == '#' || (comment && c != '\n');
        if (comment) {
            continue;
        }
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            blank = true;
            continue;
        }
        if (((unsigned char)c & 0xC0) != 0x80 && shown++ == NAME_SHOWN) {
            cnn_out_string(out, "...");
            return;
        }
        if (blank) {
            cnn_out_char(out, ' ');
        }
        blank = false;
        cnn_out_char(out, c);
    }
}

/* Auxiliary heads are marked, except in machine formats, which have a column for it. */
static void put_layer(const cnn_report *report, const cnn_row *row, cnn_out *out)
{
    if (row->title != NULL) {
        cnn_out_string(out, row->title);
        return;
    }
    const cnn_text none = {0}, label = row->item == NULL ? none : row->item->label;
    const bool labelled = label.size > 0 && !report->every_layer;
    if (labelled) {
        cnn_out_text(out, label);
        cnn_out_string(out, row->layer != NULL ? ": " : "");
    }
    if (row->layer != NULL) {
        cnn_out_layer(out, row->layer);
    } else if (!labelled) {
        assert(row->item != NULL);
        put_item_text(report, row->item, out);
    }
    cnn_out_string(out, row->aux && !report->machine ? " (aux)" : "");
}

static void put_path(const cnn_report *report, const cnn_row *row, cnn_out *out)
{
    (void)report;
    if (row->layer != NULL) {
        cnn_out_path(out, row->layer->path);
    } else if (row->item != NULL) {
        cnn_out_text(out, row->item->label);
    }
}

static void put_kind(const cnn_report *report, const cnn_row *row, cnn_out *out)
{
    (void)report;
    if (row->title == NULL) {
        cnn_out_string(out, row->layer != NULL ? row->layer->op->name : "group");
    }
}

static void put_window(const cnn_report *report, const cnn_row *row, cnn_out *out)
{
    (void)report;
    if (row->layer != NULL) {
        cnn_out_window(out, row->layer);
    }
}

/* ---- numbers ---- */

static void get_index(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    (void)report;
    cell->number = row->number;
    cell->kind = row->title == NULL ? CNN_CELL_INT : CNN_CELL_EMPTY;
}

static void get_input(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    cell->shape =
        row->title != NULL ? report->net->layers[0].out : report->net->layers[row->first].in;
}

static void get_output(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    (void)report;
    cell->shape = row->last->out;
}

#define GET_COUNT(field)                                                                           \
    static void get_##field(const cnn_report *report, const cnn_row *row, cnn_cell *cell)          \
    {                                                                                              \
        (void)report;                                                                              \
        cell->number = row->counts.field;                                                          \
    }

GET_COUNT(params)
GET_COUNT(weights)
GET_COUNT(biases)
GET_COUNT(statistics)
GET_COUNT(macs)
GET_COUNT(flops)
GET_COUNT(activations)
GET_COUNT(memory)

/* Percent of the parameters with one decimal, rounded to nearest. */
static void get_share(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    int64_t part = row->counts.params, whole = report->totals.params;
    while (whole > INT64_MAX / 2048) { /* both halved, so that part * 1000 fits */
        part /= 2;
        whole /= 2;
    }
    if (whole == 0) {
        cell->kind = CNN_CELL_EMPTY;
        return;
    }
    cell->fraction[0] = (cnn_fraction){(part * 1000 + whole / 2) / whole, 10};
    cell->count = 1;
}

static void get_aux(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    (void)report;
    cell->number = row->aux;
    cell->kind = row->title == NULL ? CNN_CELL_BOOL : CNN_CELL_EMPTY;
}

/* The field of the row's output; NULL where there is none to speak of. */
static const cnn_field *field_of(const cnn_report *report, const cnn_row *row)
{
    const bool none = row->title != NULL || report->net->layers[0].out.axes == 0;
    return none ? NULL : &report->fields[row->last - report->net->layers];
}

static void get_pair(const cnn_fraction *pair, cnn_cell *cell)
{
    cell->fraction[0] = pair[0];
    cell->fraction[1] = pair[1];
    cell->count = pair[0].num == pair[1].num && pair[0].den == pair[1].den ? 1 : 2;
}

static void get_rf(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    const cnn_field *field = field_of(report, row);
    if (field == NULL) {
        cell->kind = CNN_CELL_EMPTY;
        return;
    }
    get_pair((const cnn_fraction[]){{field->size[0], 1}, {field->size[1], 1}}, cell);
}

/* A vector has no positions between which one could jump. */
static void get_jump(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    const cnn_field *field = field_of(report, row);
    if (field == NULL || row->last->out.axes == 0) {
        cell->kind = CNN_CELL_EMPTY;
        return;
    }
    get_pair(field->jump, cell);
}

static void get_start(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    const cnn_field *field = field_of(report, row);
    if (field == NULL || row->last->out.axes == 0) {
        cell->kind = CNN_CELL_EMPTY;
        return;
    }
    get_pair(field->start, cell);
}

/* ---- the table ---- */

const cnn_column cnn_columns[] = {
    {.name = "index",
     .title = "#",
     .brief = "the row's number",
     .kind = CNN_CELL_INT,
     .standard = true,
     .json = true,
     .get = get_index},
    {.name = "layer",
     .title = "layer",
     .brief = "the layer in canonical form, or the item's label or text",
     .kind = CNN_CELL_TEXT,
     .standard = true,
     .json = true,
     .put = put_layer},
    {.name = "path",
     .title = "path",
     .brief = "where it stands: labels, definitions, repetitions, branches",
     .kind = CNN_CELL_TEXT,
     .with_all = true,
     .json = true,
     .put = put_path},
    {.name = "kind",
     .title = "kind",
     .brief = "the kind of layer",
     .kind = CNN_CELL_TEXT,
     .json = true,
     .put = put_kind},
    {.name = "window",
     .title = "window",
     .brief = "kernel, stride, padding as used; dilation, groups, output padding if any",
     .kind = CNN_CELL_TEXT,
     .standard = true,
     .put = put_window},
    {.name = "input",
     .title = "input",
     .brief = "what enters: channels x height x width",
     .kind = CNN_CELL_SHAPE,
     .json = true,
     .get = get_input},
    {.name = "output",
     .title = "output",
     .brief = "what comes out",
     .kind = CNN_CELL_SHAPE,
     .standard = true,
     .json = true,
     .get = get_output},
    {.name = "params",
     .title = "params",
     .brief = "trained parameters: weights + biases",
     .kind = CNN_CELL_INT,
     .standard = true,
     .json = true,
     .adds = true,
     .get = get_params},
    {.name = "weights",
     .title = "weights",
     .brief = "weights; factors of norms and PReLU among them",
     .kind = CNN_CELL_INT,
     .json = true,
     .adds = true,
     .get = get_weights},
    {.name = "biases",
     .title = "biases",
     .brief = "biases; shifts of norms among them",
     .kind = CNN_CELL_INT,
     .json = true,
     .adds = true,
     .get = get_biases},
    {.name = "statistics",
     .title = "statistics",
     .brief = "means and variances of batch norms, which are not trained",
     .kind = CNN_CELL_INT,
     .json = true,
     .adds = true,
     .get = get_statistics},
    {.name = "macs",
     .title = "MACs",
     .brief = "multiply-accumulates: one per use of a weight; none for biases, norms, pooling",
     .kind = CNN_CELL_INT,
     .standard = true,
     .json = true,
     .adds = true,
     .get = get_macs},
    {.name = "flops",
     .title = "FLOPs",
     .brief = "floating-point operations: 2 x MACs",
     .kind = CNN_CELL_INT,
     .adds = true,
     .get = get_flops},
    {.name = "share",
     .title = "share",
     .brief = "percent of all parameters",
     .kind = CNN_CELL_FRACTION,
     .bar = true,
     .get = get_share},
    {.name = "activations",
     .title = "activations",
     .brief = "values that are added; 0 for functions, which work in place; total with input",
     .kind = CNN_CELL_INT,
     .needs_input = true,
     .adds = true,
     .get = get_activations},
    {.name = "memory",
     .title = "bytes",
     .brief = "bytes of the activations: values x bytes of --dtype x --samples",
     .kind = CNN_CELL_INT,
     .needs_input = true,
     .adds = true,
     .get = get_memory},
    {.name = "rf",
     .title = "rf",
     .brief = "receptive field: pixels of the input that one position sees",
     .kind = CNN_CELL_FRACTION,
     .needs_field = true,
     .get = get_rf},
    {.name = "jump",
     .title = "jump",
     .brief = "pixels from one position's field to the next one's",
     .kind = CNN_CELL_FRACTION,
     .needs_field = true,
     .get = get_jump},
    {.name = "start",
     .title = "start",
     .brief = "middle of the first field; the first pixel's middle is 0.5",
     .kind = CNN_CELL_FRACTION,
     .needs_field = true,
     .get = get_start},
    {.name = "aux",
     .title = "aux",
     .brief = "whether it is part of an auxiliary head",
     .kind = CNN_CELL_BOOL,
     .json = true,
     .get = get_aux},
};

const size_t cnn_column_count = CNN_LENGTH(cnn_columns);
