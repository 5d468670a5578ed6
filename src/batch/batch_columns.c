/* The columns of batch rows. */
#include "batch/batch.h"

#include "base/error.h"

static bool always(const cnn_batch_row *row)
{
    (void)row;
    return true;
}

static bool has_network(const cnn_batch_row *row)
{
    return row->net != NULL;
}

static bool has_error(const cnn_batch_row *row)
{
    return row->err != NULL;
}

static int64_t line(const cnn_batch_row *row)
{
    return row->number;
}

static int64_t layers(const cnn_batch_row *row)
{
    return row->net->layer_count - 1; /* the input is no layer of the list */
}

static int64_t flops(const cnn_batch_row *row)
{
    return 2 * row->net->totals.macs; /* it fitted when the network was read */
}

static int64_t activations(const cnn_batch_row *row)
{
    return row->activations;
}

#define TOTAL(field)                                                                               \
    static int64_t field(const cnn_batch_row *row)                                                 \
    {                                                                                              \
        return row->net->totals.field;                                                             \
    }

TOTAL(params)
TOTAL(params_without_aux)
TOTAL(weights)
TOTAL(biases)
TOTAL(statistics)
TOTAL(macs)

static const cnn_shape *input(const cnn_batch_row *row)
{
    return row->net->in;
}

static const cnn_shape *output(const cnn_batch_row *row)
{
    return row->net->out;
}

/* "column 9: sentence; way out". An error in a setting has no place in the line. */
static void error(const cnn_batch_row *row, cnn_out *out)
{
    if (row->err->source == CNN_SOURCE_LAYERS && row->err->code != CNN_OUT_OF_MEMORY) {
        int64_t in_line, column;
        cnn_text_locate(row->line, row->err->span.begin, &in_line, &column);
        cnn_out_string(out, "column ");
        cnn_out_int(out, column);
        cnn_out_string(out, ": ");
    }
    cnn_out_error(out, row->err);
}

#define NUMBER(called, what)                                                                       \
    .name = #called, .brief = (what), .has = has_network, .number = (called)

const cnn_batch_column cnn_batch_columns[] = {
    {.name = "line",
     .brief = "the line's number, from 1",
     .standard = true,
     .has = always,
     .number = line},
    {.name = "input", .brief = "the size that enters", .has = has_network, .shape = input},
    {.name = "output",
     .brief = "the size of the network's output",
     .standard = true,
     .has = has_network,
     .shape = output},
    {NUMBER(layers, "how many layers there are")},
    {NUMBER(params, "trained parameters"), .standard = true},
    {NUMBER(params_without_aux, "parameters without auxiliary heads")},
    {NUMBER(weights, "weights among the parameters")},
    {NUMBER(biases, "biases among the parameters")},
    {NUMBER(statistics, "values kept but not trained")},
    {NUMBER(macs, "multiply-accumulates"), .standard = true},
    {NUMBER(flops, "floating-point operations: 2 x MACs")},
    {NUMBER(activations, "values of all layers' outputs"), .activations = true},
    {.name = "error",
     .brief = "what is wrong with the list, and at which column of the line",
     .standard = true,
     .has = has_error,
     .text = error},
};

const size_t cnn_batch_column_count = CNN_LENGTH(cnn_batch_columns);
