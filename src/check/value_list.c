/*
 * Reading a list of values: one for each layer that has any, or for every layer, or for each row of
 * the report, with the input or without, with the total or without. Of the ways that fit, the one
 * with the most right answers is meant.
 */
#include "check/value_list.h"

#include "ops/op.h"

static cnn_span span_of(const cnn_value_list *list, cnn_text part)
{
    const uint32_t begin = (uint32_t)(part.data - list->all.data);
    return (cnn_span){begin, begin + (uint32_t)part.size};
}

/* The ways to read a list, likeliest first. */
static const cnn_spread ways[] = {
    {.all = true},
    {.all = true, .total = true},
    {.every = true, .all = true},
    {.every = true, .all = true, .total = true},
    {0},
    {.total = true},
    {.every = true},
    {.every = true, .total = true},
    {.all = true, .windows = true},
    {.all = true, .input = true},
    {.all = true, .input = true, .total = true},
    {.every = true, .all = true, .input = true},
    {.every = true, .all = true, .input = true, .total = true},
    {.input = true},
    {.every = true, .input = true},
    {.all = true, .windows = true, .input = true},
};

/* ---- the parts of the network that have a value ---- */

static bool takes_part(const cnn_value_list *list, const cnn_spread *way, const cnn_subject *of)
{
    const cnn_layer *layers = list->numbers->net->layers;
    if (way->windows) {
        return cnn_use_of(layers[of->first].op, CNN_STRIDE)->need != CNN_NEVER;
    }
    bool has = way->every;
    for (int32_t i = of->first; i < of->end && !has; i++) {
        has = cnn_quantity_has(list->claim.what, &layers[i], list->numbers);
    }
    return has;
}

/* A walk over these parts: the input, the rows, the total. */
typedef struct walk {
    int32_t at, number;
    bool input, total; /* still to come */
} walk;

static walk begin_walk(const cnn_spread *way)
{
    return (walk){1, 0, way->input, way->total};
}

static bool next_part(const cnn_value_list *list, const cnn_spread *way, walk *w, cnn_subject *of)
{
    if (w->input) {
        w->input = false;
        *of = cnn_subject_layer(0);
        return true;
    }
    while (cnn_subject_next(list->numbers->net, way->all, &w->at, &w->number, of)) {
        if (takes_part(list, way, of)) {
            return true;
        }
    }
    *of = cnn_subject_total(list->numbers->net);
    const bool total = w->total;
    w->total = false;
    return total;
}

static int32_t parts_of(const cnn_value_list *list, const cnn_spread *way)
{
    cnn_subject of;
    int32_t count = 0;
    for (walk w = begin_walk(way); next_part(list, way, &w, &of);) {
        count++;
    }
    return count;
}

/* ---- values ---- */

static bool read_value(const cnn_value_list *list, cnn_text text, const cnn_subject *of,
                       cnn_claim *out)
{
    cnn_error ignored = {0};
    *out = list->claim;
    out->of = *of;
    return cnn_claim_value_all(text, list->figures, false, list->all, out, &ignored);
}

static bool is_right(const cnn_value_list *list, const cnn_claim *claim)
{
    cnn_answer right;
    return cnn_answer_of(claim->what, &claim->of, list->numbers->net->layers, list->numbers,
                         &right) &&
           cnn_claim_is(claim, &right);
}

/* The next value: so many pieces between separators, with the separators between them. */
static cnn_text next_value(const cnn_value_list *list, cnn_text *rest, int32_t pieces)
{
    cnn_text value = cnn_value_split(rest, list->separator);
    for (int32_t i = 1; i < pieces; i++) {
        const cnn_text more = cnn_value_split(rest, list->separator);
        value.size = (size_t)(more.data + more.size - value.data);
    }
    return value;
}

/* How many values are right when the list is read this way; -1: one cannot be read, or the list
 * does not begin with the input although it should. */
static int32_t count_right(const cnn_value_list *list, const cnn_spread *way, int32_t *broken)
{
    cnn_text rest = list->values;
    cnn_subject of;
    cnn_claim claim;
    int32_t right = 0;
    *broken = 0;
    for (walk w = begin_walk(way); next_part(list, way, &w, &of);) {
        if (!read_value(list, next_value(list, &rest, 1), &of, &claim)) {
            return -1;
        }
        const bool its = is_right(list, &claim);
        if (of.first == 0 && !its) {
            return -1;
        }
        right += its;
        *broken += cnn_claim_is_broken(&claim);
    }
    return right;
}

/* ---- thousands with commas in a list with commas ---- */

enum { MOST_GROUPS = 7 }; /* of three digits in 64 bits */

/* For the parts and pieces after these: the most right values, -1: it cannot be read so; and of how
 * many pieces the next one then is. */
typedef struct merging {
    const cnn_value_list *list;
    cnn_text piece[CNN_MOST_MERGED];
    cnn_subject part[CNN_MOST_MERGED];
    int32_t pieces, parts;
    int8_t right[CNN_MOST_MERGED + 1][CNN_MOST_MERGED + 1];
    int8_t taken[CNN_MOST_MERGED + 1][CNN_MOST_MERGED + 1];
} merging;

static void merge_from(merging *m, int32_t piece, int32_t part)
{
    int8_t *best = &m->right[piece][part];
    *best = -1;
    for (int32_t count = 1; count <= MOST_GROUPS && piece + count <= m->pieces; count++) {
        const int8_t after = m->right[piece + count][part + 1];
        const cnn_text last = m->piece[piece + count - 1];
        cnn_text text = m->piece[piece];
        text.size = (size_t)(last.data + last.size - text.data);
        cnn_claim claim;
        if (after < 0 || !read_value(m->list, text, &m->part[part], &claim)) {
            continue;
        }
        const int8_t right = (int8_t)(after + is_right(m->list, &claim));
        if (right > *best) {
            *best = right;
            m->taken[piece][part] = (int8_t)count;
        }
    }
}

