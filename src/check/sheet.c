/*
 * Reading a sheet of answers: lines of cells with tabs between, the first one naming the columns.
 * A row is named by its index, or by its layer. Lines that begin with "#" are comments, and cells
 * that are empty claim nothing.
 */
#include <assert.h>

#include "check/claim.h"
#include "net/layer_text.h"
#include "report/report.h"

typedef struct sheet {
    cnn_text all;
    const cnn_numbers *numbers;
    cnn_claims *claims;
    const cnn_quantity *columns[CNN_MAX_COLUMNS];
    int32_t column_count;
    int32_t index_column; /* -1: none */
    int32_t layer_column;
    bool by_layer;  /* indices count layers, not items */
    int32_t last;   /* the layer that the row before ended with */
    int32_t at;     /* where the row behind the last one that was looked for by its index begins, */
    int32_t number; /* and the index of that one */
    int64_t steps;  /* names that may still be compared: a bound for sheets in no order */
    cnn_error *err;
} sheet;

static cnn_span span_of(const sheet *s, cnn_text part)
{
    const uint32_t begin = (uint32_t)(part.data - s->all.data);
    return (cnn_span){begin, begin + (uint32_t)part.size};
}

/* The next line that is neither empty nor a comment. */
static bool next_line(cnn_text *rest, cnn_text *line)
{
    while (rest->size > 0) {
        *line = cnn_text_split(rest, '\n');
        const cnn_text bare = cnn_text_trim(*line);
        if (bare.size > 0 && bare.data[0] != '#') {
            return true;
        }
    }
    return false;
}

static cnn_text cell_at(cnn_text line, int32_t column)
{
    if (column < 0) {
        return (cnn_text){0};
    }
    for (int32_t i = 0; i < column; i++) {
        (void)cnn_text_split(&line, '\t');
    }
    return cnn_text_trim(cnn_text_split(&line, '\t'));
}

/* ---- the header ---- */

static bool fail_column(sheet *s, cnn_text name)
{
    cnn_nearest nearest = cnn_nearest_to(name);
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        cnn_nearest_offer(&nearest, cnn_text_of(cnn_quantities[i].name));
    }
    return cnn_fail_words(s->err, CNN_E_CLAIM_QUANTITY, span_of(s, name), name, nearest.best);
}

static bool read_header(sheet *s, cnn_text line)
{
    bool any = false;
    const cnn_text header = line;
    s->index_column = s->layer_column = -1;
    while (line.size > 0) {
        const cnn_text name = cnn_text_trim(cnn_text_split(&line, '\t'));
        if (s->column_count == CNN_MAX_COLUMNS) {
            return cnn_fail(s->err, CNN_E_SHEET_HEADER, span_of(s, name));
        }
        const cnn_quantity *quantity = cnn_quantity_find(name);
        if (cnn_text_is(name, "index")) {
            s->index_column = s->column_count;
        } else if (cnn_text_is(name, "layer")) {
            s->layer_column = s->column_count;
        } else if (quantity == NULL && !cnn_column_known(name)) {
            return fail_column(s, name);
        }
        any = any || quantity != NULL;
        s->columns[s->column_count++] = quantity;
    }
    if (!any || (s->index_column < 0 && s->layer_column < 0)) {
        return cnn_fail(s->err, CNN_E_SHEET_HEADER, span_of(s, header));
    }
    return true;
}

/* ---- which row is meant ---- */

/* Compares what is written with a text, blanks and case aside. */
typedef struct comparison {
    cnn_text rest;
    bool equal;
} comparison;

static bool compare(void *user, const char *data, size_t size)
{
    comparison *c = user;
    for (size_t i = 0; i < size; i++) {
        if (data[i] == ' ') {
            continue;
        }
        while (c->rest.size > 0 && c->rest.data[0] == ' ') {
            c->rest.data++;
            c->rest.size--;
        }
        c->equal = c->equal && c->rest.size > 0 && cnn_fold(c->rest.data[0]) == cnn_fold(data[i]);
        c->rest.data += c->rest.size > 0;
        c->rest.size -= c->rest.size > 0;
    }
    return true;
}

static bool layer_is(const cnn_layer *layer, cnn_text name)
{
    static const char aux[] = " (aux)"; /* what reports put behind the layers of a head */
    const size_t more = sizeof aux - 1;
    if (layer->aux && name.size > more &&
        cnn_text_is((cnn_text){name.data + name.size - more, more}, aux)) {
        name.size -= more;
    }
    comparison c = {name, true};
    cnn_writer to = {compare, &c};
    (void)cnn_layer_write(layer, &to); /* comparing does not fail */
    return c.equal && c.rest.size == 0;
}

static bool read_index(cnn_text cell, int64_t *out)
{
    cnn_amount amount;
    cnn_error ignored = {0};
    if (!cnn_amount_read(&cell, false, cell, &amount, &ignored) || cell.size > 0 ||
        amount.step != 0 || amount.num < 0) {
        return false;
    }
    *out = amount.num;
    return true;
}

