/* Checked answers as JSON: one object for each claim. */
#include "base/shape_text.h"
#include "check/check.h"
#include "report/report.h"

static const char *const verdicts[] = {
    [CNN_VERDICT_WRONG] = "wrong",
    [CNN_VERDICT_RIGHT] = "right",
    [CNN_VERDICT_FOLLOWS] = "follows",
    [CNN_VERDICT_UNREAD] = "unread",
};

static const char *const relations[] = {
    [CNN_EQUAL] = "=", [CNN_LESS] = "<",      [CNN_AT_MOST] = "<=",
    [CNN_MORE] = ">",  [CNN_AT_LEAST] = ">=",
};

static void put_fraction(cnn_out *out, cnn_fraction fraction)
{
    const bool decimal = 1000000 % fraction.den == 0;
    cnn_out_string(out, decimal ? "" : "\"");
    cnn_fraction_put(out, fraction);
    cnn_out_string(out, decimal ? "" : "\"");
}

/* A claimed decimal may have more digits than fractions are shown with. */
static void put_amount(cnn_out *out, const cnn_amount *amount)
{
    if (amount->den == 1 || amount->decimals == 0) {
        put_fraction(out, (cnn_fraction){amount->num, amount->den});
        return;
    }
    int64_t rest = amount->num < 0 ? -(amount->num % amount->den) : amount->num % amount->den;
    cnn_out_string(out, amount->num < 0 ? "-" : "");
    cnn_out_int(out, amount->num < 0 ? -(amount->num / amount->den) : amount->num / amount->den);
    cnn_out_char(out, '.');
    for (int64_t unit = amount->den; unit > 1; unit /= 10) {
        rest *= 10;
        cnn_out_char(out, (char)('0' + rest / amount->den));
        rest %= amount->den;
    }
}

static void put_claimed(cnn_out *out, const cnn_claim *claim)
{
    const bool list = claim->what->kind == CNN_QUANTITY_SIZE || claim->numbers > 1;
    cnn_out_string(out, list ? "[" : "");
    if (claim->four && claim->right.shape.axes == CNN_AXES) {
        put_amount(out, &claim->first);
        cnn_out_char(out, ',');
    }
    for (int32_t i = 0; i < claim->numbers; i++) {
        cnn_out_string(out, i > 0 ? "," : "");
        put_amount(out, &claim->value[i]);
    }
    cnn_out_string(out, list ? "]" : "");
}

/* A size in the form in which it is claimed, as far as that can say it. */
static void put_size(cnn_out *out, const cnn_shape *shape, const cnn_claim *claim)
{
    const int32_t numbers = claim->numbers;
    bool square = shape->axes > 0;
    for (int32_t i = 1; i < shape->axes; i++) {
        square = square && shape->side[i] == shape->side[0];
    }
    const bool whole = numbers > shape->axes || (claim->four && shape->axes == CNN_AXES) ||
                       shape->axes == 0 || (numbers == 1 && !square);
    const int32_t sides = !whole && numbers == 1 ? 1 : shape->axes;
    cnn_out_char(out, '[');
    if (whole) {
        cnn_out_int(out, shape->channels);
    }
    for (int32_t i = 0; i < sides; i++) {
        cnn_out_string(out, i > 0 || whole ? "," : "");
        cnn_out_int(out, shape->side[i]);
    }
    cnn_out_char(out, ']');
}

static void put_answer(cnn_out *out, const cnn_answer *answer, const cnn_claim *claim)
{
    if (answer->numbers == 0) {
        cnn_out_string(out, "null");
    } else if (answer->kind == CNN_QUANTITY_COUNT) {
        cnn_out_int(out, answer->count);
    } else if (answer->kind == CNN_QUANTITY_SIZE) {
        put_size(out, &answer->shape, claim);
    } else {
        cnn_out_string(out, answer->numbers > 1 ? "[" : "");
        for (int32_t i = 0; i < answer->numbers; i++) {
            cnn_out_string(out, i > 0 ? "," : "");
            put_fraction(out, answer->pair[i]);
        }
        cnn_out_string(out, answer->numbers > 1 ? "]" : "");
    }
}

