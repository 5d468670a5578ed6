/*
 * Reading a sheet of answers: a heading, then a row for each layer, in any form that cells have; or
 * claims, one on a line, as the program prints them. Lines that begin with "#" are comments, empty
 * cells claim nothing. What is not understood becomes an unread claim with its error.
 */
#include "base/arena.h"
#include "check/heading.h"
#include "check/reading.h"

typedef struct sheet {
    cnn_text all;
    cnn_text rows; /* what follows the heading */
    const cnn_numbers *numbers;
    cnn_claims *claims;
    cnn_layer_names *names;
    int32_t *row_begins; /* by index: the first layer of the report's row; NULL: rows are layers */
    int32_t row_count;
    cnn_heading heading;
    cnn_figures figures;
    int32_t first_line; /* of the rows, from 1 */
    bool by_layer;      /* indices count layers, not items */
    int32_t last;       /* the layer that the row before ended with */
    int64_t steps;      /* names that may still be compared: a bound for sheets in no order */
    cnn_error *err;
} sheet;

static cnn_span span_of(const sheet *s, cnn_text part)
{
    const uint32_t begin = (uint32_t)(part.data - s->all.data);
    return (cnn_span){begin, begin + (uint32_t)part.size};
}

static bool only_rules(cnn_text line)
{
    bool rules = true;
    for (size_t i = 0; i < line.size; i++) {
        const char c = line.data[i];
        rules = rules && (c == '-' || c == '|' || c == ':' || c == '=' || c == '+' || c == ' ' ||
                          c == '_' || c == '\r');
    }
    return rules;
}

static bool is_comment(cnn_text line)
{
    if (line.size < 3 || line.data[0] != '#') {
        return false;
    }
    const char next = line.data[1];
    const bool heading = next == '\t' || next == ',' || next == ';' || next == '|' ||
                         (next == ' ' && line.data[2] == ' ');
    return !heading; /* of a column of numbers */
}

/* The next line that is neither empty nor a comment nor a rule; `number` counts all. */
static bool next_line(cnn_text *rest, cnn_text *line, int32_t *number)
{
    while (rest->size > 0) {
        *line = cnn_text_split(rest, '\n');
        ++*number;
        const cnn_text bare = cnn_text_trim(*line);
        if (bare.size > 0 && !is_comment(bare) && !only_rules(bare)) {
            return true;
        }
    }
    return false;
}

/* ---- what is not understood ---- */