/* Whether the sheet's indices count layers also inside items: as --all does, or because the names
 * that stand beside them say so. */
static bool counts_layers(const sheet *s, cnn_text rest, bool all)
{
    const cnn_network *net = s->numbers->net;
    int32_t items = 0;
    cnn_subject of;
    for (int32_t at = 1; cnn_subject_next(net, false, &at, &items, &of);) {
    }
    bool named = false, fit = true;
    cnn_text line;
    while (s->index_column >= 0 && next_line(&rest, &line)) {
        int64_t index;
        if (!read_index(cell_at(line, s->index_column), &index)) {
            continue;
        }
        if (index > items) {
            return true;
        }
        const cnn_text name = cell_at(line, s->layer_column);
        if (name.size > 0 && index > 0) {
            named = true;
            fit = fit && layer_is(&net->layers[index], name);
        }
    }
    return named ? fit : all;
}

static bool find_index(sheet *s, int64_t index, cnn_subject *out)
{
    const cnn_network *net = s->numbers->net;
    if (index == 0 || s->by_layer) {
        *out = cnn_subject_layer((int32_t)(index < net->layer_count ? index : 0));
        return index < net->layer_count;
    }
    if (index <= s->number) {
        s->at = 1;
        s->number = 0;
    }
    while (s->steps-- > 0) {
        const bool more = cnn_subject_next(net, false, &s->at, &s->number, out);
        assert(more); /* otherwise the index would count layers */
        (void)more;
        if (s->number == index) {
            return true;
        }
    }
    return false;
}

/* The next row of that name behind the last one, then any. */
static bool find_name(sheet *s, cnn_text name, cnn_subject *out)
{
    const cnn_network *net = s->numbers->net;
    for (int32_t i = 0; i < net->layer_count && s->steps > 0; i++, s->steps--) {
        const int32_t index = (s->last + 1 + i) % net->layer_count;
        const cnn_layer *layer = &net->layers[index];
        if (layer_is(layer, name)) {
            *out = cnn_subject_layer(index);
            return true;
        }
        if (layer->item != NULL && layer->item->label.size > 0 &&
            cnn_text_same(layer->item->label, name)) {
            int32_t at = layer->item->first, number = 0;
            cnn_subject_next(net, false, &at, &number, out);
            return true;
        }
    }
    return false;
}

/* Names of rows that are no layers. */
static bool find_title(const sheet *s, cnn_text name, cnn_subject *out)
{
    *out = cnn_subject_total(s->numbers->net);
    out->without_aux = cnn_text_is(name, "without aux");
    return out->without_aux || cnn_text_is(name, "total");
}

static bool find_row(sheet *s, cnn_text line, cnn_subject *out)
{
    const cnn_text number = cell_at(line, s->index_column);
    const cnn_text name = cell_at(line, s->layer_column);
    const cnn_text what = number.size > 0 ? number : name;
    int64_t index;
    const bool found = find_title(s, what, out) ||
                       (number.size > 0 ? read_index(number, &index) && find_index(s, index, out)
                                        : name.size > 0 && find_name(s, name, out));
    if (!found) {
        const cnn_text place = what.size > 0 ? what : line;
        return cnn_fail_words(s->err, CNN_E_SHEET_ROW, span_of(s, place), place, (cnn_text){0});
    }
    s->last = out->total ? 0 : out->end - 1;
    return true;
}

static bool read_row(sheet *s, cnn_text line)
{
    cnn_claim claim = {.relation = CNN_EQUAL};
    if (!find_row(s, line, &claim.of)) {
        return false;
    }
    for (int32_t i = 0; i < s->column_count; i++) {
        cnn_text cell = cell_at(line, i);
        claim.what = s->columns[i];
        claim.text = cell;
        if (claim.what == NULL || cell.size == 0) {
            continue;
        }
        const cnn_text whole = cell;
        if (!cnn_claim_value(&cell, true, s->all, &claim, s->err) || cell.size > 0) {
            return cnn_fail(s->err, CNN_E_CLAIM_NUMBER, span_of(s, whole));
        }
        cnn_claim_add(s->claims, &claim, s->numbers);
    }
    return true;
}

bool cnn_sheet_read(cnn_text text, bool all, const cnn_numbers *numbers, cnn_claims *claims,
                    cnn_error *err)
{
    sheet s = {.all = text,
               .numbers = numbers,
               .claims = claims,
               .at = 1,
               .steps = CNN_MAX_STEPS,
               .err = err};
    cnn_text rest = text, line;
    rest.data += cnn_text_mark(text);
    rest.size -= cnn_text_mark(text);
    if (!next_line(&rest, &line)) {
        return cnn_fail(err, CNN_E_SHEET_HEADER, (cnn_span){0, 0});
    }
    if (!read_header(&s, line)) {
        return false;
    }
    s.by_layer = counts_layers(&s, rest, all);
    while (next_line(&rest, &line)) {
        if (!read_row(&s, line)) {
            return false;
        }
    }
    return true;
}