/* A layer's index; null for a total. */
static void put_layer(cnn_out *out, const char *key, const cnn_subject *of)
{
    cnn_out_string(out, ",\"");
    cnn_out_string(out, key);
    cnn_out_string(out, "\":");
    if (cnn_subject_single(of)) {
        cnn_out_int(out, of->first);
    } else {
        cnn_out_string(out, "null");
    }
    if (of->item > 0) {
        cnn_out_string(out, ",\"item\":");
        cnn_out_int(out, of->item);
    }
}

static void put_mistakes(cnn_out *out, const cnn_claim *claim)
{
    cnn_out_string(out, ",\"mistakes\":[");
    const bool wrong = claim->verdict == CNN_VERDICT_WRONG && claim->reading == NULL;
    for (const cnn_explanation *e = wrong ? claim->explanations : NULL; e != NULL; e = e->next) {
        cnn_out_string(out, e != claim->explanations ? ",[" : "[");
        for (int32_t i = 0; i < e->count; i++) {
            cnn_out_string(out, i > 0 ? ",{\"id\":\"" : "{\"id\":\"");
            cnn_out_string(out, e->made[i].mistake->id);
            cnn_out_string(out, "\",\"layer\":");
            if (e->made[i].layer == CNN_EVERYWHERE) {
                cnn_out_string(out, "null");
            } else {
                cnn_out_int(out, e->made[i].layer);
            }
            cnn_out_char(out, '}');
        }
        cnn_out_char(out, ']');
    }
    cnn_out_char(out, ']');
}

static void put_unread(cnn_out *out, const cnn_claim *claim)
{
    cnn_out_string(out, "{\"line\":");
    cnn_out_int(out, claim->line);
    cnn_out_string(out, ",\"verdict\":\"unread\",\"error\":\"");
    cnn_out_string(out, cnn_error_id(claim->error));
    cnn_out_string(out, "\",\"message\":\"");
    cnn_out_set_escape(out, CNN_ESCAPE_JSON);
    cnn_out_error(out, claim->error);
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_string(out, "\"}");
}

static void put_claim(const cnn_checked *checked, const cnn_claim *claim)
{
    cnn_out *out = checked->out;
    if (claim->verdict == CNN_VERDICT_UNREAD) {
        put_unread(out, claim);
        return;
    }
    cnn_out_string(out, "{\"what\":\"");
    cnn_out_string(out, claim->share ? claim->what->share.percent : claim->what->name);
    cnn_out_char(out, '"');
    put_layer(out, "layer", &claim->of);
    if (claim->relation != CNN_EQUAL) {
        cnn_out_string(out, ",\"relation\":\"");
        cnn_out_string(out, relations[claim->relation]);
        cnn_out_char(out, '"');
    }
    cnn_out_string(out, ",\"claimed\":");
    put_claimed(out, claim);
    cnn_out_string(out, ",\"right\":");
    put_answer(out, &claim->right, claim);
    cnn_out_string(out, ",\"verdict\":\"");
    cnn_out_string(out, verdicts[claim->verdict]);
    cnn_out_char(out, '"');
    if (claim->verdict == CNN_VERDICT_FOLLOWS) {
        put_layer(out, "from", &checked->claims->list[claim->from].of);
    }
    if (claim->reading != NULL) {
        cnn_out_string(out, ",\"right_for\":\"");
        cnn_out_string(out, claim->reading->axes == 0 ? "vector" : "");
        cnn_out_shape(out, claim->reading);
        cnn_out_char(out, '"');
    }
    put_mistakes(out, claim);
    cnn_out_char(out, '}');
}

void cnn_check_json(const cnn_checked *checked)
{
    cnn_out_string(checked->out, "{\"claims\":[");
    for (int32_t i = 0; i < checked->claims->count; i++) {
        cnn_out_string(checked->out, i > 0 ? ",\n  " : "\n  ");
        put_claim(checked, &checked->claims->list[i]);
    }
    cnn_out_string(checked->out, "\n ]}\n");
}
