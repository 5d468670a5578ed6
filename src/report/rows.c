/* From layers to rows: one for each item of the list, or one for each layer. */
#include "net/memory.h"
#include "report/report.h"

/* Each count of a layer is part of a total that was checked. */
static void add_layer(const cnn_report *report, const cnn_layer *layer, cnn_counts *counts)
{
    counts->params += layer->weights + layer->biases;
    counts->weights += layer->weights;
    counts->biases += layer->biases;
    counts->statistics += layer->statistics;
    counts->macs += layer->macs;
    counts->flops += 2 * layer->macs;
    if (report->memory) {
        const int64_t activations = cnn_layer_activations(layer);
        counts->activations += activations;
        counts->memory +=
            cnn_activation_bytes(activations, report->samples, report->value_bytes, NULL);
    }
}

static void add_layers(const cnn_report *report, cnn_row *row)
{
    const cnn_layer *layers = report->net->layers;
    row->aux = row->first < row->end;
    for (int32_t i = row->first; i < row->end; i++) {
        add_layer(report, &layers[i], &row->counts);
        row->aux = row->aux && layers[i].aux;
    }
}

bool cnn_rows_next(const cnn_report *report, int32_t *at, cnn_row *row)
{
    const cnn_network *net = report->net;
    const int32_t number = *at == 0 ? 0 : row->number;
    int32_t first = *at == 0 ? (report->with_input ? 0 : 1) : row->end;
    if (first >= net->layer_count) {
        return false;
    }
    *at = 1;
    const cnn_layer *layer = &net->layers[first];
    const bool whole = layer->item != NULL && layer->item->composite && !report->every_layer;
    *row =
        (cnn_row){.item = layer->item, .first = first, .end = whole ? layer->item->end : first + 1};
    row->number = first == 0 ? 0 : number + 1;
    row->layer = whole ? NULL : layer;
    row->last = &net->layers[row->end - 1];
    add_layers(report, row);
    return true;
}

cnn_row cnn_row_total(const cnn_report *report)
{
    return (cnn_row){.title = "total",
                     .first = 1,
                     .end = report->net->layer_count,
                     .last = &report->net->layers[report->net->output],
                     .counts = report->totals};
}

cnn_row cnn_row_without_aux(const cnn_report *report)
{
    cnn_row row = cnn_row_total(report);
    row.title = "without aux";
    for (int32_t i = 0; i < report->net->layer_count; i++) {
        const cnn_layer *layer = &report->net->layers[i];
        if (layer->aux) {
            row.counts.params -= layer->weights + layer->biases;
            row.counts.weights -= layer->weights;
            row.counts.biases -= layer->biases;
            row.counts.statistics -= layer->statistics;
        }
    }
    return row;
}

bool cnn_network_has_aux(const cnn_network *net)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        if (net->layers[i].aux) {
            return true;
        }
    }
    return false;
}

void cnn_report_sum(cnn_report *report)
{
    report->totals = (cnn_counts){0};
    for (int32_t i = 0; i < report->net->layer_count; i++) {
        add_layer(report, &report->net->layers[i], &report->totals);
    }
}
