/*
 * JSON: plain numbers, nothing rounded.
 *
 *     derivation  {"loss", "forward": [{"name", "formula", "shape"}], "backward": [the same]}
 *     numbers     {"loss", "values" unless given, "gradients", "max_deviation", "checked"}
 *     claims      {"claims": [{"claim", "what", "verdict", "mistakes", "reason"}]}
 */
#include <string.h>

#include "base/json.h"
#include "gradient/double.h"
#include "gradient/show.h"

/* "W1", and of its derivative "dW1". */
static void put_name(cnn_out *out, const cnn_value *q, bool slope)
{
    cnn_out_string(out, slope ? "d" : "");
    cnn_out_string(out, q->name);
}

static void put_line(cnn_show *show, const cnn_line *line)
{
    cnn_json *json = show->json;
    cnn_json_break(json);
    cnn_json_open(json, NULL, '{');
    cnn_json_quote(json, "name");
    put_name(show->out, line->what, line->slope);
    cnn_json_unquote(json);
    cnn_json_quote(json, "formula");
    cnn_out_line(show->out, show->chain, line, &cnn_notation_text);
    cnn_json_unquote(json);
    cnn_json_open(json, "shape", '[');
    cnn_out_dims(show->out, show->chain, line->what, ",");
    cnn_json_close(json, ']');
    cnn_json_close(json, '}');
}

static void json_derivation(cnn_show *show)
{
    cnn_json json = {.out = show->out};
    show->json = &json;
    cnn_json_begin(&json);
    cnn_json_string(&json, "loss", show->chain->loss->name);
    for (int32_t backward = 0; backward < 2; backward++) {
        cnn_json_break(&json);
        cnn_json_open(&json, backward == 0 ? "forward" : "backward", '[');
        cnn_show_each(show, backward == 1, put_line);
        cnn_json_close(&json, ']');
    }
    cnn_json_end(&json);
}

static void put_double(cnn_json *json, const char *key, double value)
{
    cnn_json_key(json, key);
    cnn_out_double(json->out, value);
}

static void put_list(cnn_json *json, const char *key, const double *values, int64_t count)
{
    cnn_json_open(json, key, '[');
    for (int64_t i = 0; i < count; i++) {
        put_double(json, NULL, values[i]);
    }
    cnn_json_close(json, ']');
}

/* Weights as a list of rows, everything else as one list. */
static void put_values(cnn_json *json, const char *key, const double *values, const cnn_value *q)
{
    if (q->role != CNN_VALUE_WEIGHTS) {
        put_list(json, key, values, q->dims.rows);
        return;
    }
    cnn_json_open(json, key, '[');
    for (int64_t i = 0; i < q->dims.rows; i++) {
        put_list(json, NULL, values + i * q->dims.columns, q->dims.columns);
    }
    cnn_json_close(json, ']');
}

/* Values, or gradients: an object with one line for each name. */
static void put_object(cnn_show *show, const char *name, bool slope)
{
    cnn_json *json = show->json;
    cnn_json_break(json);
    cnn_json_open(json, name, '{');
    for (int32_t i = 0; i < show->chain->quantity_count; i++) {
        const cnn_value *q = &show->chain->quantities[i];
        const char *key = slope ? q->slope_name + 3 : q->name; /* dW1 of dl/dW1 */
        if (!cnn_is_variable(q) && (slope || q->role != CNN_VALUE_TARGET)) {
            continue;
        }
        cnn_json_break(json);
        put_values(json, key, (slope ? show->point->slope : show->point->value) + q->at, q);
    }
    cnn_json_close(json, '}');
}

static void json_numbers(cnn_show *show)
{
    cnn_json json = {.out = show->out};
    show->json = &json;
    cnn_json_begin(&json);
    put_double(&json, "loss", show->point->value[show->chain->quantities[show->chain->loss_at].at]);
    if (show->with_values) {
        put_object(show, "values", false);
    }
    put_object(show, "gradients", true);
    cnn_json_break(&json);
    put_double(&json, "max_deviation", show->deviation->largest);
    cnn_json_int(&json, "checked", show->deviation->checked);
    cnn_json_end(&json);
}

/* Gradients are named "dW1" here, as in the keys, not "dl/dW1" as in sentences. */
static void put_mistake(cnn_json *json, const cnn_finding *finding)
{
    cnn_json_open(json, NULL, '{');
    cnn_json_string(json, "id", cnn_gradient_mistakes[finding->mistake].id);
    if (finding->a.size > 0) {
        cnn_finding named = *finding;
        if (named.a.size > 4 && memcmp(named.a.data, "dl/d", 4) == 0) {
            named.a = cnn_text_skip(named.a, 3);
        }
        cnn_json_quote(json, "name");
        cnn_out_finding_name(json->out, &named);
        cnn_json_unquote(json);
    }
    if (finding->factor != 0) {
        put_double(json, "factor", finding->factor);
    }
    cnn_json_close(json, '}');
}

/* A list of causes; each is a list of one or two mistakes that happened together. */
static void put_mistakes(cnn_json *json, const cnn_gradient_claim *claim)
{
    cnn_json_open(json, "mistakes", '[');
    for (int32_t i = 0; i < claim->count; i++) {
        cnn_json_open(json, NULL, '[');
        for (int32_t k = 0; k < claim->causes[i].count; k++) {
            put_mistake(json, &claim->causes[i].findings[k]);
        }
        cnn_json_close(json, ']');
    }
    cnn_json_close(json, ']');
}

/* {"claim", "what", "verdict", "mistakes", "reason"} */
static void put_claim(cnn_show *show, const cnn_gradient_claim *claim)
{
    cnn_json *json = show->json;
    cnn_json_break(json);
    cnn_json_open(json, NULL, '{');
    cnn_json_text(json, "claim", claim->text);
    cnn_json_quote(json, "what");
    if (claim->what != NULL) {
        put_name(json->out, claim->what, claim->slope);
    } else {
        cnn_out_text(json->out, claim->own);
    }
    cnn_json_unquote(json);
    cnn_json_string(json, "verdict", cnn_judgement_names[claim->judgement]);
    put_mistakes(json, claim);
    cnn_json_quote(json, "reason");
    cnn_out_reason(json->out, show->sheet, claim, "; ", false);
    cnn_json_unquote(json);
    cnn_json_close(json, '}');
}

static void json_claims(cnn_show *show)
{
    cnn_json json = {.out = show->out};
    show->json = &json;
    cnn_json_begin(&json);
    cnn_json_open(&json, "claims", '[');
    for (int32_t i = 0; i < show->sheet->count; i++) {
        if (cnn_gradient_claim_judged(&show->sheet->claims[i])) {
            put_claim(show, &show->sheet->claims[i]);
        }
    }
    cnn_json_close(&json, ']'); /* it has claims: names alone are no sheet */
    cnn_json_end(&json);
}

const cnn_show_format cnn_show_json = {json_derivation, json_numbers, json_claims};
