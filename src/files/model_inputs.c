/*
 * Sizes of inputs. A batch that is left open is 1, and the name of an open size is the same size
 * wherever it returns. Whatever else is open has to be given.
 */
#include "files/model.h"

#include "base/checked.h"

/* A text of the command line: NAME=1x3x224x224. */
typedef struct given {
    cnn_text text, name;
    bool named;
    int64_t size[CNN_RANK];
    int32_t count;
    int32_t index; /* among those given */
} given;

static bool fail_given(cnn_model *m, const given *g, int32_t code, cnn_text name)
{
    cnn_error *err = m->machine.err;
    if (err->code == CNN_OK) {
        err->source = CNN_SOURCE_INPUT;
        err->index = g->index;
        err->word[0] = name;
    }
    return cnn_fail(err, code, (cnn_span){0, (uint32_t)g->text.size});
}

/* Numbers joined with "x". */
static bool read_sizes(cnn_text text, given *g)
{
    size_t at = 0;
    for (g->count = 0; g->count < CNN_RANK; at++) {
        int64_t n = 0;
        const size_t begin = at;
        for (; at < text.size && cnn_is_digit(text.data[at]); at++) {
            if (!cnn_checked_mul(n, 10, &n) || !cnn_checked_add(n, text.data[at] - '0', &n)) {
                return false;
            }
        }
        if (at == begin || n == INT64_MAX) { /* a named size is kept as one more */
            return false;
        }
        g->size[g->count++] = n;
        if (at == text.size) {
            return true;
        }
        if (text.data[at] != 'x') {
            return false;
        }
    }
    return false;
}

/* The name ends at the last "=", because names may hold any character. */
static bool read_given(cnn_model *m, cnn_text text, int32_t index, given *g)
{
    *g = (given){.text = text, .index = index};
    size_t at = text.size;
    while (at > 0 && text.data[at - 1] != '=') {
        at--;
    }
    g->named = at > 0;
    g->name = (cnn_text){text.data, at > 0 ? at - 1 : 0};
    return read_sizes(cnn_text_skip(text, at), g) ||
           fail_given(m, g, CNN_E_MODEL_INPUT_FORM, g->name);
}

/* Old files list their constants among the inputs, too; those are bound already. */
static bool is_stored(const cnn_onnx_port *port)
{
    return port->name == NULL || port->name->value != NULL;
}

/* The input that is meant. Without a name: the only one. */
static cnn_onnx_port *port_of(cnn_model *m, const given *g)
{
    cnn_onnx_port *found = NULL;
    cnn_nearest nearest = cnn_nearest_to(g->name);
    cnn_text one = {0};
    int32_t count = 0;
    for (cnn_onnx_port *p = m->onnx.graph.inputs; p != NULL; p = p->next) {
        if (p->name == NULL) {
            continue;
        }
        const cnn_text name = p->name->text;
        const bool same =
            name.size == g->name.size && memcmp(name.data, g->name.data, name.size) == 0;
        cnn_nearest_offer(&nearest, name);
        if (g->named ? same : !is_stored(p)) {
            found = p;
            count++;
        }
        one = one.size == 0 && !is_stored(p) ? name : one;
    }
    if (count == 1 || (g->named && found != NULL)) {
        return found;
    }
    m->machine.err->word[1] = nearest.best;
    m->machine.err->word[2] = one;
    if (g->named) {
        fail_given(m, g, CNN_E_MODEL_INPUT_NAME, g->name);
    } else {
        fail_given(m, g, CNN_E_MODEL_INPUT_FORM, one);
    }
    return NULL;
}

/* How many sizes the file leaves open after the batch. */
static int32_t open_sizes(const cnn_sizes *dims)
{
    int32_t open = 0;
    for (int32_t i = 1; i < dims->rank; i++) {
        open += dims->size[i] < 0;
    }
    return open;
}

/* A shorter list: one number for every open size, one for each of them, or all but the batch. */
static bool fill_open(const given *g, cnn_sizes *dims)
{
    const int32_t open = open_sizes(dims);
    const bool each = g->count == open, all = g->count == dims->rank - 1;
    if (!(g->count == 1 && open > 0) && !each && !all) {
        return false;
    }
    dims->size[0] = dims->size[0] < 0 ? 1 : dims->size[0];
    int32_t next = 0;
    for (int32_t i = 1; i < dims->rank; i++) {
        if (all) {
            dims->size[i] = g->size[i - 1];
        } else if (dims->size[i] < 0) {
            dims->size[i] = g->size[each ? next++ : 0];
        }
    }
    return true;
}

