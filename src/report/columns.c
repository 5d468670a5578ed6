/* The columns of reports: facts about a row itself, and the quantities of its layers. */
#include <string.h>

#include "base/arena.h"
#include "base/checked.h"
#include "net/layer_text.h"
#include "ops/op.h"
#include "report/report.h"

/* ---- text ---- */

/* An item of several layers has no path, but perhaps a label. */
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

/* A total has no number, but each of several networks has one. */
static void get_index(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    (void)report;
    cell->number = row->number;
    cell->kind = row->title == NULL || row->numbers != NULL ? CNN_CELL_INT : CNN_CELL_EMPTY;
}

static void get_aux(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    (void)report;
    cell->number = row->aux;
    cell->kind = row->title == NULL ? CNN_CELL_BOOL : CNN_CELL_EMPTY;
}

/* Inputs may come from another text; layers that were built have no place in any. */
static void get_span(const cnn_report *report, const cnn_row *row, cnn_cell *cell)
{
    const bool input = row->number == 0;
    cell->span = row->layer == NULL && row->item != NULL    ? row->item->span
                 : row->layer != NULL && row->title == NULL ? row->layer->span
                                                            : (cnn_span){0, 0};
    const bool within =
        cell->span.begin < cell->span.end && cell->span.end <= report->net->text.size && !input;
    cell->kind = within ? CNN_CELL_SPAN : CNN_CELL_EMPTY;
}

/* ---- quantities ---- */

static void set_answer(const cnn_answer *answer, cnn_cell *cell)
{
    if (answer->kind == CNN_QUANTITY_SIZE) {
        cell->kind = CNN_CELL_SHAPE;
        cell->shape = answer->shape;
    } else {
        cell->kind = CNN_CELL_FRACTION;
        memcpy(cell->fraction, answer->pair, sizeof cell->fraction);
        cell->count = answer->numbers;
        cell->axes = answer->axes;
    }
}

/* Rounds to three significant digits, or to millionths where the ratio is smaller.
 * False: `first` is 0, or it does not fit. */
static bool ratio_of(int64_t part, int64_t first, cnn_fraction *out)
{
    enum { LEAST = 100, MOST_PARTS = 1000000 };
    int64_t parts = 1, scaled;
    *out = (cnn_fraction){0, 1};
    while (first > 0 && out->num < LEAST && parts <= MOST_PARTS) {
        if (!cnn_checked_mul(part, parts, &scaled) || scaled > INT64_MAX - first / 2) {
            return out->num > 0;
        }
        *out = (cnn_fraction){(scaled + first / 2) / first, parts};
        parts *= 10;
    }
    return first > 0;
}

static void set_count(const cnn_column *column, int64_t count, cnn_cell *cell)
{
    cell->kind = CNN_CELL_INT;
    cell->number = count;
    if (column->share || column->ratio) {
        const bool any =
            (column->share ? cnn_share_of : ratio_of)(count, column->total, &cell->fraction[0]);
        cell->kind = any ? CNN_CELL_FRACTION : CNN_CELL_EMPTY;
        cell->count = 1;
    }
}

/* Without sizes only parameters are counted: nothing that includes the input, that needs another
 * analysis, or that is made of MACs. */
bool cnn_column_unsized(const cnn_quantity *what, const cnn_network *net)
{
    const bool sized = net->layers[net->output].out.channels > 0;
    return !sized && (what->with_input || (what->needs & ~(uint32_t)CNN_NEEDS_TRAINED) != 0 ||
                      (what->steps & (CNN_STEP_BIT(MACS) | CNN_STEP_BIT(FLOPS))) != 0);
}

/* The cell of a network in a table of several. beside.c has checked that its sums fit. */
static void get_network(const cnn_column *column, const cnn_row *row, cnn_cell *cell)
{
    const cnn_subject all = cnn_subject_total(row->numbers->net);
    cnn_answer answer = {.kind = column->quantity->kind};
    cell->kind = CNN_CELL_EMPTY;
    if (answer.kind == CNN_QUANTITY_COUNT) {
        if (!cnn_column_unsized(column->quantity, row->numbers->net) &&
            cnn_total_of(column->quantity, row->numbers, &answer.count)) {
            set_count(column, answer.count, cell);
        }
    } else if (cnn_answer_of(column->quantity, &all, row->numbers->net->layers, row->numbers,
                             &answer)) {
        set_answer(&answer, cell);
    }
}

