/*
 * Choosing columns, and cells as text. Without --columns a report has the default ones, which the
 * tables of columns and of quantities mark; what is named twice is shown once.
 */
#include "base/shape_text.h"
#include "report/report.h"

/* Shows the name within --columns; for an unknown one also the nearest that exists. */
static bool fail_column(cnn_text all, cnn_text name, int32_t code, cnn_error *err)
{
    const uint32_t begin = (uint32_t)(name.data - all.data);
    const cnn_span span = {begin, begin + (uint32_t)name.size};
    cnn_nearest nearest = cnn_nearest_to(name);
    cnn_column column;
    for (size_t at = 0; code == CNN_E_COLUMN && cnn_column_next(&at, &column);) {
        cnn_nearest_offer(&nearest, cnn_text_of(column.name));
    }
    err->source = CNN_SOURCE_COLUMNS;
    return cnn_fail_words(err, code, span, name, nearest.best);
}

/* A column that is named twice is shown once. False: there is no room. */
static bool add_column(cnn_report *report, const cnn_column *column)
{
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_column *other = &report->columns[i];
        if (other->quantity == column->quantity && other->share == column->share &&
            other->ratio == column->ratio &&
            (column->quantity != NULL || other->name == column->name)) {
            return true;
        }
    }
    if (report->column_count == CNN_MAX_COLUMNS) {
        return false;
    }
    report->columns[report->column_count++] = *column;
    /* activations and memory count the input as well: it gets a row */
    report->with_input =
        report->with_input || (column->quantity != NULL && column->quantity->with_input);
    return true;
}

static bool has_paths(const cnn_network *net)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        if (net->layers[i].path != NULL) {
            return true;
        }
    }
    return false;
}

/* The default columns; --all adds paths where layers have any. False: there is no room. */
static bool add_standard(cnn_report *report, bool json)
{
    const bool paths = report->options->all && has_paths(report->net);
    cnn_column column;
    bool room = true;
    for (size_t at = 0; cnn_column_next(&at, &column);) {
        const uint32_t shown = column.shown;
        const bool table =
            cnn_is_shown(shown, CNN_IN_TABLE, report->net) || (column.with_all && paths);
        if (json ? cnn_is_shown(shown, CNN_IN_JSON, report->net) : table) {
            room = add_column(report, &column) && room;
        }
    }
    return room;
}

/* The columns of networks side by side when none are named. */
static bool add_network(cnn_report *report)
{
    static const char *const names[] = {"layer", "input", "output", "params", "macs"};
    cnn_column column;
    bool room = true;
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        room =
            cnn_column_find(cnn_text_of(names[i]), &column) && add_column(report, &column) && room;
    }
    return room;
}

/* Looks a column up by its name; ratios exist only side by side. */
static int32_t find(cnn_report *report, cnn_text name, cnn_column *column)
{
    if (name.size == 0) {
        return CNN_E_NO_COLUMNS;
    }
    if (report->beside == NULL && cnn_column_find(name, column)) {
        return CNN_OK;
    }
    const int32_t code = cnn_column_beside(name, &report->scratch, column);
    return report->beside != NULL            ? code
           : code == CNN_OK && column->ratio ? CNN_E_COLUMN_RATIO
                                             : CNN_E_COLUMN;
}

/* "a,b" names the columns; "+a" anywhere adds to the default. */
bool cnn_columns_choose(cnn_report *report, cnn_error *err)
{
    const cnn_text all = report->options->columns;
    const bool json = report->format != NULL && report->format->kind == CNN_FORMAT_JSON;
    /* one "+" is enough: then all names are additions */
    bool adds = all.size == 0;
    for (size_t i = 0; i < all.size; i++) {
        adds = adds || all.data[i] == '+';
    }
    if (adds && !(report->beside != NULL ? add_network(report) : add_standard(report, json))) {
        return fail_column(all, all, CNN_E_MANY_COLUMNS, err);
    }
    cnn_text rest = all;
    while (rest.size > 0) {
        cnn_text name = cnn_text_trim(cnn_text_split(&rest, ','));
        cnn_column column;
        if (name.size > 0 && name.data[0] == '+') {
            name = cnn_text_skip(name, 1);
        }
        const int32_t code = find(report, name, &column);
        if (code == CNN_OUT_OF_MEMORY) {
            return cnn_fail_memory(err);
        }
        if (code != CNN_OK) {
            return fail_column(all, name, code, err);
        }
        if (!add_column(report, &column)) {
            return fail_column(all, name, CNN_E_MANY_COLUMNS, err);
        }
    }
    return true;
}

/* Text is written by its column; all else is a value, of which the kind tells how it is written. */
void cnn_cell_put(const cnn_report *report, const cnn_column *column, const cnn_row *row,
                  bool grouped, cnn_out *out)
{
    if (column->put != NULL) {
        column->put(report, row, out);
        return;
    }
    cnn_cell cell;
    cnn_cell_get(report, column, row, &cell);
    switch (cell.kind) {
    case CNN_CELL_INT:
        grouped ? cnn_out_grouped(out, cell.number) : cnn_out_int(out, cell.number);
        break;
    case CNN_CELL_SHAPE:
        cnn_out_shape(out, &cell.shape);
        break;
    case CNN_CELL_FRACTION:
        cnn_pair_put(out, cell.fraction, cell.count, false);
        break;
    case CNN_CELL_BOOL:
        cnn_out_string(out, cell.number != 0 ? "yes" : "no");
        break;
    case CNN_CELL_SPAN:
        cnn_out_int(out, cell.span.begin);
        cnn_out_char(out, '-');
        cnn_out_int(out, cell.span.end);
        break;
    default:
        break;
    }
}