/* "x=1x3x?x?" with the open sizes as question marks, or filled in as an example. */
static bool example(cnn_model *m, const cnn_onnx_port *port, bool filled, cnn_text *out)
{
    cnn_out to;
    cnn_out_open(&to, NULL);
    if (filled) {
        cnn_out_bytes(&to, port->name->text.data,
                      port->name->text.size < 200 ? port->name->text.size : 200);
        cnn_out_char(&to, '=');
    }
    for (int32_t i = 0; i < port->dims.rank; i++) {
        const int64_t size = port->dims.size[i];
        if (i > 0) {
            cnn_out_char(&to, 'x');
        }
        if (size < 0 && !filled) {
            cnn_out_char(&to, '?');
        } else {
            cnn_out_int(&to, size >= 0 ? size : i == 0 ? 1 : 224);
        }
    }
    if (port->dims.rank < 0) {
        cnn_out_string(&to, filled ? "1x3x224x224" : "?");
    }
    char *text = cnn_arena_take(m->machine.arena, to.used + 1, 1);
    if (text == NULL) {
        return cnn_fail_memory(m->machine.err);
    }
    memcpy(text, to.buffer, to.used);
    *out = (cnn_text){text, to.used};
    return true;
}

static bool keep_number(cnn_model *m, const given *g, cnn_onnx_port *port)
{
    cnn_number *data = CNN_NEW(m->machine.arena, cnn_number);
    if (data == NULL) {
        return cnn_fail_memory(m->machine.err);
    }
    if (cnn_elements[port->type].real) {
        data->f = (double)g->size[0];
    } else {
        data->i = g->size[0];
    }
    port->number = data;
    return true;
}

/* Sets a port's sizes, and those of the same names elsewhere. */
static bool apply(cnn_model *m, const given *g, cnn_onnx_port *port)
{
    cnn_sizes *dims = &port->dims;
    if (dims->rank == 0 && g->count == 1) {
        return keep_number(m, g, port);
    }
    if (dims->rank >= 0 && dims->rank != g->count) {
        if (!fill_open(g, dims)) {
            m->machine.err->number[0] = g->count;
            m->machine.err->number[1] = dims->rank;
            (void)example(m, port, true, &m->machine.err->word[1]);
            return fail_given(m, g, CNN_E_MODEL_INPUT_RANK, port->name->text);
        }
    } else {
        dims->rank = g->count;
        memcpy(dims->size, g->size, sizeof dims->size);
    }
    for (int32_t i = 0; i < dims->rank; i++) {
        if (port->param[i] != NULL) {
            /* One more than the size, because 0 is a name without a size yet. */
            port->param[i]->size = dims->size[i] + 1;
        }
    }
    return true;
}

/* ---- what was not given ---- */

static bool fail_open(cnn_model *m, const cnn_onnx_port *port)
{
    cnn_error *err = m->machine.err;
    cnn_text declared = {0}, option = {0};
    if (!example(m, port, false, &declared) || !example(m, port, true, &option)) {
        return false;
    }
    err->source = CNN_SOURCE_FILE;
    err->word[0] = port->name->text;
    err->word[1] = declared;
    err->word[2] = option;
    return cnn_fail(err, CNN_E_MODEL_INPUT_OPEN, (cnn_span){0, 0});
}

/* Sizes by name, and a batch of 1. */
static bool close_sizes(cnn_model *m, cnn_onnx_port *port)
{
    cnn_sizes *dims = &port->dims;
    for (int32_t i = 0; i < dims->rank; i++) {
        cnn_symbol *param = port->param[i];
        if (dims->size[i] < 0 && param != NULL && param->size > 0) {
            dims->size[i] = param->size - 1;
        } else if (dims->size[i] < 0 && i == 0 && dims->rank > 1) {
            dims->size[i] = 1;
            if (param != NULL) {
                /* A size of 1, kept as size + 1. */
                param->size = 2;
            }
        }
    }
    return port->other || cnn_sizes_known(dims) || fail_open(m, port);
}

static bool bind_input(cnn_model *m, const cnn_onnx_port *port)
{
    cnn_value *value = cnn_value_new(&m->machine);
    if (value == NULL) {
        return false;
    }
    value->dims = port->dims;
    value->type = port->type;
    value->data = port->number;
    value->sequence = port->other;
    value->item_count = CNN_SOME;
    value->name = port->name;
    return cnn_bind(&m->machine, port->name, value);
}

bool cnn_model_size_inputs(cnn_model *m, const cnn_text *texts, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        given g;
        cnn_onnx_port *port = NULL;
        if (!read_given(m, texts[i], i, &g) || (port = port_of(m, &g)) == NULL ||
            !apply(m, &g, port)) {
            return false;
        }
    }
    for (cnn_onnx_port *p = m->onnx.graph.inputs; p != NULL; p = p->next) {
        if (!is_stored(p) && (!close_sizes(m, p) || !bind_input(m, p))) {
            return false;
        }
    }
    return true;
}
