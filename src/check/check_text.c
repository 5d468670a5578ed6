/* Checked answers for people. */
#include "base/error.h"
#include "check/check.h"
#include "explain/working.h"

enum { SHOWN = 4 }; /* causes of one answer; the others are counted */

static const char *const heads[] = {
    [CNN_VERDICT_WRONG] = "x wrong    ",
    [CNN_VERDICT_RIGHT] = "+ right    ",
    [CNN_VERDICT_FOLLOWS] = "> follows  ",
    [CNN_VERDICT_UNREAD] = "? unread   ",
};

static const char indent[] = "\n    ";

static bool is_said(const cnn_claim *claim, const cnn_explanation *e)
{
    for (const cnn_explanation *o = claim->explanations; o != e; o = o->next) {
        if (cnn_same_mistake(o, e)) {
            return true;
        }
    }
    return false;
}

static void put_explanations(const cnn_checked *checked, const cnn_claim *claim, int32_t *questions)
{
    cnn_out *out = checked->out;
    int32_t shown = 0, more = 0;
    for (const cnn_explanation *e = claim->explanations; e != NULL; e = e->next) {
        if (is_said(claim, e)) {
            continue;
        }
        if (shown == SHOWN) {
            more++;
            continue;
        }
        cnn_out_string(out, indent);
        cnn_out_string(out, shown == 0 ? "this is what you get " : "or ");
        cnn_say_cause(checked, claim, e, true);
        shown++;
    }
    if (more > 0) {
        cnn_out_string(out, indent);
        cnn_out_string(out, "and ");
        cnn_out_int(out, more);
        cnn_out_string(out, more == 1 ? " other explanation" : " other explanations");
    }
    cnn_question question;
    if (cnn_ask(checked, claim, questions, &question)) {
        cnn_out_string(out, indent);
        cnn_say_question(checked, claim, &question);
    }
}

static void put_unread(const cnn_checked *checked, const cnn_claim *claim)
{
    cnn_out *out = checked->out;
    cnn_out_string(out, heads[CNN_VERDICT_UNREAD]);
    cnn_out_string(out, "line ");
    cnn_out_int(out, claim->line);
    cnn_out_string(out, ": ");
    cnn_out_error(out, claim->error);
    cnn_out_char(out, '\n');
}

static void put_claim(const cnn_checked *checked, const cnn_claim *claim, int32_t *questions)
{
    cnn_out *out = checked->out;
    if (claim->verdict == CNN_VERDICT_UNREAD) {
        put_unread(checked, claim);
        return;
    }
    cnn_out_string(out, heads[claim->verdict]);
    cnn_say_claim(checked, claim);
    if (cnn_has_reason(claim)) {
        cnn_out_string(out, indent);
        cnn_say_reason(checked, claim);
    } else if (cnn_is_studied(claim)) {
        put_explanations(checked, claim, questions);
        cnn_out_char(out, '\n');
        cnn_working_write(out, NULL, checked->numbers, claim->what, &claim->of, checked->scratch,
                          checked->err);
        return;
    }
    cnn_out_char(out, '\n');
}

/* "3 answers: 1 right, 1 that follows, 1 wrong" */
static void put_counts(const cnn_checked *checked)
{
    cnn_out *out = checked->out;
    const cnn_check_counts *counts = checked->counts;
    const struct {
        int32_t count;
        const char *one, *several;
    } parts[] = {
        {counts->follows, " that follows", " that follow"},
        {counts->wrong, " wrong", " wrong"},
        {counts->unread, " not understood", " not understood"},
    };
    cnn_out_string(out, "\n");
    cnn_out_int(out, checked->claims->count);
    cnn_out_string(out, " answers: ");
    cnn_out_int(out, counts->right);
    cnn_out_string(out, " right");
    for (size_t i = 0; i < CNN_LENGTH(parts); i++) {
        if (parts[i].count > 0) {
            cnn_out_string(out, ", ");
            cnn_out_int(out, parts[i].count);
            cnn_out_string(out, parts[i].count == 1 ? parts[i].one : parts[i].several);
        }
    }
    cnn_out_char(out, '\n');
}

void cnn_check_text(const cnn_checked *checked)
{
    cnn_out *out = checked->out;
    int32_t questions = 0;
    if (checked->claims->remark != NULL) {
        cnn_out_string(out, "remark: ");
        cnn_out_string(out, checked->claims->remark);
        cnn_out_char(out, '\n');
    }
    for (int32_t i = 0; i < checked->claims->count; i++) {
        put_claim(checked, &checked->claims->list[i], &questions);
    }
    if (checked->claims->count > 1) {
        put_counts(checked);
    }
    if (cnn_has_limit(checked)) {
        cnn_out_string(out, "remark: ");
        cnn_say_limit(checked);
        cnn_out_char(out, '\n');
    }
}
