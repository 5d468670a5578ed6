/* How other programs count: for each tool and quantity the rules that differ from ours. */
#ifndef CNN_HOMEWORK_TOOLS_H
#define CNN_HOMEWORK_TOOLS_H

#include "net/quantity.h"
#include "ops/op.h"

/* A rule for some kinds of layers. The first one that fits a layer counts; without one the layer
 * counts as it does with us. */
typedef struct cnn_tool_rule {
    uint32_t roles; /* a bit for each role */
    /* What the tool counts for the layer; false: it does not fit into 64 bits. */
    bool (*count)(const cnn_layer *layer, const cnn_numbers *numbers, int64_t *out);
    const char *why; /* in what it differs */
} cnn_tool_rule;

/* Behind the last one stands an empty one. */
enum { CNN_MOST_RULES = 12 };

/* One total that a tool reports. */
typedef struct cnn_tool_report {
    const char *tool;
    const char *measure; /* the name of the measure it is compared with */
    const char *called;  /* what the tool calls it */
    const char *remark;  /* NULL: none */
    cnn_tool_rule rules[CNN_MOST_RULES + 1];
} cnn_tool_report;

extern const cnn_tool_report cnn_tool_reports[];
extern const size_t cnn_tool_report_count;

#endif
