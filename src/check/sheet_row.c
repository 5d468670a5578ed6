/* Rows of a sheet: which part of the network each means, and what its cells claim. */
#include "base/arena.h"
#include "check/sheet.h"

/* ---- which row is meant ---- */

static bool read_index(cnn_text cell, int64_t *out)
{
    cnn_amount amount;
    cnn_error ignored = {0};
    if (!cnn_amount_read(&cell, CNN_FIGURES_BARE, cell, &amount, &ignored) || cell.size > 0 ||
        amount.step != 0 || amount.den != 1 || amount.num < 0) {
        return false;
    }
    *out = amount.num;
    return true;
}

static cnn_text cell_of(const cnn_text *cells, int32_t column)
{
    return column < 0 ? (cnn_text){0} : cells[column];
}

/* Whether the sheet's indices count layers also inside items: as --all does, or because the names
 * beside them say so. */
static bool counts_layers(const cnn_sheet *s, bool all)
{
    const cnn_network *net = s->numbers->net;
    int32_t items = 0, number = 0;
    cnn_subject of;
    cnn_text rest = s->rows, line, cells[CNN_MOST_CELLS];
    for (int32_t at = 1; cnn_subject_next(net, false, &at, &items, &of);) {
    }
    bool named = false, fit = true;
    while (s->heading.index >= 0 && cnn_sheet_line(&rest, &line, &number)) {
        int64_t index;
        (void)cnn_cells_split(&s->heading.cells, line, cells);
        if (!read_index(cell_of(cells, s->heading.index), &index)) {
            continue;
        }
        if (index > items) {
            return true;
        }
        const cnn_text name = cell_of(cells, s->heading.layer);
        if (name.size > 0 && index > 0) {
            named = true;
            fit = fit && cnn_layer_like(&net->layers[index], name) != CNN_UNLIKE;
        }
    }
    return named ? fit : all;
}

bool cnn_sheet_list_rows(cnn_sheet *s, bool all)
{
    const cnn_network *net = s->numbers->net;
    cnn_subject of;
    s->by_layer = counts_layers(s, all);
    s->names = cnn_claims_names(s->claims, net, s->err);
    if (s->names == NULL) {
        return false;
    }
    if (s->by_layer || s->heading.index < 0) {
        return true;
    }
    s->row_begins = CNN_NEW_ARRAY(s->claims->arena, int32_t, net->layer_count);
    if (s->row_begins == NULL) {
        return cnn_fail_memory(s->err);
    }
    for (int32_t at = 1; cnn_subject_next(net, false, &at, &s->row_count, &of);) {
        s->row_begins[s->row_count] = of.first;
    }
    return true;
}

static bool find_index(const cnn_sheet *s, int64_t index, cnn_subject *out)
{
    if (index == 0 || s->by_layer) {
        return cnn_place_index(s->numbers->net, index, true, out);
    }
    if (index > s->row_count) {
        return false;
    }
    int32_t at = s->row_begins[index], number = (int32_t)index - 1;
    return cnn_subject_next(s->numbers->net, false, &at, &number, out);
}

/* Labels that are near what is written. */
static cnn_text nearest_label(const cnn_sheet *s, cnn_text name)
{
    const cnn_network *net = s->numbers->net;
    cnn_nearest nearest = cnn_nearest_to(name);
    for (int32_t i = net->input_count; i < net->layer_count && i < 1000; i++) {
        if (net->layers[i].item != NULL && net->layers[i].item->label.size > 0) {
            cnn_nearest_offer(&nearest, net->layers[i].item->label);
        }
    }
    return nearest.best;
}

static bool fail_row(cnn_sheet *s, cnn_text what, const cnn_place *place, cnn_error *error)
{
    if (s->steps <= 0) {
        return cnn_fail(error, CNN_E_SHEET_COST, cnn_sheet_span(s, what));
    }
    if (place->found > 1) {
        error->word[0] = what;
        return cnn_fail_numbers(error, CNN_E_CLAIM_PLACES, cnn_sheet_span(s, what), place->of.first,
                                place->other.first);
    }
    return cnn_fail_words(error, CNN_E_SHEET_ROW, cnn_sheet_span(s, what), what,
                          nearest_label(s, what));
}

/* Whether a row without a name ends the sheet: it is the total, as in a report without names. */
static bool ends_rows(cnn_sheet *s, cnn_text line)
{
    const size_t end = (size_t)(line.data - s->rows.data) + line.size;
    cnn_text rest = cnn_text_skip(s->rows, end), cells[CNN_MOST_CELLS];
    int32_t number = 0;
    if (s->last == 0 && !s->totalled) {
        return false; /* no row before it has a name */
    }
    while (s->steps-- > 0 && cnn_sheet_line(&rest, &line, &number)) {
        (void)cnn_cells_split(&s->heading.cells, line, cells);
        if (cell_of(cells, s->heading.index).size + cell_of(cells, s->heading.layer).size > 0) {
            return false;
        }
    }
    return s->steps > 0;
}

/* By the index where there is one, or by the name. */
static bool find_row(cnn_sheet *s, const cnn_text *cells, cnn_text line, cnn_subject *out,
                     cnn_error *error)
{
    const cnn_text number = cell_of(cells, s->heading.index);
    const cnn_text name = cell_of(cells, s->heading.layer);
    cnn_place place = {0};
    int64_t index;
    if (number.size > 0 && read_index(number, &index)) {
        if (find_index(s, index, out)) {
            return true;
        }
        return fail_row(s, number, &place, error);
    }
    const cnn_text what = number.size > 0 ? number : name;
    if (what.size == 0 && ends_rows(s, line)) {
        *out = cnn_subject_total(s->numbers->net);
        out->without_aux = s->totalled; /* which follows the total, where there are heads */
        s->totalled = true;
        return true;
    }
    place = cnn_place_find(s->names, what, s->last + 1, &s->steps);
    if (place.found == 0 && name.size > 0) {
        place = cnn_place_find(s->names, name, s->last + 1, &s->steps);
    }
    *out = place.of;
    return place.found == 1 ||
           fail_row(s, what.size > 0 ? what : cnn_text_trim(line), &place, error);
}

