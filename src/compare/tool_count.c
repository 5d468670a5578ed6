/* Another program's counts for the layers of a network, and their total. */
#include "base/arena.h"
#include "base/checked.h"
#include "compare/tools.h"
#include "net/network.h"

static const cnn_tool_rule *find_rule(const cnn_tool_rule *rules, const cnn_op *op)
{
    for (; rules != NULL && rules->kinds != NULL; rules++) {
        if (rules->kinds[0] == '*' || cnn_text_among(cnn_text_of(op->name), rules->kinds)) {
            return rules;
        }
    }
    return NULL;
}

/* The place of a family's first kind among all kinds. */
static size_t first_of(size_t family)
{
    size_t first = 0;
    for (size_t i = 0; i < family; i++) {
        first += cnn_families[i]->count;
    }
    return first;
}

static const cnn_tool_rule *rule_of(const cnn_tool_run *run, const cnn_op *op)
{
    const size_t family = cnn_op_family(op);
    if (family == cnn_family_count) { /* the input, a part of a split */
        return find_rule(run->report->rules, op);
    }
    return run->rules[first_of(family) + (size_t)(op - cnn_families[family]->ops)];
}

const int32_t *cnn_tool_readers(const cnn_network *net, cnn_arena *arena)
{
    int32_t *readers = CNN_NEW_ARRAY(arena, int32_t, net->layer_count);
    for (int32_t i = 0; readers != NULL && i < net->layer_count; i++) {
        for (int32_t k = 0; k < net->layers[i].source_count; k++) {
            readers[net->layers[i].sources[k]]++;
        }
    }
    return readers;
}

bool cnn_tool_open(cnn_tool_run *run, const cnn_tool_report *report, const cnn_numbers *numbers,
                   const int32_t *readers, cnn_arena *arena, cnn_error *err)
{
    const cnn_tool_rule **rules =
        CNN_NEW_ARRAY(arena, const cnn_tool_rule *, first_of(cnn_family_count));
    *run = (cnn_tool_run){.report = report,
                          .quantity = cnn_quantity_named(report->quantity),
                          .numbers = numbers,
                          .rules = rules,
                          .readers = readers};
    if (readers == NULL || rules == NULL) {
        return cnn_fail_memory(err);
    }
    for (size_t f = 0, at = 0; f < cnn_family_count; f++) {
        for (size_t i = 0; i < cnn_families[f]->count; i++) {
            rules[at++] = find_rule(report->rules, &cnn_families[f]->ops[i]);
        }
    }
    return true;
}

int32_t cnn_tool_first(const cnn_tool_run *run)
{
    return run->quantity->with_input ? 0 : 1;
}

bool cnn_tool_layer(const cnn_tool_run *run, int32_t index, int64_t *ours, int64_t *theirs,
                    const cnn_tool_rule **rule)
{
    const cnn_layer *layer = &run->numbers->net->layers[index];
    const cnn_tool_rule *r = *rule = rule_of(run, layer->op);
    if (!cnn_layer_count(run->quantity, layer, run->numbers, ours)) {
        return false;
    }
    *theirs = *ours;
    if (r == NULL || (layer->aux && *ours == 0)) {
        return true; /* auxiliary heads do not run */
    }
    const cnn_tool_site site = {layer, run->numbers, run->readers};
    *theirs = r->count != NULL ? r->count(&site) : cnn_tool_multiple(r, &site);
    return *theirs != CNN_TOOL_OVERFLOW;
}

/* Sums over layers [first, end); see cnn_tool_total. */
static bool sum_of(const cnn_tool_run *run, int32_t first, int32_t end, bool without_aux,
                   int64_t *ours, int64_t *theirs)
{
    const cnn_layer *layers = run->numbers->net->layers;
    const cnn_tool_rule *rule;
    int64_t here, there;
    bool refused = false;
    *ours = *theirs = 0;
    for (int32_t i = first; i < end; i++) {
        if (without_aux && layers[i].aux) {
            continue;
        }
        if (!cnn_tool_layer(run, i, &here, &there, &rule) || !cnn_checked_add(*ours, here, ours)) {
            return false;
        }
        refused = refused || there == CNN_TOOL_REFUSES;
        if (!refused && !cnn_checked_add(*theirs, there, theirs)) {
            return false;
        }
    }
    *theirs = refused ? CNN_TOOL_REFUSES : *theirs;
    return true;
}

bool cnn_tool_total(const cnn_tool_run *run, int64_t *ours, int64_t *theirs)
{
    return sum_of(run, cnn_tool_first(run), run->numbers->net->layer_count, false, ours, theirs);
}

/* ---- all reports ---- */

/* CNN_TOOL_REFUSES where there is none, or the same as here. */
static int64_t differing(const cnn_tool_run *run, const cnn_subject *of)
{
    const int32_t first = of->total ? cnn_tool_first(run) : of->first;
    int64_t ours, theirs;
    return sum_of(run, first, of->end, of->without_aux, &ours, &theirs) && theirs != ours
               ? theirs
               : CNN_TOOL_REFUSES;
}

bool cnn_tool_book_open(cnn_tool_book *book, const cnn_numbers *numbers, cnn_arena *arena,
                        cnn_error *err)
{
    const cnn_subject total = cnn_subject_total(numbers->net);
    const int32_t *readers = cnn_tool_readers(numbers->net, arena);
    book->runs = CNN_NEW_ARRAY(arena, cnn_tool_run, cnn_tool_report_count);
    book->totals = CNN_NEW_ARRAY(arena, int64_t, cnn_tool_report_count);
    if (book->runs == NULL || book->totals == NULL) {
        return cnn_fail_memory(err);
    }
    for (size_t i = 0; i < cnn_tool_report_count; i++) {
        if (!cnn_tool_open(&book->runs[i], &cnn_tool_reports[i], numbers, readers, arena, err)) {
            return false;
        }
        book->totals[i] = differing(&book->runs[i], &total);
    }
    return true;
}

bool cnn_tool_book_count(const cnn_tool_book *book, size_t report, const cnn_subject *of,
                         int64_t *theirs)
{
    const bool total = of->total && !of->without_aux;
    *theirs = total ? book->totals[report] : differing(&book->runs[report], of);
    return *theirs != CNN_TOOL_REFUSES;
}
