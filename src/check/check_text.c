/* Checked answers for people. */
#include "base/shape_text.h"
#include "check/check.h"
#include "explain/working.h"
#include "net/layer_text.h"
#include "report/report.h"

enum { SHOWN = 4 }; /* explanations of one answer; the others are counted */

static const char *const heads[] = {
    [CNN_VERDICT_WRONG] = "x wrong    ",
    [CNN_VERDICT_RIGHT] = "+ right    ",
    [CNN_VERDICT_FOLLOWS] = "> follows  ",
};

static const char *const relations[] = {
    [CNN_EQUAL] = " = ", [CNN_LESS] = " < ",      [CNN_AT_MOST] = " <= ",
    [CNN_MORE] = " > ",  [CNN_AT_LEAST] = " >= ",
};

static const char indent[] = "\n    ";

static void put_subject(const cnn_checked *checked, const cnn_subject *of)
{
    cnn_out *out = checked->out;
    const cnn_layer *layers = checked->numbers->net->layers;
    if (of->total) {
        cnn_out_string(out, of->without_aux ? "total without aux" : "total");
        return;
    }
    if (of->item > 0) {
        const cnn_item *item = layers[of->first].item;
        cnn_out_string(out, "row ");
        cnn_out_int(out, of->item);
        if (item->label.size > 0) {
            cnn_out_string(out, " (");
            cnn_out_text(out, item->label);
            cnn_out_char(out, ')');
        }
        return;
    }
    cnn_out_string(out, "layer ");
    cnn_out_int(out, of->first);
    cnn_out_string(out, " (");
    cnn_out_layer(out, &layers[of->first]);
    cnn_out_char(out, ')');
}

static void put_answer(cnn_out *out, const cnn_answer *answer)
{
    if (answer->numbers == 0) {
        cnn_out_string(out, "none");
    } else if (answer->kind == CNN_QUANTITY_COUNT) {
        cnn_out_grouped(out, answer->count);
    } else if (answer->kind == CNN_QUANTITY_SIZE) {
        cnn_out_shape(out, &answer->shape);
    } else {
        for (int32_t i = 0; i < answer->numbers; i++) {
            cnn_out_string(out, i > 0 ? "x" : "");
            cnn_fraction_put(out, answer->pair[i]);
        }
    }
}

/* ---- mistakes ---- */

static void put_place(const cnn_checked *checked, const cnn_claim *claim, const cnn_variation *v)
{
    const bool single = cnn_subject_single(&claim->of);
    if (v->layer >= 0 && (!single || v->layer != claim->of.first)) {
        const cnn_subject of = cnn_subject_layer(v->layer);
        cnn_out_string(checked->out, " in ");
        put_subject(checked, &of);
    } else if (v->layer < 0 && !v->mistake->whole && (v->sizes || v->mistake->count != NULL)) {
        cnn_out_string(checked->out, " in all layers");
    }
}

static void put_explanation(const cnn_checked *checked, const cnn_claim *claim,
                            const cnn_explanation *e)
{
    cnn_out *out = checked->out;
    for (int32_t i = 0; i < e->count; i++) {
        const cnn_mistake *m = e->made[i].mistake;
        cnn_out_string(out, i > 0 ? "; and " : "if ");
        cnn_out_string(out, m->sentence);
        put_place(checked, claim, &e->made[i]);
        if (m->formula != NULL) {
            cnn_out_string(out, ": ");
            cnn_out_string(out, m->formula);
        }
    }
    cnn_out_string(out, " [");
    for (int32_t i = 0; i < e->count; i++) {
        cnn_out_string(out, i > 0 ? " " : "");
        cnn_out_string(out, e->made[i].mistake->id);
    }
    cnn_out_char(out, ']');
}

/* What comes out under an explanation, which is named by its mistakes, or by their layers too. */
static void put_under(cnn_out *out, const cnn_answer *answer, const cnn_explanation *e, bool place)
{
    put_answer(out, answer);
    cnn_out_string(out, " for [");
    for (int32_t i = 0; i < e->count; i++) {
        cnn_out_string(out, i > 0 ? " " : "");
        cnn_out_string(out, e->made[i].mistake->id);
        if (place && e->made[i].layer >= 0) {
            cnn_out_string(out, " in layer ");
            cnn_out_int(out, e->made[i].layer);
        }
    }
    cnn_out_char(out, ']');
}

/* Both are of as many mistakes. */
static bool same_mistakes(const cnn_explanation *a, const cnn_explanation *b)
{
    bool same = true;
    for (int32_t i = 0; i < a->count; i++) {
        same = same && a->made[i].mistake == b->made[i].mistake;
    }
    return same;
}