/* The best way to merge the pieces into values for these parts; -1: there is none. */
static int32_t merge(merging *m, const cnn_spread *way)
{
    cnn_text rest = m->list->values;
    walk w = begin_walk(way);
    for (m->pieces = 0; rest.size > 0; m->pieces++) {
        m->piece[m->pieces] = cnn_value_split(&rest, ',');
    }
    for (m->parts = 0; next_part(m->list, way, &w, &m->part[m->parts]);) {
        if (++m->parts >= m->pieces) {
            return -1; /* then nothing is merged */
        }
    }
    for (int32_t piece = m->pieces; piece >= 0; piece--) {
        m->right[piece][m->parts] = piece == m->pieces ? 0 : -1;
    }
    for (int32_t part = m->parts - 1; part >= 0; part--) {
        m->right[m->pieces][part] = -1;
        for (int32_t piece = m->pieces - 1; piece >= 0; piece--) {
            merge_from(m, piece, part);
        }
    }
    return m->right[0][0];
}

/* Takes a merged reading if it has more right values than those found before. */
static int32_t find_merged(cnn_value_list *list, int32_t most)
{
    merging m = {.list = list};
    if (list->separator != ',' || list->count > CNN_MOST_MERGED ||
        list->claim.what->kind != CNN_QUANTITY_COUNT) {
        return most;
    }
    const cnn_figures before = list->figures;
    for (size_t i = 0; i < CNN_LENGTH(ways); i++) {
        list->figures = CNN_FIGURES_COMMAS;
        const int32_t right = merge(&m, &ways[i]);
        list->figures = before;
        if (right <= most || right <= 0) {
            continue;
        }
        most = right;
        list->way = ways[i];
        list->all_right = right == m.parts;
        int32_t piece = 0;
        for (int32_t part = 0; part < m.parts; part++) {
            list->pieces[part] = m.taken[piece][part];
            piece += list->pieces[part];
        }
    }
    return most;
}

/* ---- the list ---- */

static int32_t find_plain(cnn_value_list *list, cnn_figures figures, int32_t most, int32_t *broken)
{
    int32_t its_broken;
    for (size_t i = 0; i < CNN_LENGTH(ways); i++) {
        const cnn_figures before = list->figures;
        if (parts_of(list, &ways[i]) != list->count) {
            continue;
        }
        list->figures = figures;
        const int32_t right = count_right(list, &ways[i], &its_broken);
        const bool better = right > most || (right >= 0 && right == most && its_broken < *broken);
        list->figures = better ? figures : before;
        if (better) {
            most = right;
            *broken = its_broken;
            list->way = ways[i];
            list->all_right = right == list->count;
        }
    }
    return most;
}

bool cnn_value_list_find(cnn_value_list *list)
{
    static const char german[] =
        "the numbers are read with decimal commas, and points between thousands";
    const char separators[] = {';', ','};
    for (size_t i = 0; i < CNN_LENGTH(separators) && list->count < 2; i++) {
        cnn_text rest = list->values;
        list->separator = separators[i];
        for (list->count = 0; rest.size > 0; list->count++) {
            (void)cnn_value_split(&rest, list->separator);
        }
    }
    const bool semicolons = list->separator == ';';
    if (list->count < 2) {
        return false;
    }
    int32_t broken = 0;
    int32_t most =
        find_plain(list, semicolons ? CNN_FIGURES_COMMAS : CNN_FIGURES_BARE, -1, &broken);
    if (semicolons) {
        most = find_plain(list, CNN_FIGURES_GERMAN, most, &broken);
        list->remark = most >= 0 && list->figures == CNN_FIGURES_GERMAN ? german : NULL;
    }
    list->right = find_merged(list, most);
    return list->right >= 0;
}

bool cnn_value_list_add(cnn_value_list *list, cnn_claims *claims)
{
    cnn_text rest = list->values;
    cnn_subject of;
    cnn_claim claim;
    int32_t at = 0;
    const bool merged = list->pieces[0] > 0;
    list->figures = merged ? CNN_FIGURES_COMMAS : list->figures;
    for (walk w = begin_walk(&list->way); next_part(list, &list->way, &w, &of); at++) {
        const cnn_text value = next_value(list, &rest, merged ? list->pieces[at] : 1);
        (void)read_value(list, value, &of, &claim); /* it could be read before */
        if (!cnn_claim_add(claims, &claim, list->numbers, list->err)) {
            return false;
        }
    }
    return true;
}

bool cnn_value_list_fail(cnn_value_list *list)
{
    const cnn_subject total = cnn_subject_total(list->numbers->net);
    cnn_text rest = list->values;
    cnn_claim claim;
    while (rest.size > 0) {
        const cnn_text value = cnn_value_split(&rest, list->separator);
        if (!read_value(list, value, &total, &claim)) {
            const cnn_text place = cnn_text_trim(value).size > 0 ? value : list->all;
            return cnn_fail(list->err, CNN_E_CLAIM_NUMBER, span_of(list, cnn_text_trim(place)));
        }
    }
    list->err->word[0] = cnn_text_of(list->claim.what->noun);
    list->err->number[2] = parts_of(list, &(cnn_spread){.every = true});
    return cnn_fail_numbers(list->err, CNN_E_CLAIM_COUNT, span_of(list, list->values), list->count,
                            parts_of(list, &ways[0]));
}
