/*
 * Which options mean something together. Every option of the table names the tasks that it goes
 * with, and some ask for a task; what would be ignored is refused.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "files.h"
#include "options.h"
#include "terminal.h"

static bool is_given(const options *o, int i)
{
    return (o->given >> i & 1) != 0;
}

/* Whether the option goes with a task that another one asks for; one of two bits is enough. */
static bool goes_with(const option_row *this, uint32_t asked)
{
    return (this->goes_with & asked) != 0;
}

/* Two tasks at once, or an option and a task in which it has no meaning. */
static bool fail_pair(const option_row *a, const option_row *b)
{
    char what[80];
    (void)snprintf(what, sizeof what, "--%s does not go with --%s", a->name, b->name);
    return options_fail(what, "",
                        a->asks != 0 && b->asks != 0 ? "ask for one thing at a time"
                                                     : "leave one of them out");
}

/* Without a task there is a report: "--jobs goes with --batch". */
static bool fail_alone(const option_row *this)
{
    char what[160];
    size_t used = (size_t)snprintf(what, sizeof what, "--%s goes with", this->name);
    const char *between = " --";
    for (int i = 0; i < options_count; i++) {
        const option_row *other = &options_table[i];
        if (other->asks != 0 && goes_with(this, other->asks) && used < sizeof what) {
            used += (size_t)snprintf(what + used, sizeof what - used, "%s%s", between, other->name);
            between = " or --";
        }
    }
    return options_fail(what, "", "add it, or leave this one out");
}

/* Every option that is given has to go with every task that is asked for. */
static bool check_tasks(const options *o)
{
    for (int i = 0; i < options_count; i++) {
        const option_row *this = &options_table[i];
        if (!is_given(o, i)) {
            continue;
        }
        for (int k = 0; k < options_count; k++) {
            const option_row *other = &options_table[k];
            if (is_given(o, k) && other->asks != 0 && !goes_with(this, other->asks)) {
                return fail_pair(this, other);
            }
        }
        if (o->asked == 0 && !goes_with(this, FOR(REPORT))) {
            return fail_alone(this);
        }
    }
    return true;
}

/* Standard input can be read once. */
static bool check_standard_input(const options *o)
{
    /* a batch reads lists from it unless a file is named */
    const bool lists = (o->asked & FOR(BATCH)) != 0 && o->operand == NULL;
    const int inputs = o->named_inputs == 0 && o->input_count > 1 ? o->input_count : 1;
    int count = lists ? 1 : 0;
    for (int i = 0; i < o->operand_count; i++) {
        count += strcmp(o->operands[i], "-") == 0 ? inputs : 0;
    }
    count += o->values != NULL && strcmp(o->values, "-") == 0;
    for (int i = 0; i < o->check_count; i++) {
        count += strcmp(o->checks[i], "@-") == 0;
    }
    return count < 2 || options_fail("standard input is named more than once", "",
                                     "it can be read once; put the others into files");
}

static bool check_memory(const options *o)
{
    const bool shown = cnn_memory_shown(&o->report, (o->asked & FOR(BATCH)) != 0);
    /* the other tasks count memory where a claim or a want is about it */
    const bool table = (o->asked & ~(FOR(EXPLAIN) | FOR(BATCH))) == 0;
    if (o->samples_wanted && (o->asked & FOR(SOLVE)) == 0) {
        return options_fail("--samples ? is for budgets", "", "add --want 'train<=8GiB'");
    }
    if (o->report.checkpoint.size > 0 && !shown && table) {
        return options_fail("--checkpoint is for training", "",
                            "add --train none, or --columns +kept");
    }
    if (o->report.device.size > 0 && o->report.train.size == 0) {
        return options_fail("--device is for training", "", "add --train");
    }
    if ((o->report.dtype.size == 0 && o->report.samples == 0) || !table || shown) {
        return true;
    }
    return options_fail(o->report.samples > 0 ? "--samples" : "--dtype", " is for memory",
                        "add --columns +memory");
}

