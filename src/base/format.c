/* The table of formats. */
#include "base/format.h"

#define FOR(task) (1u << CNN_TASK_##task)

/* Tasks that take the same formats. */
enum {
    WORKED = FOR(EXPLAIN) | FOR(GRADIENTS),
    ANSWERED = FOR(CHECK) | FOR(SOLVE) | FOR(LIKE),
    EVERY_TASK = (1u << CNN_TASKS) - 1
};

/* The first that a task takes is its default: a batch writes TSV, most other tasks a table. */
const cnn_format cnn_formats[CNN_FORMATS] = {
    {.name = "table",
     .word = "text",
     .brief = "aligned columns, or text, for people",
     .kind = CNN_FORMAT_TABLE,
     .tasks = FOR(REPORT) | FOR(MODEL) | FOR(BESIDE) | WORKED | ANSWERED},
    {.name = "tsv",
     .brief = "tab-separated values: header, rows, total",
     .kind = CNN_FORMAT_TSV,
     .tasks = FOR(REPORT) | FOR(BATCH) | FOR(MODEL) | FOR(BESIDE),
     .machine = true,
     .separator = '\t'},
    {.name = "csv",
     .brief = "comma-separated values, quoted where needed",
     .kind = CNN_FORMAT_CSV,
     .tasks = FOR(REPORT) | FOR(BATCH) | FOR(MODEL) | FOR(BESIDE),
     .machine = true,
     .separator = ',',
     .quotes = true},
    {.name = "json",
     .brief = "one JSON object with every layer and the totals",
     .kind = CNN_FORMAT_JSON,
     .tasks = EVERY_TASK,
     .machine = true,
     .separator = ','},
    {.name = "markdown",
     .brief = "a Markdown table",
     .kind = CNN_FORMAT_MARKDOWN,
     .tasks = FOR(REPORT) | FOR(BESIDE) | WORKED},
    {.name = "latex",
     .brief = "a LaTeX table; workings are for amsmath",
     .kind = CNN_FORMAT_LATEX,
     .tasks = FOR(REPORT) | WORKED},
    {.name = "svg",
     .brief = "a picture: a box for each item, as papers draw networks",
     .kind = CNN_FORMAT_SVG,
     .tasks = FOR(REPORT),
     .machine = true},
    {.name = "dot",
     .brief = "the graph of all layers, for Graphviz",
     .kind = CNN_FORMAT_DOT,
     .tasks = FOR(REPORT),
     .machine = true},
    {.name = "bars",
     .brief = "numbers over depth as bars of text, a block for each column",
     .kind = CNN_FORMAT_BARS,
     .tasks = FOR(REPORT)},
    {.name = "plot",
     .brief = "the same as a picture in SVG",
     .kind = CNN_FORMAT_PLOT,
     .tasks = FOR(REPORT),
     .machine = true},
    {.name = "layers",
     .brief = "the network as one list of the layer language",
     .kind = CNN_FORMAT_LAYERS,
     .tasks = FOR(REPORT),
     .machine = true},
    {.name = "pytorch",
     .brief = "code for PyTorch",
     .kind = CNN_FORMAT_PYTORCH,
     .tasks = FOR(REPORT),
     .machine = true},
    {.name = "keras",
     .brief = "code for Keras",
     .kind = CNN_FORMAT_KERAS,
     .tasks = FOR(REPORT),
     .machine = true},
};

/* The error of a format that exists, but not for this task. */
static const int32_t refusals[CNN_TASKS] = {
    [CNN_TASK_REPORT] = CNN_E_FORMAT,        [CNN_TASK_EXPLAIN] = CNN_E_EXPLAIN_FORMAT,
    [CNN_TASK_CHECK] = CNN_E_CHECK_FORMAT,   [CNN_TASK_SOLVE] = CNN_E_SOLVE_FORMAT,
    [CNN_TASK_LIKE] = CNN_E_LIKE_FORMAT,     [CNN_TASK_GRADIENTS] = CNN_E_GRADIENT_FORMAT,
    [CNN_TASK_BATCH] = CNN_E_BATCH_FORMAT,   [CNN_TASK_MODEL] = CNN_E_MODEL_FORMAT,
    [CNN_TASK_BESIDE] = CNN_E_BESIDE_FORMAT,
};

static bool goes_with(const cnn_format *format, cnn_task task)
{
    return (format->tasks >> task & 1) != 0;
}

const cnn_format *cnn_format_for(cnn_text name, cnn_task task, cnn_error *err)
{
    cnn_nearest nearest = cnn_nearest_to(name);
    int32_t code = CNN_E_FORMAT;
    for (size_t i = 0; i < CNN_FORMATS; i++) {
        const cnn_format *format = &cnn_formats[i];
        const bool named = cnn_text_is(name, format->name) ||
                           (format->word != NULL && cnn_text_is(name, format->word));
        if ((named || name.size == 0) && goes_with(format, task)) {
            return format;
        }
        /* it exists, but not for this task: another sentence */
        code = named ? refusals[task] : code;
        cnn_nearest_offer(&nearest, cnn_text_of(format->name));
    }
    err->source = CNN_SOURCE_FORMAT;
    err->number[0] = task;
    cnn_fail_words(err, code, (cnn_span){0, (uint32_t)name.size}, name, nearest.best);
    return NULL;
}

/* "table, tsv or csv": the last two names are joined by a word. */
void cnn_formats_put(cnn_out *out, cnn_task task)
{
    int32_t left = 0;
    for (size_t i = 0; i < CNN_FORMATS; i++) {
        left += goes_with(&cnn_formats[i], task);
    }
    for (size_t i = 0; i < CNN_FORMATS; i++) {
        if (goes_with(&cnn_formats[i], task)) {
            left--;
            cnn_out_string(out, cnn_formats[i].name);
            cnn_out_string(out, left > 1 ? ", " : left == 1 ? " or " : "");
        }
    }
}