/* ---- rows ---- */

static bool read_cell(cnn_sheet *s, int32_t column, cnn_text cell, cnn_claim *claim,
                      cnn_error *error)
{
    const cnn_sheet_column *its = &s->heading.column[column];
    claim->what = its->what;
    claim->share = its->share;
    if (!cnn_claim_value_all(cell, s->figures, false, s->all, claim, error)) {
        return cnn_fail(error, CNN_E_CLAIM_NUMBER, cnn_sheet_span(s, cell));
    }
    cnn_amount *value = &claim->value[0];
    if (its->power > 0 && value->power == 0 && claim->numbers == 1) {
        value->power = its->power;
        value->binary = its->binary;
        if (!cnn_amount_settle(value)) {
            return cnn_fail_words(error, CNN_E_OVERFLOW, cnn_sheet_span(s, cell),
                                  cnn_text_of("the number"), (cnn_text){0});
        }
    }
    return true;
}

/* How many cells of the row are right for a part of the network; -1: none is there. */
static int32_t right_cells(cnn_sheet *s, const cnn_text *cells, const cnn_subject *of)
{
    int32_t right = 0;
    for (int32_t i = 0; i < s->heading.cells.count; i++) {
        cnn_error ignored = {0};
        cnn_answer answer;
        cnn_claim claim = {.relation = CNN_EQUAL};
        const cnn_sheet_column *its = &s->heading.column[i];
        right += its->what != NULL && !its->share && cells[i].size > 0 &&
                 read_cell(s, i, cells[i], &claim, &ignored) &&
                 cnn_answer_of(its->what, of, s->numbers->net->layers, s->numbers, &answer) &&
                 cnn_claim_is(&claim, &answer);
    }
    return right;
}

/* Whether another row has this name. */
static bool named_again(cnn_sheet *s, cnn_text name)
{
    cnn_text rest = s->rows, line, cells[CNN_MOST_CELLS];
    int32_t number = 0, found = 0;
    while (found < 2 && s->steps-- > 0 && cnn_sheet_line(&rest, &line, &number)) {
        (void)cnn_cells_split(&s->heading.cells, line, cells);
        found += cnn_text_same(cell_of(cells, s->heading.layer), name);
    }
    return found > 1;
}

/* Of several layers of one name a single row means the one that it is right for. */
static void prefer_right(cnn_sheet *s, const cnn_text *cells, cnn_subject *of)
{
    const cnn_text name = cell_of(cells, s->heading.layer);
    const cnn_text number = cell_of(cells, s->heading.index);
    if (number.size > 0 || !cnn_subject_single(of)) {
        return;
    }
    cnn_place next = cnn_place_find(s->names, name, of->end, &s->steps);
    int32_t most = right_cells(s, cells, of);
    if (next.found != 1 || next.of.first == of->first || !cnn_subject_single(&next.of) ||
        most > 0 || named_again(s, name)) {
        return;
    }
    const int32_t first = of->first;
    while (next.found == 1 && next.of.first != first && s->steps > 0) {
        const int32_t right = right_cells(s, cells, &next.of);
        if (right > most) {
            most = right;
            *of = next.of;
        }
        next = cnn_place_find(s->names, name, next.of.end, &s->steps);
    }
}

/* "Total params: 54,410", as summaries end: a claim by itself. */
static bool read_trailer(cnn_sheet *s, cnn_text line)
{
    cnn_error error = {0};
    if (cnn_sheet_claim(line) &&
        cnn_claim_read(cnn_text_trim(line), s->numbers, s->claims, &error)) {
        return true;
    }
    return error.code == CNN_OUT_OF_MEMORY && cnn_fail_memory(s->err);
}

bool cnn_sheet_read_row(cnn_sheet *s, cnn_text line, int32_t number)
{
    cnn_text cells[CNN_MOST_CELLS];
    cnn_error error = {0};
    cnn_claim claim = {.relation = CNN_EQUAL};
    const int32_t count = cnn_cells_split(&s->heading.cells, line, cells);
    if (count > s->heading.cells.count) {
        (void)cnn_fail_numbers(&error, CNN_E_SHEET_CELLS, cnn_sheet_span(s, line), count,
                               s->heading.cells.count);
        return cnn_sheet_unread(s, number, &error);
    }
    if (!find_row(s, cells, line, &claim.of, &error)) {
        return read_trailer(s, line) ||
               (s->err->code == CNN_OK && cnn_sheet_unread(s, number, &error));
    }
    prefer_right(s, cells, &claim.of);
    s->last = claim.of.total ? 0 : claim.of.end - 1;
    for (int32_t i = 0; i < s->heading.cells.count; i++) {
        if (s->heading.column[i].what == NULL || cells[i].size == 0 || cnn_sheet_rule(cells[i])) {
            continue;
        }
        cnn_claim of_cell = claim;
        error = (cnn_error){0};
        if (read_cell(s, i, cells[i], &of_cell, &error)
                ? !cnn_claim_add(s->claims, &of_cell, s->numbers, s->err)
                : !cnn_sheet_unread(s, number, &error)) {
            return false;
        }
    }
    return true;
}
