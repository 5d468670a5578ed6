/* JSON: plain numbers, nothing rounded. */
#include <string.h>

#include "gradient/double.h"
#include "gradient/show.h"

static void put_quoted(cnn_out *out, cnn_text text)
{
    cnn_out_char(out, '"');
    cnn_out_set_escape(out, CNN_ESCAPE_JSON);
    cnn_out_text(out, text);
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_char(out, '"');
}

static void put_name(cnn_out *out, const cnn_value *q, bool slope)
{
    cnn_out_char(out, '"');
    cnn_out_string(out, slope ? "d" : "");
    cnn_out_string(out, q->name);
    cnn_out_char(out, '"');
}

static void put_line(cnn_show *show, const cnn_line *line)
{
    cnn_out *out = show->out;
    cnn_out_string(out, "{\"name\":");
    put_name(out, line->what, line->slope);
    cnn_out_string(out, ",\"formula\":\"");
    cnn_out_set_escape(out, CNN_ESCAPE_JSON);
    cnn_out_line(out, show->chain, line, &cnn_notation_text);
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_string(out, "\",\"shape\":[");
    cnn_out_dims(out, show->chain, line->what, ",");
    cnn_out_string(out, "]}");
}

/* Every line but the first of its pass has a comma before. */
static void put_further(cnn_show *show, const cnn_line *line)
{
    cnn_out_string(show->out, show->begun ? ",\n  " : "\n  ");
    show->begun = true;
    put_line(show, line);
}

static void json_derivation(cnn_show *show)
{
    cnn_out_string(show->out, "{\"loss\":");
    put_quoted(show->out, cnn_text_of(show->chain->loss->name));
    cnn_out_string(show->out, ",\n \"forward\":[");
    show->begun = false;
    cnn_show_each(show, false, put_further);
    cnn_out_string(show->out, "\n ],\n \"backward\":[");
    show->begun = false;
    cnn_show_each(show, true, put_further);
    cnn_out_string(show->out, "\n ]}\n");
}

static void put_list(cnn_out *out, const double *values, int64_t count)
{
    cnn_out_char(out, '[');
    for (int64_t i = 0; i < count; i++) {
        cnn_out_string(out, i > 0 ? "," : "");
        cnn_out_double(out, values[i]);
    }
    cnn_out_char(out, ']');
}

/* Weights as a list of rows, everything else as one list. */
static void put_values(cnn_out *out, const double *values, const cnn_value *q)
{
    if (q->role != CNN_VALUE_WEIGHTS) {
        put_list(out, values, q->dims.rows);
        return;
    }
    cnn_out_char(out, '[');
    for (int64_t i = 0; i < q->dims.rows; i++) {
        cnn_out_string(out, i > 0 ? "," : "");
        put_list(out, values + i * q->dims.columns, q->dims.columns);
    }
    cnn_out_char(out, ']');
}

static void put_object(cnn_show *show, bool slope)
{
    bool begun = false;
    cnn_out_char(show->out, '{');
    for (int32_t i = 0; i < show->chain->quantity_count; i++) {
        const cnn_value *q = &show->chain->quantities[i];
        if (!cnn_is_variable(q) && (slope || q->role != CNN_VALUE_TARGET)) {
            continue;
        }
        cnn_out_string(show->out, begun ? ",\n  " : "\n  ");
        begun = true;
        put_name(show->out, q, slope);
        cnn_out_char(show->out, ':');
        put_values(show->out, (slope ? show->point->slope : show->point->value) + q->at, q);
    }
    cnn_out_string(show->out, "\n }");
}

static void json_numbers(cnn_show *show)
{
    cnn_out *out = show->out;
    cnn_out_string(out, "{\"loss\":");
    cnn_out_double(out, show->point->value[show->chain->quantities[show->chain->loss_at].at]);
    if (show->with_values) {
        cnn_out_string(out, ",\n \"values\":");
        put_object(show, false);
    }
    cnn_out_string(out, ",\n \"gradients\":");
    put_object(show, true);
    cnn_out_string(out, ",\n \"max_deviation\":");
    cnn_out_double(out, show->deviation->largest);
    cnn_out_string(out, ",\"checked\":");
    cnn_out_int(out, show->deviation->checked);
    cnn_out_string(out, "}\n");
}

static void put_mistake(cnn_out *out, const cnn_finding *finding)
{
    cnn_out_string(out, "{\"id\":");
    put_quoted(out, cnn_text_of(cnn_gradient_mistakes[finding->mistake].id));
    if (finding->a.size > 0) {
        cnn_finding named = *finding;
        if (named.a.size > 4 && memcmp(named.a.data, "dl/d", 4) == 0) {
            named.a = (cnn_text){named.a.data + 3, named.a.size - 3};
        }
        cnn_out_string(out, ",\"name\":\"");
        cnn_out_set_escape(out, CNN_ESCAPE_JSON);
        cnn_out_finding_name(out, &named);
        cnn_out_set_escape(out, CNN_ESCAPE_NONE);
        cnn_out_char(out, '"');
    }
    if (finding->factor != 0) {
        cnn_out_string(out, ",\"factor\":");
        cnn_out_double(out, finding->factor);
    }
    cnn_out_char(out, '}');
}

static void put_claim(cnn_show *show, const cnn_gradient_claim *claim)
{
    cnn_out *out = show->out;
    cnn_out_string(out, "{\"claim\":");
    put_quoted(out, claim->text);
    cnn_out_string(out, ",\"what\":");
    if (claim->what != NULL) {
        put_name(out, claim->what, claim->slope);
    } else {
        put_quoted(out, claim->own);
    }
    cnn_out_string(out, ",\"verdict\":");
    put_quoted(out, cnn_text_of(cnn_judgement_names[claim->judgement]));
    cnn_out_string(out, ",\"mistakes\":[");
    for (int32_t i = 0; i < claim->count; i++) {
        cnn_out_string(out, i > 0 ? ",[" : "[");
        for (int32_t k = 0; k < claim->causes[i].count; k++) {
            cnn_out_string(out, k > 0 ? "," : "");
            put_mistake(out, &claim->causes[i].findings[k]);
        }
        cnn_out_char(out, ']');
    }
    cnn_out_string(out, "],\"reason\":\"");
    cnn_out_set_escape(out, CNN_ESCAPE_JSON);
    cnn_out_reason(out, show->sheet, claim, "; ", false);
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_string(out, "\"}");
}

static void json_claims(cnn_show *show)
{
    bool begun = false;
    cnn_out_string(show->out, "{\"claims\":[");
    for (int32_t i = 0; i < show->sheet->count; i++) {
        if (cnn_gradient_claim_judged(&show->sheet->claims[i])) {
            cnn_out_string(show->out, begun ? ",\n  " : "\n  ");
            begun = true;
            put_claim(show, &show->sheet->claims[i]);
        }
    }
    cnn_out_string(show->out, "\n ]}\n"); /* names alone are no sheet */
}

const cnn_show_format cnn_show_json = {json_derivation, json_numbers, json_claims};
