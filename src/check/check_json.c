/* Checked answers as JSON: one object for each claim, with the sentences of the text. The keys are
 * explained in docs/json.md. */
#include "base/arena.h"
#include "base/json.h"
#include "base/shape_text.h"
#include "check/study_json.h"

/* Claims while they are written. */
typedef struct writing {
    const cnn_checked *checked;
    cnn_json *json;
    const int32_t *rows; /* by layer: the report's row that it is part of */
    int32_t questions;
} writing;

static const char *const verdicts[] = {
    [CNN_VERDICT_WRONG] = "wrong",
    [CNN_VERDICT_RIGHT] = "right",
    [CNN_VERDICT_FOLLOWS] = "follows",
    [CNN_VERDICT_UNREAD] = "unread",
};

/* A claimed decimal may have more digits than fractions are shown with. */
static void put_amount(cnn_json *json, const char *key, const cnn_amount *amount)
{
    cnn_out *out = json->out;
    if (amount->den == 1 || amount->decimals == 0) {
        cnn_fraction_json(json, key, (cnn_fraction){amount->num, amount->den});
        return;
    }
    int64_t rest = amount->num < 0 ? -(amount->num % amount->den) : amount->num % amount->den;
    cnn_json_key(json, key);
    cnn_out_string(out, amount->num < 0 ? "-" : "");
    cnn_out_int(out, amount->num < 0 ? -(amount->num / amount->den) : amount->num / amount->den);
    cnn_out_char(out, '.');
    int64_t den = amount->den; /* of twos and fives; the rest times 10 need not fit into 64 bits */
    do {
        rest *= den % 10 == 0 ? 1 : 10;
        den /= den % 10 == 0 ? 10 : 1;
        cnn_out_char(out, (char)('0' + rest / den));
        rest %= den;
    } while (rest > 0);
}

static void put_claimed(cnn_json *json, const cnn_claim *claim)
{
    if (claim->what->kind != CNN_QUANTITY_SIZE && claim->numbers == 1) {
        put_amount(json, "claimed", &claim->value[0]);
        return;
    }
    cnn_json_open(json, "claimed", '[');
    if (claim->four && claim->right.shape.axes == CNN_AXES) {
        put_amount(json, NULL, &claim->first);
    }
    for (int32_t i = 0; i < claim->numbers; i++) {
        put_amount(json, NULL, &claim->value[i]);
    }
    cnn_json_close(json, ']');
}

/* A size in the form in which it is claimed, as far as that can express it. */
static void put_size(cnn_json *json, const cnn_shape *shape, const cnn_claim *claim)
{
    const int32_t numbers = claim->numbers;
    bool square = shape->axes > 0;
    for (int32_t i = 1; i < shape->axes; i++) {
        square = square && shape->side[i] == shape->side[0];
    }
    const bool whole = numbers > shape->axes || (claim->four && shape->axes == CNN_AXES) ||
                       shape->axes == 0 || (numbers == 1 && !square);
    const int32_t sides = !whole && numbers == 1 ? 1 : shape->axes;
    cnn_json_open(json, "right", '[');
    if (whole) {
        cnn_json_int(json, NULL, shape->channels);
    }
    for (int32_t i = 0; i < sides; i++) {
        cnn_json_int(json, NULL, shape->side[i]);
    }
    cnn_json_close(json, ']');
}

static void put_right(cnn_json *json, const cnn_claim *claim)
{
    const cnn_answer *answer = &claim->right;
    if (answer->numbers == 0) {
        cnn_json_null(json, "right");
    } else if (answer->kind == CNN_QUANTITY_COUNT) {
        cnn_json_int(json, "right", answer->count);
    } else if (answer->kind == CNN_QUANTITY_SIZE) {
        put_size(json, &answer->shape, claim);
    } else if (answer->numbers == 1) {
        cnn_fraction_json(json, "right", answer->pair[0]);
    } else {
        cnn_json_open(json, "right", '[');
        for (int32_t i = 0; i < answer->numbers; i++) {
            cnn_fraction_json(json, NULL, answer->pair[i]);
        }
        cnn_json_close(json, ']');
    }
}

/* A layer's index; null for a total. */
static void put_layer(cnn_json *json, const char *key, const cnn_subject *of)
{
    if (cnn_subject_single(of)) {
        cnn_json_int(json, key, of->first);
    } else {
        cnn_json_null(json, key);
    }
    if (of->item > 0) {
        cnn_json_int(json, "item", of->item);
    }
}

/* ---- claims ---- */

/* Which of the texts it is from, and where in it. */
static void put_place(const writing *w, const cnn_claim *claim, cnn_span span)
{
    cnn_json_int(w->json, "check", claim->source);
    cnn_json_span(w->json, "span", span);
}

static void put_unread(const writing *w, const cnn_claim *claim)
{
    cnn_json *json = w->json;
    cnn_json_int(json, "line", claim->line);
    cnn_json_string(json, "verdict", verdicts[CNN_VERDICT_UNREAD]);
    cnn_json_string(json, "error", cnn_error_id(claim->error));
    cnn_json_quote(json, "message");
    cnn_out_error(json->out, claim->error);
    cnn_json_unquote(json);
    put_place(w, claim, claim->error->span);
}