static bool unread(sheet *s, int32_t line, const cnn_error *error)
{
    if (error->code == CNN_OUT_OF_MEMORY) {
        return cnn_fail_memory(s->err);
    }
    cnn_error *copy = CNN_NEW(s->claims->arena, cnn_error);
    if (copy == NULL) {
        return cnn_fail_memory(s->err);
    }
    *copy = *error;
    const cnn_claim claim = {.verdict = CNN_VERDICT_UNREAD, .error = copy, .line = line};
    return cnn_claim_add(s->claims, &claim, s->numbers, s->err);
}

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
static bool counts_layers(const sheet *s, bool all)
{
    const cnn_network *net = s->numbers->net;
    int32_t items = 0, number = 0;
    cnn_subject of;
    cnn_text rest = s->rows, line, cells[CNN_MOST_CELLS];
    for (int32_t at = 1; cnn_subject_next(net, false, &at, &items, &of);) {
    }
    bool named = false, fit = true;
    while (s->heading.index >= 0 && next_line(&rest, &line, &number)) {
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

/* Notes where the rows of the report begin. */
static bool list_rows(sheet *s)
{
    const cnn_network *net = s->numbers->net;
    cnn_subject of;
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

static bool find_index(const sheet *s, int64_t index, cnn_subject *out)
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
static cnn_text nearest_label(const sheet *s, cnn_text name)
{
    const cnn_network *net = s->numbers->net;
    cnn_nearest nearest = cnn_nearest_to(name);
    for (int32_t i = 1; i < net->layer_count && i < 1000; i++) {
        if (net->layers[i].item != NULL && net->layers[i].item->label.size > 0) {
            cnn_nearest_offer(&nearest, net->layers[i].item->label);
        }
    }
    return nearest.best;
}

static bool fail_row(sheet *s, cnn_text what, const cnn_place *place, cnn_error *error)
{
    if (s->steps <= 0) {
        return cnn_fail(error, CNN_E_SHEET_COST, span_of(s, what));
    }
    if (place->found > 1) {
        error->word[0] = what;
        return cnn_fail_numbers(error, CNN_E_CLAIM_PLACES, span_of(s, what), place->of.first,
                                place->other.first);
    }
    return cnn_fail_words(error, CNN_E_SHEET_ROW, span_of(s, what), what, nearest_label(s, what));
}

/* By the index where there is one, or by the name. */
static bool find_row(sheet *s, const cnn_text *cells, cnn_text line, cnn_subject *out,
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
    place = cnn_place_find(s->names, what, s->last + 1, &s->steps);
    if (place.found == 0 && name.size > 0) {
        place = cnn_place_find(s->names, name, s->last + 1, &s->steps);
    }
    *out = place.of;
    return place.found == 1 ||
           fail_row(s, what.size > 0 ? what : cnn_text_trim(line), &place, error);
}

/* ---- rows ---- */

static bool read_cell(sheet *s, int32_t column, cnn_text cell, cnn_claim *claim, cnn_error *error)
{
    const cnn_sheet_column *its = &s->heading.column[column];
    claim->what = its->what;
    claim->share = its->share;
    if (!cnn_claim_value_all(cell, s->figures, false, s->all, claim, error)) {
        return cnn_fail(error, CNN_E_CLAIM_NUMBER, span_of(s, cell));
    }
    cnn_amount *value = &claim->value[0];
    if (its->power > 0 && value->power == 0 && claim->numbers == 1) {
        value->power = its->power;
        value->binary = its->binary;
        if (!cnn_amount_settle(value)) {
            return cnn_fail_words(error, CNN_E_OVERFLOW, span_of(s, cell),
                                  cnn_text_of("the number"), (cnn_text){0});
        }
    }
    return true;
}

/* How many cells of the row are right for a part of the network; -1: none is there. */
static int32_t right_cells(sheet *s, const cnn_text *cells, const cnn_subject *of)
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
static bool named_again(sheet *s, cnn_text name)
{
    cnn_text rest = s->rows, line, cells[CNN_MOST_CELLS];
    int32_t number = 0, found = 0;
    while (s->steps-- > 0 && next_line(&rest, &line, &number)) {
        (void)cnn_cells_split(&s->heading.cells, line, cells);
        found += cnn_text_same(cell_of(cells, s->heading.layer), name);
    }
    return found > 1;
}

/* Of several layers of one name a row that stands alone means the one that it is right for. */
static void prefer_right(sheet *s, const cnn_text *cells, cnn_subject *of)
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

static bool read_row(sheet *s, cnn_text line, int32_t number)
{
    cnn_text cells[CNN_MOST_CELLS];
    cnn_error error = {0};
    cnn_claim claim = {.relation = CNN_EQUAL};
    const int32_t count = cnn_cells_split(&s->heading.cells, line, cells);
    if (count > s->heading.cells.count) {
        (void)cnn_fail_numbers(&error, CNN_E_SHEET_CELLS, span_of(s, line), count,
                               s->heading.cells.count);
        return unread(s, number, &error);
    }
    if (!find_row(s, cells, line, &claim.of, &error)) {
        return unread(s, number, &error);
    }
    prefer_right(s, cells, &claim.of);
    s->last = claim.of.total ? 0 : claim.of.end - 1;
    for (int32_t i = 0; i < s->heading.cells.count; i++) {
        if (s->heading.column[i].what == NULL || cells[i].size == 0 || only_rules(cells[i])) {
            continue;
        }
        cnn_claim of_cell = claim;
        error = (cnn_error){0};
        if (read_cell(s, i, cells[i], &of_cell, &error)
                ? !cnn_claim_add(s->claims, &of_cell, s->numbers, s->err)
                : !unread(s, number, &error)) {
            return false;
        }
    }
    return true;
}

/* ---- a table ---- */

static bool read_rows(sheet *s, cnn_figures figures)
{
    cnn_text rest = s->rows, line;
    int32_t number = s->first_line;
    s->figures = figures;
    s->last = 0;
    s->steps = CNN_MAX_STEPS;
    while (next_line(&rest, &line, &number)) {
        if (!read_row(s, line, number)) {
            return false;
        }
    }
    return true;
}

/* How well a reading of the whole sheet fits: what is not understood, then what is right. */
typedef struct fit {
    int32_t bad, right, count;
} fit;

static fit fit_of(const cnn_claims *claims, int32_t from)
{
    fit f = {0, 0, claims->count - from};
    for (int32_t i = from; i < claims->count; i++) {
        const cnn_claim *claim = &claims->list[i];
        f.bad += claim->verdict == CNN_VERDICT_UNREAD || cnn_claim_is_broken(claim);
        f.right += claim->verdict != CNN_VERDICT_UNREAD && cnn_claim_is(claim, &claim->right);
    }
    return f;
}

/* Forgets the claims that were added since. */
static void forget(cnn_claims *claims, int32_t from)
{
    claims->count = from;
    claims->arena->low = (unsigned char *)&claims->list[from];
}

/* The whole sheet in English figures, or where that fits better in German ones. */
static bool read_table(sheet *s)
{
    static const char german[] =
        "the sheet's numbers are read with decimal commas, and points between thousands";
    static const char unknown[] = "a column of the sheet is no quantity and is not checked";
    const int32_t from = s->claims->count;
    if (!read_rows(s, CNN_FIGURES_COMMAS)) {
        return false;
    }
    const fit english = fit_of(s->claims, from);
    s->claims->remark = s->heading.unknown ? unknown : s->claims->remark;
    if (english.bad == 0 && english.right == english.count) {
        return true;
    }
    forget(s->claims, from);
    if (!read_rows(s, CNN_FIGURES_GERMAN)) {
        return false;
    }
    const fit other = fit_of(s->claims, from);
    if (other.bad < english.bad || (other.bad == english.bad && other.right > english.right)) {
        s->claims->remark = german;
        return true;
    }
    forget(s->claims, from);
    return read_rows(s, CNN_FIGURES_COMMAS);
}

/* ---- claims, one on a line ---- */

static bool is_claim(cnn_text line)
{
    bool is = false;
    for (size_t i = 0; i < line.size; i++) {
        is = is || line.data[i] == '=' || line.data[i] == '<' || line.data[i] == '>';
    }
    return is;
}

/* Lines that the program prints under and after its answers. */
static bool is_comment_of_ours(cnn_text line)
{
    static const char *const begins[] = {"    ", "remark: "};
    for (size_t i = 0; i < CNN_LENGTH(begins); i++) {
        const size_t size = cnn_text_of(begins[i]).size;
        if (line.size >= size && cnn_text_is((cnn_text){line.data, size}, begins[i])) {
            return true;
        }
    }
    const cnn_text bare = cnn_text_trim(line);
    size_t digits = 0;
    while (digits < bare.size && cnn_is_digit(bare.data[digits])) {
        digits++;
    }
    static const char answers[] = " answers: ";
    return digits > 0 && bare.size > digits + sizeof answers &&
           cnn_text_is((cnn_text){bare.data + digits, sizeof answers - 1}, answers);
}

static bool read_claims(sheet *s, cnn_text rest)
{
    cnn_text line;
    int32_t number = 0;
    while (next_line(&rest, &line, &number)) {
        cnn_error error = {0};
        if (is_comment_of_ours(line)) {
            continue;
        }
        if (!cnn_claim_read(cnn_text_trim(line), s->numbers, s->claims, &error) &&
            !unread(s, number, &error)) {
            return false;
        }
    }
    return true;
}

bool cnn_sheet_read(cnn_text text, bool all, const cnn_numbers *numbers, cnn_claims *claims,
                    cnn_error *err)
{
    sheet s = {.all = text, .numbers = numbers, .claims = claims, .err = err};
    cnn_text rest = text, line = {0};
    const int32_t from = claims->count;
    rest.data += cnn_text_mark(text);
    rest.size -= cnn_text_mark(text);
    const cnn_text whole = rest;
    bool any = next_line(&rest, &line, &s.first_line);
    /* A printed table begins with the network's input. */
    static const char input[] = "input ";
    if (any && line.size > sizeof input && cnn_text_is((cnn_text){line.data, 6}, input)) {
        any = next_line(&rest, &line, &s.first_line);
    }
    if (!any) {
        return cnn_fail(err, CNN_E_SHEET_HEADER, (cnn_span){0, 0});
    }
    cnn_error heading = {0};
    bool read;
    if (cnn_heading_read(&s.heading, line, text, &heading)) {
        s.rows = rest;
        s.by_layer = counts_layers(&s, all);
        s.names = cnn_claims_names(claims, numbers->net, err);
        read = s.names != NULL && list_rows(&s) && read_table(&s);
    } else if (is_claim(line)) {
        read = read_claims(&s, whole);
    } else {
        *err = heading;
        return cnn_fail(err, CNN_E_SHEET_HEADER, span_of(&s, cnn_text_trim(line)));
    }
    if (read && claims->count == from) {
        return cnn_fail(err, CNN_E_SHEET_EMPTY, span_of(&s, cnn_text_trim(line)));
    }
    return read;
}
