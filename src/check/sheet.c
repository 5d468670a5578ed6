/*
 * Reading a sheet of answers: a heading, then a row for each layer, in any form that cells have; or
 * claims, one on a line, as the program prints them. Lines that begin with "#" are comments, empty
 * cells claim nothing. What is not understood becomes an unread claim with its error.
 */
#include "check/sheet.h"
#include "base/arena.h"

cnn_span cnn_sheet_span(const cnn_sheet *s, cnn_text part)
{
    const uint32_t begin = (uint32_t)(part.data - s->all.data);
    return (cnn_span){begin, begin + (uint32_t)part.size};
}

bool cnn_sheet_rule(cnn_text line)
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

bool cnn_sheet_line(cnn_text *rest, cnn_text *line, int32_t *number)
{
    while (rest->size > 0) {
        *line = cnn_text_split(rest, '\n');
        ++*number;
        const cnn_text bare = cnn_text_trim(*line);
        if (bare.size > 0 && !is_comment(bare) && !cnn_sheet_rule(bare)) {
            return true;
        }
    }
    return false;
}

/* ---- what is not understood ---- */

bool cnn_sheet_unread(cnn_sheet *s, int32_t line, const cnn_error *error)
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

/* ---- a table ---- */

/* What a printed table has below its rows: the memory of the whole network. */
static bool ends_table(cnn_text line)
{
    return cnn_text_begins(line, "forward pass of ") || cnn_text_begins(line, "training with ");
}

static bool read_rows(cnn_sheet *s, cnn_figures figures)
{
    cnn_text rest = s->rows, line;
    int32_t number = s->first_line;
    s->figures = figures;
    s->last = 0;
    s->totalled = false;
    s->steps = CNN_MAX_STEPS;
    while (cnn_sheet_line(&rest, &line, &number) && !ends_table(line)) {
        if (!cnn_sheet_read_row(s, line, number)) {
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
static bool read_table(cnn_sheet *s)
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

bool cnn_sheet_claim(cnn_text line)
{
    bool is = false;
    for (size_t i = 0; i + 1 < line.size; i++) {
        const char c = line.data[i];
        is = is || c == '=' || c == '<' || c == '>' || (c == ':' && line.data[i + 1] == ' ') ||
             (c == '\xE2' && line.data[i + 1] == '\x89'); /* signs such as at most */
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

static bool read_claims(cnn_sheet *s, cnn_text rest)
{
    cnn_text line;
    int32_t number = 0;
    while (cnn_sheet_line(&rest, &line, &number)) {
        cnn_error error = {0};
        if (is_comment_of_ours(line)) {
            continue;
        }
        if (!cnn_claim_read(cnn_text_trim(line), s->numbers, s->claims, &error) &&
            !cnn_sheet_unread(s, number, &error)) {
            return false;
        }
    }
    return true;
}

bool cnn_sheet_read(cnn_text text, bool all, const cnn_numbers *numbers, cnn_claims *claims,
                    cnn_error *err)
{
    cnn_sheet s = {.all = text, .numbers = numbers, .claims = claims, .err = err};
    cnn_text rest = text, line = {0};
    const int32_t from = claims->count;
    rest.data += cnn_text_mark(text);
    rest.size -= cnn_text_mark(text);
    const cnn_text whole = rest;
    bool any = cnn_sheet_line(&rest, &line, &s.first_line);
    /* A printed table begins with the network's input. */
    static const char input[] = "input ";
    if (any && line.size > sizeof input && cnn_text_is((cnn_text){line.data, 6}, input)) {
        any = cnn_sheet_line(&rest, &line, &s.first_line);
    }
    if (!any) {
        return cnn_fail(err, CNN_E_SHEET_HEADER, (cnn_span){0, 0});
    }
    cnn_error heading = {0};
    bool read;
    if (cnn_heading_read(&s.heading, line, text, &heading)) {
        s.rows = rest;
        read = cnn_sheet_list_rows(&s, all) && read_table(&s);
    } else if (cnn_sheet_claim(line)) {
        read = read_claims(&s, whole);
    } else {
        *err = heading;
        return cnn_fail(err, CNN_E_SHEET_HEADER, cnn_sheet_span(&s, cnn_text_trim(line)));
    }
    if (read && claims->count == from) {
        return cnn_fail(err, CNN_E_SHEET_EMPTY, cnn_sheet_span(&s, cnn_text_trim(line)));
    }
    return read;
}