static bool check_lists(const options *o)
{
    const bool batch = (o->asked & FOR(BATCH)) != 0;
    if (o->operand != NULL && o->layer_parts > 0) {
        return options_fail("a network and --layers are both given: ", o->operand,
                            "leave one of them out");
    }
    return batch || o->operand != NULL || o->layer_parts > 0 ||
           options_fail("no layers are given", "", "try cnncalc --layers conv3-64,maxpool,FC-10");
}

/* Several networks, or several sizes for one, are rows of one table; "one network at a time" is
 * what a list without quotes gets. */
static bool check_several(const options *o)
{
    const bool batch = (o->asked & FOR(BATCH)) != 0;
    const bool networks = o->operand_count > 1;
    if (!networks && (o->input_count < 2 || o->named_inputs > 0)) {
        return true;
    }
    if (batch && !networks) {
        return options_fail("--input is given twice", "", "a batch has one for all lists");
    }
    for (int i = 0; i < o->operand_count && networks; i++) {
        /* most likely blanks in a list: "conv3-64 s2" without quotes is two operands */
        if (batch || o->layer_parts > 0 || !o->known(o->operands[i])) {
            return options_fail("one network at a time; there is no place for ", o->operands[1],
                                "quote lists that contain blanks");
        }
    }
    for (int i = 0; i < options_count; i++) {
        if (is_given(o, i) && !goes_with(&options_table[i], FOR(BESIDE))) {
            char what[80];
            (void)snprintf(what, sizeof what, "--%s is about one network with one input",
                           options_table[i].name);
            return options_fail(what, "", networks ? "name one network" : "give one input");
        }
    }
    return true;
}

/* Inputs with names are those of one network; without names each is another size to try. */
static bool check_inputs(const options *o)
{
    if (o->named_inputs == 0) {
        return true;
    }
    if (o->named_inputs < o->input_count) {
        return options_fail("an input with a name and one without do not go together", "",
                            "name all inputs, or none");
    }
    return (o->asked & FOR(BATCH)) == 0 ||
           options_fail("a batch has no named inputs", "",
                        "each line may begin with its own, as in input left 3x32x32; ...");
}

/* Several networks come first, because a list without quotes is often what looks like them. */
bool options_together(const options *o)
{
    static const char latex[] = "latex";
    const cnn_text format = o->report.format;
    const bool in_latex =
        format.size == sizeof latex - 1 && strncasecmp(format.data, latex, format.size) == 0;
    if (!check_several(o) || !check_tasks(o)) {
        return false;
    }
    if (o->report.standalone && !in_latex) {
        return options_fail("--standalone is for LaTeX", "", "add --format latex");
    }
    if (o->values != NULL && o->random) {
        return options_fail("--values and --random are both given", "", "leave one of them out");
    }
    return check_inputs(o) && check_memory(o) && check_standard_input(o) && check_lists(o);
}

/* A model has no unknowns and no text to repair. */
bool options_fit_network(const options *o, bool model)
{
    /* these need the text of a list */
    const uint32_t of_lists = FOR(SOLVE) | FOR(FIX) | FOR(BATCH);
    for (int i = 0; model && i < options_count; i++) {
        if (is_given(o, i) && (options_table[i].asks & of_lists) != 0) {
            char what[80];
            (void)snprintf(what, sizeof what, "--%s does not go with a model file",
                           options_table[i].name);
            return options_fail(what, "", "leave it out");
        }
    }
    if (model && o->define_count > 0) {
        return options_fail("--define does not go with a model file", "", "leave it out");
    }
    return true;
}

bool options_fit_claims(const options *o, bool derived)
{
    const uint32_t claimed = derived ? FOR(CHECK_GRADIENTS) : FOR(CHECK_SIZES);
    for (int i = 0; i < options_count; i++) {
        if (is_given(o, i) && !goes_with(&options_table[i], claimed)) {
            char what[80];
            (void)snprintf(what, sizeof what, "--%s does not go with claims about %s",
                           options_table[i].name, derived ? "gradients" : "sizes");
            return options_fail(what, "", "leave it out");
        }
    }
    return true;
}
