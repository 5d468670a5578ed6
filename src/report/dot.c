/*
 * The graph of all layers for Graphviz: a node for each, a cluster for each item of several. A node
 * is called by its layer's index, n3; edges of auxiliary heads are dashed.
 */
#include <assert.h>

#include "base/shape_text.h"
#include "net/layer_text.h"
#include "ops/op.h"
#include "report/report.h"

/* Fills by family, in the order of the table of families; the last for kinds that it has not. */
static const char *const colours[] = {"#cfe0ff", "#e4d5f7", "#ffd9d0", "#c9ece8",
                                      "#fbe9b0", "#d6ebcc", "#f8d3e6", "#e3e7eb"};

static void put_quoted(const cnn_report *report, const cnn_row *row)
{
    cnn_out_set_escape(report->out, CNN_ESCAPE_DOT);
    cnn_row_put_name(report, row, report->out);
    cnn_out_set_escape(report->out, CNN_ESCAPE_NONE);
}

/* n3 [label="conv3-64 / 64x56x56 / 1,792"]; joins are ellipses. */
static void put_node(const cnn_report *report, const cnn_row *row)
{
    cnn_out *out = report->out;
    size_t family = cnn_op_family(row->layer->op);
    family = family < CNN_LENGTH(colours) ? family : CNN_LENGTH(colours) - 1;
    cnn_out_string(out, "  n");
    cnn_out_int(out, row->first);
    cnn_out_string(out, " [label=\"");
    put_quoted(report, row);
    cnn_out_string(out, "\\n");
    cnn_out_shape(out, &row->last->out);
    const int64_t params = cnn_row_params(report, row);
    if (params > 0) {
        cnn_out_string(out, "\\n");
        cnn_out_grouped(out, params);
    }
    cnn_out_string(out, "\", fillcolor=\"");
    cnn_out_string(out, colours[family]);
    cnn_out_string(out, row->layer->branches != NULL ? "\", shape=ellipse];\n" : "\"];\n");
}

/* Nodes of the layers from `first` to `end`. */
static void put_nodes(const cnn_report *report, int32_t first, int32_t end)
{
    /* as if the row before had just been returned */
    cnn_row row = {.end = first, .number = first - 1};
    int32_t at = 1;
    while (row.end < end) {
        const bool next = cnn_rows_next(report, &at, &row);
        assert(next); /* `end` is the end of a row */
        (void)next;
        put_node(report, &row);
    }
}

static void put_edges(const cnn_report *report)
{
    for (int32_t i = report->net->input_count; i < report->net->layer_count; i++) {
        const cnn_layer *layer = &report->net->layers[i];
        for (int32_t k = 0; k < layer->source_count; k++) {
            cnn_out_string(report->out, "  n");
            cnn_out_int(report->out, layer->sources[k]);
            cnn_out_string(report->out, " -> n");
            cnn_out_int(report->out, i);
            cnn_out_string(report->out, layer->aux ? " [style=dashed];\n" : ";\n");
        }
    }
}

void cnn_write_dot(cnn_report *report)
{
    cnn_out *out = report->out;
    report->machine = false; /* people look at it */
    /* clusters are rows of items, nodes are rows of layers */
    cnn_report items = *report;
    cnn_row row;
    items.every_layer = false;
    items.with_input = report->with_input = true;
    cnn_out_string(out, "digraph network {\n"
                        "  node [shape=box, style=\"rounded,filled\", color=\"#6e7781\", "
                        "fontname=\"sans-serif\", fontsize=11];\n"
                        "  edge [color=\"#6e7781\"];\n"
                        "  graph [fontname=\"sans-serif\", fontsize=11, color=\"#b0b8c0\", "
                        "style=rounded];\n");
    for (int32_t at = 0; cnn_rows_next(&items, &at, &row);) {
        if (row.layer != NULL) {
            put_nodes(report, row.first, row.end);
            continue;
        }
        cnn_out_string(out, "  subgraph cluster_");
        cnn_out_int(out, row.first);
        cnn_out_string(out, " {\n  label=\"");
        put_quoted(&items, &row);
        cnn_out_string(out, "\";\n");
        put_nodes(report, row.first, row.end);
        cnn_out_string(out, "  }\n");
    }
    put_edges(report);
    cnn_out_string(out, "}\n");
}