/* What is claimed, and what is right. */
static void put_judged(const writing *w, const cnn_claim *claim)
{
    cnn_json *json = w->json;
    cnn_json_string(json, "what", claim->share ? claim->what->share.percent : claim->what->name);
    put_layer(json, "layer", &claim->of);
    if (claim->relation != CNN_EQUAL) {
        cnn_json_string(json, "relation", cnn_relation_signs[claim->relation]);
    }
    put_claimed(json, claim);
    put_right(json, claim);
    cnn_json_string(json, "verdict", verdicts[claim->verdict]);
    if (claim->verdict == CNN_VERDICT_FOLLOWS) {
        put_layer(json, "from", &w->checked->claims->list[claim->from].of);
        cnn_json_int(json, "follows", claim->from);
    }
    if (claim->reading != NULL) {
        cnn_json_quote(json, "right_for");
        cnn_out_string(json->out, claim->reading->axes == 0 ? "vector" : "");
        cnn_out_shape(json->out, claim->reading);
        cnn_json_unquote(json);
    }
    cnn_mistakes_json(json, claim);
}

/* The same in words, with the reasons. */
static void put_told(writing *w, const cnn_claim *claim)
{
    cnn_json *json = w->json;
    const cnn_text all = w->checked->texts[claim->source].text;
    const uint32_t begin = (uint32_t)(claim->text.data - all.data);
    cnn_json_text(json, "text", claim->text);
    put_place(w, claim, (cnn_span){begin, begin + (uint32_t)claim->text.size});
    if (claim->of.total) {
        cnn_json_null(json, "row");
    } else {
        cnn_json_int(json, "row", w->rows[claim->of.first]);
    }
    cnn_json_quote(json, "sentence");
    cnn_say_claim(w->checked, claim);
    cnn_json_unquote(json);
    if (cnn_has_reason(claim)) {
        cnn_json_quote(json, "reason");
        cnn_say_reason(w->checked, claim);
        cnn_json_unquote(json);
    } else {
        cnn_json_null(json, "reason");
    }
    cnn_study_json(w->checked, json, claim, &w->questions);
}

static void put_claim(writing *w, const cnn_claim *claim)
{
    cnn_json_break(w->json);
    cnn_json_open(w->json, NULL, '{');
    if (claim->verdict == CNN_VERDICT_UNREAD) {
        put_unread(w, claim);
    } else {
        put_judged(w, claim);
        put_told(w, claim);
    }
    cnn_json_close(w->json, '}');
}

/* ---- all of it ---- */

static void put_remarks(const cnn_checked *checked, cnn_json *json)
{
    cnn_json_open(json, "remarks", '[');
    if (checked->claims->remark != NULL) {
        cnn_json_string(json, NULL, checked->claims->remark);
    }
    if (cnn_has_limit(checked)) {
        cnn_json_quote(json, NULL);
        cnn_say_limit(checked);
        cnn_json_unquote(json);
    }
    cnn_json_close(json, ']');
}

static void put_counts(const cnn_checked *checked, cnn_json *json)
{
    const cnn_check_counts *counts = checked->counts;
    cnn_json_open(json, "counts", '{');
    cnn_json_int(json, "right", counts->right);
    cnn_json_int(json, "follows", counts->follows);
    cnn_json_int(json, "wrong", counts->wrong);
    cnn_json_int(json, "unread", counts->unread);
    cnn_json_close(json, '}');
}

/* By layer, the row of the report. NULL: out of memory. */
static const int32_t *rows_of(const cnn_network *net, cnn_arena *arena)
{
    int32_t *rows = CNN_NEW_ARRAY(arena, int32_t, (size_t)net->layer_count);
    cnn_subject of;
    int32_t number = 0;
    for (int32_t at = net->input_count; rows != NULL;) {
        const int32_t begin = at;
        if (!cnn_subject_next(net, false, &at, &number, &of)) {
            return rows;
        }
        for (int32_t i = begin; i < at; i++) {
            rows[i] = number;
        }
    }
    return NULL;
}

void cnn_check_json(const cnn_checked *checked)
{
    cnn_json json = {.out = checked->out};
    cnn_checked inner = *checked;
    writing w = {.checked = &inner, .json = &json};
    w.rows = rows_of(checked->numbers->net, &inner.scratch);
    if (w.rows == NULL) {
        (void)cnn_fail_memory(checked->err);
        return;
    }
    cnn_json_begin(&json);
    cnn_json_open(&json, "claims", '[');
    for (int32_t i = 0; i < checked->claims->count; i++) {
        put_claim(&w, &checked->claims->list[i]);
    }
    cnn_json_close(&json, ']');
    cnn_json_break(&json);
    put_counts(checked, &json);
    cnn_json_break(&json);
    put_remarks(checked, &json);
    cnn_json_end(&json);
}
