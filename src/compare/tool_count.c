/* Another program's counts for the layers of a network, and their total. */
#include "base/arena.h"
#include "base/checked.h"
#include "compare/tools.h"
#include "net/network.h"

static bool has_kind(const char *kinds, const char *name)
{
    cnn_text rest = cnn_text_of(kinds);
    while (rest.size > 0) {
        if (cnn_text_is(cnn_text_split(&rest, ' '), name)) {
            return true;
        }
    }
    return false;
}

static const cnn_tool_rule *find_rule(const cnn_tool_rule *rules, const cnn_op *op)
{
    for (; rules != NULL && rules->kinds != NULL; rules++) {
        if (rules->kinds[0] == '*' || has_kind(rules->kinds, op->name)) {
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

static const int32_t *count_readers(const cnn_network *net, cnn_arena *arena)
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
                   cnn_arena *arena, cnn_error *err)
{
    const cnn_tool_rule **rules =
        CNN_NEW_ARRAY(arena, const cnn_tool_rule *, first_of(cnn_family_count));
    *run = (cnn_tool_run){.report = report,
                          .quantity = cnn_quantity_named(report->quantity),
                          .numbers = numbers,
                          .rules = rules,
                          .readers = count_readers(numbers->net, arena)};
    if (rules == NULL || run->readers == NULL) {
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

bool cnn_tool_total(const cnn_tool_run *run, int64_t *ours, int64_t *theirs)
{
    const cnn_tool_rule *rule;
    int64_t here, there;
    bool refused = false;
    *ours = *theirs = 0;
    for (int32_t i = cnn_tool_first(run); i < run->numbers->net->layer_count; i++) {
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
