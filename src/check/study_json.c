/* The causes of a wrong claim as JSON: sentences, formulas with numbers, and what to ask. */
#include "check/study_json.h"

#include "explain/working.h"

/* Those that are told; none of a claim that is right in some way. */
static const cnn_explanation *causes_of(const cnn_claim *claim)
{
    return claim->verdict == CNN_VERDICT_WRONG && claim->reading == NULL ? claim->explanations
                                                                         : NULL;
}

static void put_mistake(cnn_json *json, const cnn_variation *made)
{
    cnn_json_open(json, NULL, '{');
    cnn_json_string(json, "id", made->mistake->id);
    if (made->layer == CNN_EVERYWHERE) {
        cnn_json_null(json, "layer");
    } else {
        cnn_json_int(json, "layer", made->layer);
    }
}

void cnn_mistakes_json(cnn_json *json, const cnn_claim *claim)
{
    cnn_json_open(json, "mistakes", '[');
    for (const cnn_explanation *e = causes_of(claim); e != NULL; e = e->next) {
        cnn_json_open(json, NULL, '[');
        for (int32_t i = 0; i < e->count; i++) {
            put_mistake(json, &e->made[i]);
            cnn_json_close(json, '}');
        }
        cnn_json_close(json, ']');
    }
    cnn_json_close(json, ']');
}

static void put_formula(const cnn_checked *c, cnn_json *json, const cnn_claim *claim,
                        const cnn_variation *made)
{
    if (!cnn_has_formula(c, claim, made)) {
        cnn_json_null(json, "formula");
        return;
    }
    cnn_json_quote(json, "formula");
    (void)cnn_say_formula(c, claim, made, json->out);
    cnn_json_unquote(json);
}

/* Whether this is the claimed number, or with the right numbers of the other layers gives it. */
static bool gives_claim(const cnn_checked *c, const cnn_claim *claim, const cnn_layer *layer,
                        bool sizes, cnn_fraction result)
{
    const cnn_amount *last = &claim->value[claim->numbers - 1];
    int64_t own;
    if (claim->what->kind != CNN_QUANTITY_COUNT) {
        return sizes && cnn_amount_is(last, result) &&
               (claim->numbers < 2 || layer->in.axes < 2 || cnn_amount_is(last - 1, result));
    }
    if (sizes || cnn_subject_single(&claim->of)) {
        return !sizes && cnn_amount_is(last, result);
    }
    return cnn_layer_count(claim->what, layer, c->numbers, &own) &&
           cnn_fraction_add(result, (cnn_fraction){claim->right.count, 1}, &result) &&
           cnn_fraction_sub(result, (cnn_fraction){own, 1}, &result) && cnn_amount_is(last, result);
}

/* Writes the formula with the layer's numbers put in. False: there is none, or it does not give the
 * claimed number, as after an earlier mistake. */
static bool work_out(const cnn_checked *c, const cnn_claim *claim, const cnn_explanation *e,
                     const cnn_variation *made, cnn_out *numbers, cnn_fraction *result)
{
    const int32_t at = made->layer >= 0 ? made->layer : claim->of.first;
    const cnn_layer *layer = &c->numbers->net->layers[at];
    const bool one = e->count == 1 && layer->attrs != NULL &&
                     (made->layer >= 0 || cnn_subject_single(&claim->of));
    cnn_out formula;
    cnn_out_open(&formula, NULL);
    if (!one || !cnn_say_formula(c, claim, made, &formula) ||
        formula.used == sizeof formula.buffer) {
        return false;
    }
    formula.buffer[formula.used] = '\0';
    return cnn_mistake_put_numbers(numbers, formula.buffer, layer, result) &&
           gives_claim(c, claim, layer, made->sizes, *result);
}

static void put_numbers(const cnn_checked *c, cnn_json *json, const cnn_claim *claim,
                        const cnn_explanation *e, const cnn_variation *made)
{
    cnn_fraction result;
    cnn_out numbers;
    cnn_out_open(&numbers, NULL);
    if (work_out(c, claim, e, made, &numbers, &result)) {
        cnn_json_text(json, "working", (cnn_text){numbers.buffer, numbers.used});
        cnn_fraction_json(json, "result", result);
    } else {
        cnn_json_null(json, "working");
        cnn_json_null(json, "result");
    }
}

static void put_cause(const cnn_checked *c, cnn_json *json, const cnn_claim *claim,
                      const cnn_explanation *e)
{
    cnn_json_break(json);
    cnn_json_open(json, NULL, '{');
    cnn_json_quote(json, "sentence");
    cnn_say_cause(c, claim, e, false);
    cnn_json_unquote(json);
    cnn_json_open(json, "mistakes", '[');
    for (int32_t i = 0; i < e->count; i++) {
        put_mistake(json, &e->made[i]);
        cnn_json_string(json, "sentence", e->made[i].mistake->sentence);
        put_formula(c, json, claim, &e->made[i]);
        put_numbers(c, json, claim, e, &e->made[i]);
        cnn_json_close(json, '}');
    }
    cnn_json_close(json, ']');
    if (e->input.channels > 0) {
        cnn_json_shape(json, "input", &e->input);
    } else {
        cnn_json_null(json, "input");
    }
    cnn_json_close(json, '}');
}

void cnn_study_json(const cnn_checked *c, cnn_json *json, const cnn_claim *claim,
                    int32_t *questions)
{
    const bool studied = cnn_is_studied(claim);
    cnn_question question;
    cnn_json_open(json, "causes", '[');
    for (const cnn_explanation *e = studied ? claim->explanations : NULL; e != NULL; e = e->next) {
        put_cause(c, json, claim, e);
    }
    cnn_json_close(json, ']');
    if (studied && cnn_ask(c, claim, questions, &question)) {
        cnn_json_quote(json, "question");
        cnn_say_question(c, claim, &question);
        cnn_json_unquote(json);
    } else {
        cnn_json_null(json, "question");
    }
    cnn_json_open(json, "lines", '[');
    if (studied) {
        cnn_working_write(c->out, json, c->numbers, claim->what, &claim->of, c->scratch, c->err);
    }
    cnn_json_close(json, ']');
}
