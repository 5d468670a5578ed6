/* Checked answers in sentences, which text and JSON share. */
#include "base/shape_text.h"
#include "check/check.h"
#include "net/layer_text.h"
#include "report/report.h"

enum { MOST_QUESTIONS = 20 }; /* about one sheet: each is searched for */

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

/* Percent with one decimal. */
static void put_share(cnn_out *out, const cnn_answer *share)
{
    cnn_fraction tenths;
    if (share->numbers == 0 ||
        !cnn_share_of(share->pair[0].num / 100, share->pair[0].den, &tenths)) {
        cnn_out_string(out, "none");
        return;
    }
    cnn_out_int(out, tenths.num / 10);
    cnn_out_char(out, '.');
    cnn_out_int(out, tenths.num % 10);
    cnn_out_char(out, '%');
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

bool cnn_say_formula(const cnn_checked *checked, const cnn_claim *claim, const cnn_variation *v,
                     cnn_out *out)
{
    const cnn_layer *layers = checked->numbers->net->layers;
    const int32_t single = cnn_subject_single(&claim->of) ? claim->of.first : -1;
    const int32_t at = v->layer >= 0 ? v->layer : single;
    const cnn_layer *layer = at >= 0 ? &layers[at] : NULL;
    return cnn_mistake_put_formula(out, v->mistake, layer, v->sizes ? NULL : claim->what);
}

bool cnn_has_formula(const cnn_checked *checked, const cnn_claim *claim, const cnn_variation *v)
{
    cnn_out probe;
    cnn_out_open(&probe, NULL);
    return cnn_say_formula(checked, claim, v, &probe);
}

bool cnn_same_mistake(const cnn_explanation *a, const cnn_explanation *b)
{
    return a->count == 1 && b->count == 1 && a->made[0].mistake == b->made[0].mistake;
}

/* The other layers where the same mistake gives the same number. */
static void put_other_places(const cnn_checked *checked, const cnn_explanation *e)
{
    cnn_out *out = checked->out;
    const cnn_explanation *other = NULL;
    int32_t count = 0;
    for (const cnn_explanation *o = e->next; o != NULL; o = o->next) {
        if (cnn_same_mistake(o, e)) {
            other = o;
            count++;
        }
    }
    if (count == 1 && other->made[0].layer >= 0) {
        const cnn_subject of = cnn_subject_layer(other->made[0].layer);
        cnn_out_string(out, " or in ");
        put_subject(checked, &of);
    } else if (count > 0) {
        cnn_out_string(out, " or in one of ");
        cnn_out_int(out, count);
        cnn_out_string(out, " other layers");
    }
}

void cnn_say_cause(const cnn_checked *checked, const cnn_claim *claim, const cnn_explanation *e,
                   bool others)
{
    cnn_out *out = checked->out;
    for (int32_t i = 0; i < e->count; i++) {
        cnn_out_string(out, i > 0 ? "; and " : "if ");
        cnn_out_string(out, e->made[i].mistake->sentence);
        put_place(checked, claim, &e->made[i]);
        if (others && e->count == 1) {
            put_other_places(checked, e);
        }
        if (cnn_has_formula(checked, claim, &e->made[i])) {
            cnn_out_string(out, ": ");
            (void)cnn_say_formula(checked, claim, &e->made[i], out);
        }
    }
    if (e->input.channels > 0) {
        cnn_out_string(out, ": ");
        cnn_out_shape(out, &e->input);
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

void cnn_say_question(const cnn_checked *checked, const cnn_claim *claim, const cnn_question *q)
{
    cnn_out *out = checked->out;
    const cnn_explanation *a = claim->explanations, *b = a->next;
    const cnn_subject of = cnn_subject_layer(q->layer);
    put_subject(checked, &of);
    if (q->stride > 0) {
        cnn_out_string(out, " with a stride of ");
        cnn_out_int(out, q->stride);
    }
    if (q->other_input) {
        cnn_out_string(out, q->stride > 0 ? " and " : " with ");
        cnn_out_shape(out, &q->input);
        cnn_out_string(out, " entering");
    }
    cnn_out_string(out, " would tell them apart: ");
    put_under(out, &q->answer[0], a, same_mistakes(a, b));
    cnn_out_string(out, ", ");
    put_under(out, &q->answer[1], b, same_mistakes(a, b));
}

bool cnn_ask(const cnn_checked *checked, const cnn_claim *claim, int32_t *questions,
             cnn_question *out)
{
    const cnn_explanation *first = claim->explanations;
    return first != NULL && first->next != NULL && (*questions)++ < MOST_QUESTIONS &&
           cnn_question_find(claim, checked->numbers, first, first->next, checked->scratch, out,
                             checked->err);
}

/* ---- answers ---- */

static void put_right(cnn_out *out, const cnn_claim *claim)
{
    const cnn_amount *value = &claim->value[0];
    const bool rounded = claim->what->kind == CNN_QUANTITY_COUNT &&
                         (value->den != 1 || value->num != claim->right.count);
    if (claim->verdict != CNN_VERDICT_RIGHT) {
        cnn_out_string(out, claim->relation == CNN_EQUAL ? "; right is " : "; it is ");
        (claim->share ? put_share : put_answer)(out, &claim->right);
    } else if (claim->share) {
        cnn_out_string(out, " (");
        put_share(out, &claim->right);
        cnn_out_char(out, ')');
    } else if (claim->as != NULL) {
        cnn_out_string(out, " (");
        cnn_out_string(out, claim->as);
        cnn_out_char(out, ' ');
        put_answer(out, &claim->right);
        cnn_out_char(out, ')');
    } else if (rounded) {
        cnn_out_string(out, claim->relation == CNN_EQUAL ? " (exactly " : " (");
        put_answer(out, &claim->right);
        cnn_out_char(out, ')');
    }
}

/* "follows from your output of layer 2 (conv3-64)" */
static void put_root(const cnn_checked *checked, const cnn_claim *claim)
{
    cnn_out *out = checked->out;
    const cnn_claim *from = &checked->claims->list[claim->from];
    cnn_out_string(out, claim->rounded ? "follows: it is the sum of your rounded numbers, from "
                                       : "follows from ");
    cnn_out_string(out, "your ");
    cnn_out_string(out, from->what->name);
    cnn_out_string(out, from->of.total ? " of the " : " of ");
    put_subject(checked, &from->of);
}

void cnn_say_claim(const cnn_checked *checked, const cnn_claim *claim)
{
    cnn_out *out = checked->out;
    put_subject(checked, &claim->of);
    cnn_out_string(out, ": ");
    cnn_out_string(out, claim->share ? claim->what->share.percent : claim->what->name);
    cnn_out_char(out, ' ');
    cnn_out_string(out, cnn_relation_signs[claim->relation]);
    cnn_out_char(out, ' ');
    cnn_out_text(out, claim->text);
    put_right(out, claim);
}

static bool has_none(const cnn_claim *claim)
{
    return claim->verdict != CNN_VERDICT_UNREAD && claim->right.numbers == 0;
}

/* Why no answer is right. */
static const char *why_none(const cnn_checked *checked, const cnn_claim *claim)
{
    const cnn_quantity *what = claim->what;
    const bool part = !claim->of.total || claim->of.without_aux;
    if (claim->share) {
        return "the network has none at all";
    }
    if (what->kind == CNN_QUANTITY_COUNT && what->count == NULL && part) {
        return "only the whole network has it, not a part of it";
    }
    if (what->kind == CNN_QUANTITY_PAIR && checked->numbers->fields != NULL) {
        return "a vector has no positions";
    }
    return (what->needs & CNN_NEEDS_RAM) != 0
               ? "there are too many values to place, or they do not fit into 64 bits"
               : "it does not fit into 64 bits";
}

bool cnn_has_reason(const cnn_claim *claim)
{
    return claim->verdict == CNN_VERDICT_FOLLOWS || claim->reading != NULL || has_none(claim);
}

void cnn_say_reason(const cnn_checked *checked, const cnn_claim *claim)
{
    if (claim->verdict == CNN_VERDICT_FOLLOWS) {
        put_root(checked, claim);
        return;
    }
    if (has_none(claim)) {
        cnn_out_string(checked->out, why_none(checked, claim));
        return;
    }
    cnn_out_string(checked->out, "right for ");
    cnn_out_string(checked->out, claim->reading->axes == 0 ? "vector" : "");
    cnn_out_shape(checked->out, claim->reading);
}

bool cnn_is_studied(const cnn_claim *claim)
{
    return claim->verdict == CNN_VERDICT_WRONG && claim->reading == NULL &&
           claim->relation == CNN_EQUAL;
}

bool cnn_has_limit(const cnn_checked *checked)
{
    return checked->counts->wrong > 0 && checked->numbers->net->layer_count > CNN_MOST_STUDIED;
}

void cnn_say_limit(const cnn_checked *checked)
{
    cnn_out *out = checked->out;
    cnn_out_string(out, "causes are looked for in up to ");
    cnn_out_grouped(out, CNN_MOST_STUDIED);
    cnn_out_string(out, " layers; here it would take about ");
    cnn_out_grouped(out, (int64_t)checked->numbers->net->layer_count *
                             (int64_t)(3 * sizeof(cnn_layer)) / 1000000);
    cnn_out_string(out, " MB");
}
