/* How other programs count: for each program and quantity the rules that differ from ours. */
#ifndef CNN_COMPARE_TOOLS_H
#define CNN_COMPARE_TOOLS_H

#include "measure/quantity.h"
#include "ops/op.h"

/* In place of a count: the program cannot read the layer, so that it reports nothing; the count
 * does not fit into 64 bits. */
#define CNN_TOOL_REFUSES  (-1)
#define CNN_TOOL_OVERFLOW INT64_MAX

/* A layer under a program's rule. */
typedef struct cnn_tool_site {
    const cnn_layer *layer;
    const cnn_numbers *numbers;
    const int32_t *readers; /* see cnn_tool_readers */
} cnn_tool_site;

/*
 * What a program counts for some kinds of layers: so many times the MACs, the values that enter,
 * the values that leave, the parameters, plus one for each output if the layer has biases.
 */
typedef struct cnn_tool_rule {
    const char *kinds; /* names, separated by blanks; "*": all; NULL ends a table */
    const char *why;   /* the difference */
    int32_t macs, in, out, params, biases;
    int64_t (*count)(const cnn_tool_site *site); /* where these do not give it */
} cnn_tool_rule;

/* A program, and the version whose numbers the rules give. */
typedef struct cnn_tool {
    const char *name;    /* of --like */
    const char *version; /* with the program's own name */
} cnn_tool;

/* One total that a program reports. */
typedef struct cnn_tool_report {
    const cnn_tool *tool;
    const char *quantity;       /* of ours, which it is compared with */
    const char *called;         /* by the program */
    const char *remark;         /* NULL: none */
    const cnn_tool_rule *rules; /* the first that fits a layer counts; no rule: it counts as here */
} cnn_tool_report;

extern const cnn_tool cnn_tools[];
extern const size_t cnn_tool_count;

extern const cnn_tool_report cnn_tool_reports[];
extern const size_t cnn_tool_report_count;

/* A report of a network. */
typedef struct cnn_tool_run {
    const cnn_tool_report *report;
    const cnn_quantity *quantity;
    const cnn_numbers *numbers;
    const cnn_tool_rule *const *rules; /* of all kinds, family by family */
    const int32_t *readers;
} cnn_tool_run;

/* How many layers read each layer's output. NULL: out of memory. */
const int32_t *cnn_tool_readers(const cnn_network *net, cnn_arena *arena);

/* False: out of memory. */
bool cnn_tool_open(cnn_tool_run *run, const cnn_tool_report *report, const cnn_numbers *numbers,
                   const int32_t *readers, cnn_arena *arena, cnn_error *err);

/* The first layer whose quantity the report adds: 0 where the input has any. */
int32_t cnn_tool_first(const cnn_tool_run *run);

/* What a layer counts here and there, and the rule it counts by there; NULL: as here. */
bool cnn_tool_layer(const cnn_tool_run *run, int32_t index, int64_t *ours, int64_t *theirs,
                    const cnn_tool_rule **rule);

/* The sums over all layers; theirs is CNN_TOOL_REFUSES if one is refused. False: one does not fit.
 */
bool cnn_tool_total(const cnn_tool_run *run, int64_t *ours, int64_t *theirs);

/* All reports of a network, to look numbers up in. */
typedef struct cnn_tool_book {
    cnn_tool_run *runs; /* one for each of cnn_tool_reports */
    int64_t *totals;    /* CNN_TOOL_REFUSES: none, or it is as here */
} cnn_tool_book;

/* False: out of memory. */
bool cnn_tool_book_open(cnn_tool_book *book, const cnn_numbers *numbers, cnn_arena *arena,
                        cnn_error *err);

/* What report number `report` has for some layers; false: nothing, or the same as here. */
bool cnn_tool_book_count(const cnn_tool_book *book, size_t report, const cnn_subject *of,
                         int64_t *theirs);

/* What a rule without a formula gives. */
int64_t cnn_tool_multiple(const cnn_tool_rule *rule, const cnn_tool_site *site);

/* Formulas of rules. */
typedef int64_t cnn_tool_formula(const cnn_tool_site *site);

cnn_tool_formula cnn_tool_nothing;
cnn_tool_formula cnn_tool_refuses;
cnn_tool_formula cnn_tool_params_at_output;
cnn_tool_formula cnn_tool_pass_bytes;
cnn_tool_formula cnn_tool_softmax;
cnn_tool_formula cnn_tool_windows;
cnn_tool_formula cnn_tool_adaptive_windows;
cnn_tool_formula cnn_tool_local_norm;
cnn_tool_formula cnn_tool_first_factor;
cnn_tool_formula cnn_tool_sums;
cnn_tool_formula cnn_tool_weights;
cnn_tool_formula cnn_tool_with_statistics;
cnn_tool_formula cnn_tool_cv_conv;
cnn_tool_formula cnn_tool_cv_transposed;
cnn_tool_formula cnn_tool_cv_batch_norm;
cnn_tool_formula cnn_tool_cv_group_norm;
cnn_tool_formula cnn_tool_cv_instance_norm;
cnn_tool_formula cnn_tool_cv_layer_norm;
cnn_tool_formula cnn_tool_cv_max_pool;
cnn_tool_formula cnn_tool_cv_mean_pool;
cnn_tool_formula cnn_tool_cv_adaptive_max;
cnn_tool_formula cnn_tool_cv_adaptive_mean;
cnn_tool_formula cnn_tool_cv_join;

#endif
