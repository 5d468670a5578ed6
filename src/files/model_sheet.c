/* Names are what an exporter made of them: any byte may be in them. */
#include "files/model_sheet.h"

#include "base/utf8.h"

/* ---- names ---- */

/* A name with '?' for what would disturb; JSON escapes control characters by itself. */
void cnn_sheet_put_name(cnn_out *out, cnn_text name)
{
    for (size_t at = 0; at < name.size;) {
        const size_t size = cnn_utf8_size(cnn_text_skip(name, at));
        const unsigned char c = (unsigned char)name.data[at];
        if (size == 0) {
            cnn_out_string(out, "\xEF\xBF\xBD"); /* the replacement character */
        } else if (size == 1 && (c < ' ' || c == 0x7F) && out->escape != CNN_ESCAPE_JSON) {
            cnn_out_char(out, '?');
        } else {
            cnn_out_bytes(out, name.data + at, size);
        }
        at += size > 0 ? size : 1;
    }
}

void cnn_sheet_put_dims(cnn_out *out, const cnn_sizes *dims)
{
    for (int32_t i = 0; i < dims->rank; i++) {
        if (i > 0) {
            cnn_out_char(out, 'x');
        }
        if (dims->size[i] < 0) {
            cnn_out_char(out, '?');
        } else {
            cnn_out_int(out, dims->size[i]);
        }
    }
    cnn_out_string(out, dims->rank < 0 ? "?" : dims->rank == 0 ? "scalar" : "");
}

/* ---- columns ---- */

static cnn_text kind_of(const cnn_call *c)
{
    return c->node->op->text;
}

static cnn_text value_of(const cnn_call *c)
{
    return c->outs > 0 && c->out[0]->name != NULL ? c->out[0]->name->text : (cnn_text){0};
}

const cnn_sizes *cnn_sheet_output_of(const cnn_call *c)
{
    static const cnn_sizes none = {CNN_SOME, {0}};
    return c->outs > 0 ? &c->out[0]->dims : &none;
}

static int64_t weights_of(const cnn_call *c)
{
    return c->weights;
}
static int64_t biases_of(const cnn_call *c)
{
    return c->biases;
}
static int64_t params_of(const cnn_call *c)
{
    return c->weights + c->biases;
}
static int64_t statistics_of(const cnn_call *c)
{
    return c->statistics;
}
static int64_t macs_of(const cnn_call *c)
{
    return c->unclear ? CNN_SOME : c->macs;
}
static int64_t bytes_of(const cnn_call *c)
{
    return c->weight_bytes;
}

static int64_t all_weights(const cnn_model *m)
{
    return m->weights;
}
static int64_t all_biases(const cnn_model *m)
{
    return m->biases;
}
static int64_t all_params(const cnn_model *m)
{
    return m->params;
}
static int64_t all_statistics(const cnn_model *m)
{
    return m->statistics;
}
static int64_t all_macs(const cnn_model *m)
{
    return m->macs;
}
static int64_t all_bytes(const cnn_model *m)
{
    return m->weight_bytes;
}

const cnn_model_column cnn_model_columns[CNN_MODEL_COLUMNS] = {
    {.name = "layer", .title = "node", .text = cnn_call_name},
    {.name = "kind", .title = "operator", .text = kind_of},
    {.name = "value", .text = value_of},
    {.name = "output", .title = "output", .dims = cnn_sheet_output_of},
    {.name = "params", .title = "params", .number = params_of, .total = all_params},
    {.name = "weights", .number = weights_of, .total = all_weights},
    {.name = "biases", .number = biases_of, .total = all_biases},
    {.name = "statistics", .number = statistics_of, .total = all_statistics},
    {.name = "bytes", .number = bytes_of, .total = all_bytes},
    {.name = "macs", .title = "MACs", .number = macs_of, .total = all_macs},
};

/* The next call that has a row, counted from 1; NULL: there is none. */
const cnn_call *cnn_sheet_next_row(const cnn_sheet *s, int32_t *at, int32_t *number)
{
    while (*at < s->model->machine.count) {
        const cnn_call *c = &s->model->machine.calls[(*at)++];
        if (s->all ? !c->hidden && !c->function : cnn_call_costs(c)) {
            ++*number;
            return c;
        }
    }
    return NULL;
}

/* A cell of a row, or with c NULL of the total. */
void cnn_sheet_put_cell(const cnn_sheet *s, const cnn_model_column *column, const cnn_call *c,
                        bool grouped, cnn_out *out)
{
    if (column->text != NULL) {
        cnn_sheet_put_name(out, c == NULL ? (cnn_text){0} : column->text(c));
    } else if (column->dims != NULL) {
        cnn_sheet_put_dims(out, c != NULL ? column->dims(c) : &s->model->output);
    } else {
        const int64_t n = c != NULL ? column->number(c) : column->total(s->model);
        if (n < 0) {
            cnn_out_char(out, '?');
        } else if (grouped) {
            cnn_out_grouped(out, n);
        } else {
            cnn_out_int(out, n);
        }
    }
}