/* The cell of a row: of one layer, of several, or a total. */
static void get_quantity(const cnn_report *report, const cnn_column *column, const cnn_row *row,
                         cnn_cell *cell)
{
    const cnn_quantity *what = column->quantity;
    const bool total = row->title != NULL;
    const cnn_subject of = {
        .first = row->first, .end = row->end, .total = total, .without_aux = row->without_aux};
    if (what->kind == CNN_QUANTITY_COUNT) {
        /* a total row shows this; a row of one or several layers has its own */
        int64_t count = column->total; /* parts of it fit as well */
        if (row->layer != NULL) {
            (void)cnn_layer_count(what, row->layer, &report->numbers, &count);
        } else if (!total || row->without_aux) {
            (void)cnn_sum_of(what, &of, report->net->layers, &report->numbers, &count);
        }
        set_count(column, count, cell);
        return;
    }
    cnn_answer answer;
    cell->kind = CNN_CELL_EMPTY;
    if ((what->kind == CNN_QUANTITY_PAIR && total) ||
        !cnn_answer_of(what, &of, report->net->layers, &report->numbers, &answer)) {
        return;
    }
    set_answer(&answer, cell);
}

void cnn_cell_get(const cnn_report *report, const cnn_column *column, const cnn_row *row,
                  cnn_cell *cell)
{
    if (column->quantity != NULL && row->numbers != NULL) {
        get_network(column, row, cell);
    } else if (column->quantity != NULL) {
        get_quantity(report, column, row, cell);
    } else if (column->get != NULL) {
        cell->kind = column->kind;
        column->get(report, row, cell);
    } else {
        cell->kind = column->kind;
    }
}

/* ---- the columns ---- */

/* Those about the row itself: before the quantities, and after them. */
static const cnn_column leading[] = {
    {.name = "index",
     .title = "#",
     .brief = "the row's number",
     .kind = CNN_CELL_INT,
     .shown = CNN_IN_TABLE | CNN_IN_JSON,
     .get = get_index},
    {.name = "layer",
     .title = "layer",
     .brief = "the layer in canonical form, or the item's label or text",
     .kind = CNN_CELL_TEXT,
     .shown = CNN_IN_TABLE | CNN_IN_JSON,
     .put = cnn_row_put_name},
    {.name = "path",
     .title = "path",
     .brief = "where it is: labels, definitions, repetitions, branches",
     .kind = CNN_CELL_TEXT,
     .shown = CNN_IN_JSON,
     .with_all = true,
     .put = put_path},
    {.name = "kind",
     .title = "kind",
     .brief = "the kind of layer",
     .kind = CNN_CELL_TEXT,
     .shown = CNN_IN_JSON,
     .put = put_kind},
    {.name = "window",
     .title = "window",
     .brief = "kernel, stride, padding as used; dilation, groups, output padding if any",
     .kind = CNN_CELL_TEXT,
     .shown = CNN_IN_TABLE,
     .put = put_window},
};

static const cnn_column trailing[] = {
    {.name = "aux",
     .title = "aux",
     .brief = "whether it is part of an auxiliary head",
     .kind = CNN_CELL_BOOL,
     .shown = CNN_IN_JSON,
     .get = get_aux},
    {.name = "span",
     .title = "span",
     .brief = "the bytes of the list that it comes from: the first, and the one after the last",
     .kind = CNN_CELL_SPAN,
     .shown = CNN_IN_JSON,
     .get = get_span},
};

/* A quantity as a column: the table of quantities has all that it needs. */
static cnn_column column_of(const cnn_quantity *quantity)
{
    static const cnn_cell_kind kinds[] = {
        [CNN_QUANTITY_COUNT] = CNN_CELL_INT,
        [CNN_QUANTITY_SIZE] = CNN_CELL_SHAPE,
        [CNN_QUANTITY_PAIR] = CNN_CELL_FRACTION,
    };
    return (cnn_column){.name = quantity->name,
                        .title = quantity->title,
                        .brief = quantity->brief,
                        .kind = kinds[quantity->kind],
                        .shown = quantity->shown,
                        .quantity = quantity};
}

