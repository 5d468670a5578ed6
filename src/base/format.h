/* The one table of formats, and the tasks that write in each. */
#ifndef CNN_BASE_FORMAT_H
#define CNN_BASE_FORMAT_H

#include "base/error.h"

typedef enum cnn_task {
    CNN_TASK_REPORT,
    CNN_TASK_EXPLAIN,
    CNN_TASK_CHECK,
    CNN_TASK_SOLVE,
    CNN_TASK_LIKE,
    CNN_TASK_GRADIENTS,
    CNN_TASK_BATCH,
    CNN_TASK_MODEL,
    CNN_TASK_BESIDE, /* networks side by side */
    CNN_TASKS
} cnn_task;

typedef enum cnn_format_kind {
    CNN_FORMAT_TABLE,
    CNN_FORMAT_TSV,
    CNN_FORMAT_CSV,
    CNN_FORMAT_JSON,
    CNN_FORMAT_MARKDOWN,
    CNN_FORMAT_LATEX,
    CNN_FORMAT_SVG,
    CNN_FORMAT_DOT,
    CNN_FORMAT_BARS,
    CNN_FORMAT_PLOT,
    CNN_FORMAT_LAYERS,
    CNN_FORMAT_PYTORCH,
    CNN_FORMAT_KERAS,
    CNN_FORMATS
} cnn_format_kind;

/* A format; each task has its own writers for it, in an array by kind. */
typedef struct cnn_format {
    const char *name;
    const char *word; /* another name; NULL: none */
    const char *brief;
    cnn_format_kind kind;
    uint32_t tasks; /* a bit for each */
    bool machine;   /* read by programs: no remarks, plain numbers */
    char separator; /* between cells; 0: there are no cells on lines */
    bool quotes;    /* around cells that need them */
} cnn_format;

extern const cnn_format cnn_formats[CNN_FORMATS];

/* The format of that name; an empty one is the task's first. NULL with an error when there is none,
 * or the task does not write it. */
const cnn_format *cnn_format_for(cnn_text name, cnn_task task, cnn_error *err);

/* The names of a task's formats: "table, markdown or latex". */
void cnn_formats_put(cnn_out *out, cnn_task task);

#endif
