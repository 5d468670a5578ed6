/*
 * From layers to rows: one for each item of the list, or one for each layer. Rows are made while
 * they are written, and as often as a writer goes through them; nothing but the last one is kept.
 */
#include <assert.h>

#include "net/layer_text.h"
#include "report/report.h"

/* A network is a row that looks like its total. */
static bool next_network(const cnn_report *report, int32_t *at, cnn_row *row)
{
    const cnn_beside *beside = report->beside;
    const int32_t i = (*at)++;
    if (i == beside->count) {
        return false;
    }
    const cnn_network *net = &beside->networks[i].network;
    *row = (cnn_row){.title = beside->networks[i].name,
                     .number = i + 1,
                     .first = net->input_count,
                     .end = net->layer_count,
                     .last = &net->layers[net->output],
                     .numbers = &beside->numbers[i]};
    return true;
}

bool cnn_rows_next(const cnn_report *report, int32_t *at, cnn_row *row)
{
    if (report->beside != NULL) {
        return next_network(report, at, row);
    }
    const cnn_network *net = report->net;
    const int32_t number = *at == 0 ? 0 : row->number;
    int32_t first = *at == 0 ? (report->with_input ? 0 : net->input_count) : row->end;
    if (first >= net->layer_count) {
        return false;
    }
    *at = 1;
    const cnn_layer *layer = &net->layers[first];
    /* an item of several layers is one row, unless every layer has its own */
    const bool whole = layer->item != NULL && layer->item->composite && !report->every_layer;
    *row =
        (cnn_row){.item = layer->item, .first = first, .end = whole ? layer->item->end : first + 1};
    row->number = first < net->input_count ? 0 : number + 1;
    row->layer = whole ? NULL : layer;
    row->last = &net->layers[row->end - 1];
    /* a row is auxiliary when all of its layers are */
    row->aux = true;
    for (int32_t i = first; i < row->end; i++) {
        row->aux = row->aux && net->layers[i].aux;
    }
    return true;
}

cnn_row cnn_row_total(const cnn_report *report)
{
    return (cnn_row){.title = "total",
                     .first = report->net->input_count,
                     .end = report->net->layer_count,
                     .last = &report->net->layers[report->net->output]};
}

cnn_row cnn_row_without_aux(const cnn_report *report)
{
    cnn_row row = cnn_row_total(report);
    row.title = "without aux";
    row.without_aux = true;
    return row;
}

int32_t cnn_rows_totals(const cnn_report *report, cnn_row *rows)
{
    if (report->beside != NULL) {
        return 0;
    }
    rows[0] = cnn_row_total(report);
    rows[1] = cnn_row_without_aux(report);
    return cnn_network_has_aux(report->net) ? 2 : 1;
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

int64_t cnn_row_params(const cnn_report *report, const cnn_row *row)
{
    const cnn_subject of = {.first = row->first, .end = row->end};
    int64_t params = 0; /* part of a total that fits */
    (void)cnn_sum_of(cnn_quantity_named("params"), &of, report->net->layers, &report->numbers,
                     &params);
    return params;
}

/* ---- names ---- */

enum { NAME_SHOWN = 48 };

/* An item's text on one line, cut when it is long. */
static void put_item_text(const cnn_report *report, const cnn_item *item, cnn_out *out)
{
    const cnn_text text = cnn_text_part(report->net->text, item->span);
    bool blank = false, comment = false;
    int32_t shown = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        /* comments vanish, and blanks and line ends in a row become one blank */
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
void cnn_row_put_name(const cnn_report *report, const cnn_row *row, cnn_out *out)
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
        cnn_out_string(out, row->layer->weights_of > 0 && !report->machine ? " (shared)" : "");
    } else if (!labelled) {
        assert(row->item != NULL);
        put_item_text(report, row->item, out);
    }
    cnn_out_string(out, row->aux && !report->machine ? " (aux)" : "");
}