/* Which question would tell the first two explanations apart. */
static void put_question(const cnn_checked *checked, const cnn_claim *claim)
{
    cnn_out *out = checked->out;
    const cnn_explanation *a = claim->explanations, *b = a->next;
    cnn_question q;
    if (!cnn_question_find(claim, checked->numbers, a, b, checked->scratch, &q, checked->err)) {
        return;
    }
    const cnn_subject of = cnn_subject_layer(q.layer);
    cnn_out_string(out, indent);
    put_subject(checked, &of);
    if (q.stride > 0) {
        cnn_out_string(out, " with a stride of ");
        cnn_out_int(out, q.stride);
    }
    if (q.other_input) {
        cnn_out_string(out, q.stride > 0 ? " and " : " with ");
        cnn_out_shape(out, &q.input);
        cnn_out_string(out, " entering");
    }
    cnn_out_string(out, " would tell them apart: ");
    put_under(out, &q.answer[0], a, same_mistakes(a, b));
    cnn_out_string(out, ", ");
    put_under(out, &q.answer[1], b, same_mistakes(a, b));
}

static void put_explanations(const cnn_checked *checked, const cnn_claim *claim)
{
    cnn_out *out = checked->out;
    int32_t shown = 0, more = 0;
    for (const cnn_explanation *e = claim->explanations; e != NULL; e = e->next) {
        if (shown == SHOWN) {
            more++;
            continue;
        }
        cnn_out_string(out, indent);
        cnn_out_string(out, shown == 0 ? "this is what you get " : "or ");
        put_explanation(checked, claim, e);
        shown++;
    }
    if (more > 0) {
        cnn_out_string(out, indent);
        cnn_out_string(out, "and ");
        cnn_out_int(out, more);
        cnn_out_string(out, more == 1 ? " other explanation" : " other explanations");
    }
    if (shown > 1) {
        put_question(checked, claim);
    }
}

/* ---- claims ---- */

static void put_right(cnn_out *out, const cnn_claim *claim)
{
    const cnn_amount *value = &claim->value[0];
    const bool rounded = claim->what->kind == CNN_QUANTITY_COUNT &&
                         (value->den != 1 || value->num != claim->right.count);
    if (claim->verdict != CNN_VERDICT_RIGHT) {
        cnn_out_string(out, claim->relation == CNN_EQUAL ? "; right is " : "; it is ");
        put_answer(out, &claim->right);
    } else if (rounded) {
        cnn_out_string(out, claim->relation == CNN_EQUAL ? " (exactly " : " (");
        put_answer(out, &claim->right);
        cnn_out_char(out, ')');
    } else if (claim->channels_last) {
        cnn_out_string(out, " (height x width x channels; here ");
        put_answer(out, &claim->right);
        cnn_out_char(out, ')');
    }
}

static void put_claim(const cnn_checked *checked, const cnn_claim *claim)
{
    cnn_out *out = checked->out;
    cnn_out_string(out, heads[claim->verdict]);
    put_subject(checked, &claim->of);
    cnn_out_string(out, ": ");
    cnn_out_string(out, claim->what->name);
    cnn_out_string(out, relations[claim->relation]);
    cnn_out_text(out, claim->text);
    put_right(out, claim);
    if (claim->verdict == CNN_VERDICT_FOLLOWS) {
        const cnn_claim *from = &checked->claims->list[claim->from];
        cnn_out_string(out, indent);
        cnn_out_string(out, "follows from your ");
        cnn_out_string(out, from->what->name);
        cnn_out_string(out, from->of.total ? " of the " : " of ");
        put_subject(checked, &from->of);
    } else if (claim->verdict == CNN_VERDICT_WRONG && claim->relation == CNN_EQUAL) {
        put_explanations(checked, claim);
        cnn_out_char(out, '\n');
        cnn_working_write(out, checked->numbers, claim->what, &claim->of, checked->scratch,
                          checked->err);
        return;
    }
    cnn_out_char(out, '\n');
}

void cnn_check_text(const cnn_checked *checked)
{
    cnn_out *out = checked->out;
    int32_t count[3] = {0};
    for (int32_t i = 0; i < checked->claims->count; i++) {
        const cnn_claim *claim = &checked->claims->list[i];
        put_claim(checked, claim);
        count[claim->verdict]++;
    }
    if (checked->claims->count < 2) {
        return;
    }
    cnn_out_string(out, "\n");
    cnn_out_int(out, checked->claims->count);
    cnn_out_string(out, " answers: ");
    cnn_out_int(out, count[CNN_VERDICT_RIGHT]);
    cnn_out_string(out, " right");
    if (count[CNN_VERDICT_FOLLOWS] > 0) {
        cnn_out_string(out, ", ");
        cnn_out_int(out, count[CNN_VERDICT_FOLLOWS]);
        cnn_out_string(out, count[CNN_VERDICT_FOLLOWS] == 1 ? " that follows" : " that follow");
    }
    if (count[CNN_VERDICT_WRONG] > 0) {
        cnn_out_string(out, ", ");
        cnn_out_int(out, count[CNN_VERDICT_WRONG]);
        cnn_out_string(out, " wrong");
    }
    cnn_out_char(out, '\n');
}
