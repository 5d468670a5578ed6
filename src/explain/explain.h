/* The working of a network's numbers, as a teacher would write it. */
#ifndef CNN_EXPLAIN_EXPLAIN_H
#define CNN_EXPLAIN_EXPLAIN_H

#include "base/json.h"
#include "explain/formula.h"
#include "report/report.h"

/* How an explanation looks: all that differs between text, Markdown and LaTeX. */
typedef struct cnn_style {
    bool tex;
    bool quoted;                               /* all is inside of strings, and escaped there */
    cnn_escape escape;                         /* of layers and labels */
    const char *document_begin, *document_end; /* with --standalone */
    const char *remark_begin, *remark_end;     /* one line of text */
    const char *blank;                         /* before a heading, unless two follow one another */
    const char *heading_begin, *heading_end;
    const char *number_end;            /* after a layer's number */
    const char *also;                  /* between the shapes that enter a join */
    const char *code_begin, *code_end; /* a layer */
    const char *math_begin, *math_end; /* shapes */
    const char *times, *arrow;
    const char *block_begin, *block_end; /* the lines of one layer */
    const char *line_begin, *line_next;  /* before the first line, before the others */
    const char *label_begin, *label_end; /* before the label, and between it and its formula */
    int32_t label_width;
    const char *numbers_begin, *numbers_end; /* the formula with numbers and its result */
    const char *sum_begin;                   /* in place of the two before: a sum has no formula */
    const char *note_begin, *note_end;
    int32_t terms;                       /* of a long sum in one line; 0: all */
    const char *terms_break, *terms_end; /* between the lines, and before the result */
} cnn_style;

/* The style of a format; NULL with an error when there is none. */
const cnn_style *cnn_style_find(cnn_text format, cnn_error *err);

/* A working while it is written. */
typedef struct cnn_working {
    const cnn_style *style;
    cnn_out *out;
    int32_t lines;  /* of the block that is open; 0: none is */
    cnn_json *json; /* each line is an object of it; NULL: they are text */
} cnn_working;

typedef enum cnn_line_part { CNN_LINE_NAME, CNN_LINE_FORMULA, CNN_LINE_NUMBERS } cnn_line_part;

/* A line: a name, a formula, the numbers put in, the result. */
typedef struct cnn_worked cnn_worked;
struct cnn_worked {
    const char *what;   /* its name for programs */
    const char *axis;   /* "width"; NULL: it is about no single one */
    const cnn_row *row; /* of a sum; it has no formula. Otherwise NULL */
    /* Writes a part; returns the number of summands of a sum, otherwise 0. */
    int32_t (*put)(const cnn_worked *line, cnn_working *to, cnn_line_part part);
    const void *of; /* what `put` needs */
    int64_t result, result_over;
};

/* Writes a string, one of the style's for instance; NULL: nothing. */
void cnn_working_put(cnn_working *to, const char *string);

/* Whether all that follows is escaped as the style wants it. */
void cnn_working_escape(cnn_working *to, bool on);

/* Writes a line, the first of a block or one more. */
void cnn_working_line(cnn_working *to, const cnn_worked *line);

/* A line that is a sentence. */
void cnn_working_note(cnn_working *to, const char *note);

/* Closes the block. */
void cnn_working_close(cnn_working *to);

/* A line of text, or of a heading, with everything escaped as the style wants it. */
void cnn_working_remark(cnn_working *to, const char *text);
void cnn_working_shape(cnn_working *to, const cnn_shape *shape);

/*
 * The working of one layer: the chosen columns of it. `columns` is like that of cnn_report_options
 * ("output", "params,macs"). Lines only, no heading. Receptive fields are worked out only if
 * `numbers` has them.
 */
bool cnn_explain_layer(const cnn_numbers *numbers, int32_t index, cnn_text columns, cnn_working *to,
                       cnn_arena scratch, cnn_error *err);

/* The same for a report that is prepared, within an explanation. */
bool cnn_explain_steps(const cnn_report *report, int32_t index, bool only_fields, cnn_working *to,
                       cnn_error *err);

/* Whether a column of the report is this quantity. */
bool cnn_explain_wants(const cnn_report *report, const cnn_quantity *what);

/* A row's name: its layer, or the label or text of its item. */
void cnn_explain_name(const cnn_report *report, const cnn_row *row, cnn_working *to);

/* What is assumed: a sentence each. */
void cnn_explain_conventions(const cnn_report *report, void (*put)(cnn_working *to, const char *),
                             cnn_working *to);

/* The sums at the end, and whether there are any: a column that adds up. */
bool cnn_explain_has_sums(const cnn_report *report);
void cnn_explain_totals(const cnn_report *report, cnn_working *to);

/* All of it as JSON: every layer is worked in full, also one that is like another. */
bool cnn_explain_json(const cnn_report *report, cnn_working *to, cnn_error *err);

bool cnn_shapes_equal(const cnn_shape *a, const cnn_shape *b);

/* Finds earlier layers that are worked in the same way. */
typedef struct cnn_twins {
    int32_t *slots;
    uint64_t mask;
} cnn_twins;

bool cnn_twins_begin(cnn_twins *twins, const cnn_network *net, cnn_arena *arena);

/* The first layer that is like this one; itself when there is none before. */
int32_t cnn_twins_find(cnn_twins *twins, const cnn_numbers *numbers, int32_t index);

#endif