/* What only the network has is no column: no row has it. */
static bool of_layers(const cnn_quantity *quantity)
{
    return quantity->count != NULL || quantity->size != NULL || quantity->pair != NULL;
}

bool cnn_column_next(size_t *at, cnn_column *out)
{
    /* `at` counts through the first table, the quantities, and the last table */
    const size_t before = CNN_LENGTH(leading), after = before + cnn_quantity_count;
    while (*at < after + CNN_LENGTH(trailing)) {
        const size_t i = (*at)++;
        if (i < before || i >= after) {
            *out = i < before ? leading[i] : trailing[i - after];
            return true;
        }
        if (of_layers(&cnn_quantities[i - before])) {
            *out = column_of(&cnn_quantities[i - before]);
            return true;
        }
    }
    return false;
}

/* "macs%"; "share" is that of the parameters. */
static bool find_share(cnn_text name, cnn_column *out)
{
    const bool params = cnn_text_is(name, "share");
    const cnn_text wanted = params ? cnn_text_of("params%") : name;
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        const cnn_quantity *quantity = &cnn_quantities[i];
        if (quantity->share.percent != NULL && (cnn_text_is(wanted, quantity->share.percent) ||
                                                cnn_text_is(wanted, quantity->share.key))) {
            *out = column_of(quantity);
            out->name = out->title = params ? "share" : quantity->share.percent;
            out->kind = CNN_CELL_FRACTION;
            out->share = true;
            return true;
        }
    }
    return false;
}

bool cnn_column_find(cnn_text name, cnn_column *out)
{
    for (size_t at = 0; cnn_column_next(&at, out);) {
        if (cnn_text_is(name, out->name)) {
            return true;
        }
    }
    return find_share(name, out);
}

/* Concatenates two strings in the arena. NULL: out of memory. */
static const char *join(const char *name, const char *end, cnn_arena *arena)
{
    const size_t size = strlen(name), more = strlen(end) + 1;
    char *joined = cnn_arena_take(arena, size + more, 1);
    if (joined != NULL) {
        memcpy(joined, name, size);
        memcpy(joined + size, end, more);
    }
    return joined;
}

int32_t cnn_column_beside(cnn_text name, cnn_arena *arena, cnn_column *out)
{
    static const char first[] = "/first";
    const size_t end = sizeof first - 1;
    cnn_text base = name;
    const bool ratio = name.size > end && memcmp(name.data + name.size - end, first, end) == 0;
    base.size -= ratio ? end : 0;
    const bool known = cnn_column_find(base, out);
    const cnn_quantity *what = cnn_quantity_find(base);
    if (!known && what == NULL) {
        return CNN_E_COLUMN;
    }
    *out = known ? *out : column_of(what);
    /* a network has a name and a number, but no window or path; and its share is always 100 % */
    if (out->quantity == NULL ? out->put != cnn_row_put_name && out->get != get_index
                              : out->share) {
        return CNN_E_COLUMN_LAYER;
    }
    if (!ratio) {
        return CNN_OK;
    }
    if (out->quantity == NULL || out->quantity->kind != CNN_QUANTITY_COUNT) {
        return CNN_E_COLUMN;
    }
    out->ratio = true;
    out->kind = CNN_CELL_FRACTION;
    out->name = join(out->name, first, arena);
    out->title = join(out->title, first, arena);
    return out->name != NULL && out->title != NULL ? CNN_OK : CNN_OUT_OF_MEMORY;
}

/* Sheets may have been copied from our own tables: their titles count as names. */
bool cnn_column_known(cnn_text name)
{
    cnn_column column;
    for (size_t at = 0; cnn_column_next(&at, &column);) {
        if (cnn_text_is(name, column.title)) {
            return true;
        }
    }
    return cnn_column_find(name, &column);
}

bool cnn_column_adds(const cnn_column *column)
{
    return column->quantity != NULL && column->quantity->count != NULL && !column->share;
}
